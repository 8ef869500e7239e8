"""The data files as a revision of their git repository has them."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.config import data_files
from bot.errors import TuidanError

_OF_ANOTHER_CALL = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
"""Set where a hook of git runs us: they would lead every call to the hook's own repository."""


@contextmanager
def checked_out(folder: Path, rev: str) -> Iterator[Path]:
    """The data folder `folder` as it was at `rev`, in a work tree of its own that is gone at the end.

    TuidanError where there is no git, no repository around the folder, no such revision, or no data in it.
    """
    if not folder.is_dir():
        raise TuidanError(f"data files: {folder}: there is no such folder")
    repository = Path(_git(folder, "rev-parse", "--show-toplevel"))
    commit = _commit(folder, rev)
    within = folder.resolve().relative_to(repository.resolve())
    with tempfile.TemporaryDirectory(prefix="tuidan-") as temporary:
        tree = Path(temporary).resolve() / "tree"
        try:
            # A hook of the repository has nothing to do with a look at its past.
            no_hooks = f"core.hooksPath={os.devnull}"
            _git(repository, "-c", no_hooks, "worktree", "add", "--detach", "--quiet", str(tree), commit)
            if not _holds_data(tree / within):
                raise TuidanError(f"{rev}: there are no data files in {within.as_posix()} at this revision")
            yield tree / within
        finally:
            with suppress(TuidanError):  # it never came to be
                _git(repository, "worktree", "remove", "--force", "--force", str(tree))


def _holds_data(folder: Path) -> bool:
    try:
        return data_files(folder).own
    except TuidanError:
        return False


def _commit(folder: Path, rev: str) -> str:
    try:
        return _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
    except TuidanError:
        raise TuidanError(f"{rev}: there is no such revision in the repository of {folder}") from None


def _git(folder: Path, *arguments: str) -> str:
    """What git answers in the folder, without its line's end. TuidanError with what it complains of."""
    environment = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER_CALL}
    try:
        done = subprocess.run(
            ["git", "-C", folder, *arguments],
            env=environment | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        raise TuidanError("git, which knows the other revision, is not installed") from None
    if done.returncode:
        complaint = done.stderr.strip().removeprefix("fatal: ").partition("\n")[0]
        raise TuidanError(f"git in {folder}: {complaint or f'failed ({done.returncode})'}")
    return done.stdout.removesuffix("\n")
