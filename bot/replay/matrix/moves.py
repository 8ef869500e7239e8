"""The columns of the matrix: what people do, and the law that it is held to."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.replay.matrix import matters_laws, talk_laws, values_laws
from bot.replay.matrix.probe import Probe


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that people do. `law` raises where what must hold afterwards does not."""

    name: str
    title: str
    law: Callable[[Probe], None]

    @property
    def promise(self) -> str:
        """The law in words."""
        return (self.law.__doc__ or "").partition("\n")[0]


MOVES: tuple[Move, ...] = (
    Move("answer", "答", values_laws.answer),
    Move("several", "并", values_laws.several),
    Move("correct", "改", values_laws.correct),
    Move("correct_twice", "再", values_laws.correct_twice),
    Move("negate", "否", values_laws.negate),
    Move("contrast", "反", values_laws.contrast),
    Move("stop", "停", talk_laws.stop),
    Move("digress", "岔", matters_laws.digress),
    Move("unsure", "忘", values_laws.unsure),
    Move("why", "因", talk_laws.why),
    Move("repeat", "复", talk_laws.repeat),
    Move("two_wishes", "两", matters_laws.two_wishes),
    Move("duplicate", "重", talk_laws.duplicate),
    Move("burst", "连", values_laws.burst),
    Move("stale", "旧", matters_laws.stale),
    Move("person", "人", talk_laws.person),
    Move("senseless", "乱", talk_laws.senseless),
)
