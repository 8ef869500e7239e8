"""那第二个呢, after two wishes in one message: the second is served, whether it was told already or waits."""

import re
from dataclasses import replace

from bot.dialogue.matters import tell_in_general
from bot.dialogue.questions import back_to_question
from bot.dialogue.scene import Scene
from bot.dialogue.serving import next_wish, serve

_SECOND = re.compile(
    r"(?:那|还有|嗯|好的?|行|对了|然后|接下来|呢|就是|[,，。\s])*"
    r"(?:我(?:说|问|讲)的)?(?:第[二2三3]|另外?那?[一1]?|还有[一1]|下[一1]|后面?那?[一1]?|剩下的?那?[一1]?)(?:个|件|桩|样)(?:问题|事情?|要求|呢|的)*"
    r"(?:怎么(?:办|说|样|弄|算)?|咋(?:办|说|样|弄|整)?|还没(?:说|回答?|讲|答)|说说|讲讲|呢|你还没.{0,4}|吗|嘛|啊|[,，。.?？!！\s])*"
)
_THE_SECOND = re.compile(r"第[二2]")


def second(scene: Scene) -> bool:
    """The second of two wishes named together, asked after."""
    state = scene.state
    if state.wish is None or scene.slots or not _SECOND.fullmatch(scene.said.normal):
        return False
    here = state.second_told and (not state.later or bool(_THE_SECOND.search(scene.said.normal)))
    if state.asked is not None and state.later and not here:
        return _meanwhile(scene, state.later[0])
    if state.asked is not None and here:
        scene.intent = state.wish
        back_to_question(scene)
        return True
    if state.later:
        next_wish(scene)
        return True
    if not state.second_told:
        return False
    scene.intent = state.wish
    serve(scene)
    return True


def _meanwhile(scene: Scene, wish: str) -> bool:
    """The first still has a question: the second is answered in general, and the question returns."""
    scene.note("digressed", wish=wish)
    scene.intent = wish
    scene.said = replace(scene.said, topics=())
    tell_in_general(scene, wish)
    back_to_question(scene)
    return True
