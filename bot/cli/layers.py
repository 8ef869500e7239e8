"""`--fail-on money,handoff`: the layers whose difference is a failure."""

from bot.errors import TuidanError
from bot.replay.difference import LAYERS


def layers(names: str | None) -> frozenset[str]:
    """The layers named; none where nothing is given. TuidanError, listing them, for a name that is none."""
    wanted = [name.strip() for name in (names or "").split(",") if name.strip()]
    unknown = [name for name in wanted if name not in LAYERS]
    if unknown or (names is not None and not wanted):
        none = ", ".join(unknown) or repr(names)
        raise TuidanError(f"--fail-on: no layer is called {none}; there are {', '.join(LAYERS)}")
    return frozenset(wanted)
