"""Where the desk reads its sentences and canned answers."""

from pathlib import Path

from knowledge.home import Home

HOME = Home(Path(__file__).parent / "data")


def use(folder: Path | None) -> None:
    """From now on the data files are those in `folder`, laid out as `bot/desk/data`; None: built-in.

    To be told before the first is read. ValueError where another folder was named or read before.
    """
    HOME.use(folder)
