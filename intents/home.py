"""Where this room reads the data files that people edit.

The same as `knowledge.home`: the two rooms do not know each other.
"""

from pathlib import Path


class Home:
    """The folder that comes with a room, unless another is named before the first file is read.

    A room computes from its files once; a second folder in the same process would mix two sets of rules.
    """

    def __init__(self, built_in: Path) -> None:
        self.built_in = built_in
        self._folder = built_in
        self._settled = False

    def use(self, folder: Path | None) -> None:
        """Names the folder, None for the built-in one. ValueError where another was named or read before."""
        chosen = folder or self.built_in
        if self._settled and chosen.resolve() != self._folder.resolve():
            raise ValueError(f"{chosen}: the data files of {self._folder} are in use already in this process")
        self._folder = chosen
        self._settled = self._settled or folder is not None

    @property
    def folder(self) -> Path:
        """The folder in use. Whoever asks is about to read it: from now on it stays."""
        self._settled = True
        return self._folder
