"""The repair of a conversation, as a table: what people do besides answering, and what is done about it.

`REPAIRS` is read from the top; the first move that applies and says the turn is done ends it. A move that
returns False has changed the scene (taken a value in, say) and lets the next ones look. The order is the
meaning: which case is meant comes first, what puts it right is taken for nothing else, and not knowing
answers the open question before anything else is read into it; the wish for a person and words about the
talk come before words about the case.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.dialogue import matters, talk, values
from bot.dialogue.arrival import arrival
from bot.dialogue.charged import charged, grounds
from bot.dialogue.corrections import put_right
from bot.dialogue.demands import demand
from bot.dialogue.faults import fault
from bot.dialogue.general import close_to_last, same_question
from bot.dialogue.identity import check_identity
from bot.dialogue.overdue import overdue
from bot.dialogue.own_words import stray_guess
from bot.dialogue.papers import counter, papers
from bot.dialogue.refusal import refuse
from bot.dialogue.scene import Scene
from bot.dialogue.second import second
from bot.dialogue.shelf import other_case


@dataclass(frozen=True, slots=True)
class Repair:
    """One move: its name (as events and coverage call it), and what it does; True ends the turn."""

    name: str
    play: Callable[[Scene], bool]


REPAIRS: tuple[Repair, ...] = (
    Repair("second", second),
    Repair("other_case", other_case),
    Repair("put_right", put_right),
    Repair("charged", charged),
    Repair("grounds", grounds),
    Repair("unsure", values.unsure),
    Repair("overdue", overdue),
    Repair("refuse", refuse),
    Repair("same_question", same_question),
    Repair("demand", demand),
    Repair("guess", stray_guess),
    Repair("fault", fault),
    Repair("how", talk.how),
    Repair("question", matters.question_first),
    Repair("person", talk.person),
    Repair("wait", talk.wait),
    Repair("repeat", talk.repeat),
    Repair("papers", papers),
    Repair("counter", counter),
    Repair("why", talk.why),
    Repair("simpler", talk.simpler),
    Repair("sources", talk.sources),
    Repair("other_way", talk.other_way),
    Repair("arrival", arrival),
    Repair("restart", talk.restart),
    Repair("stop", talk.stop),
    Repair("stray_sum", values.stray_sum),
    Repair("doubt", values.doubt),
    Repair("offer", talk.offer),
    Repair("small_talk", talk.small_talk),
    Repair("abuse", talk.abuse),
    Repair("wrong", values.wrong),
    Repair("not_applied", values.not_applied),
    Repair("close_to_last", close_to_last),
    Repair("switch", matters.switch),
    Repair("values", values.take_values),
    Repair("identity", check_identity),
    Repair("bare_product", talk.bare_product),
    Repair("idle", talk.idle_yes_no),
    Repair("misunderstood", talk.misunderstood),
)
