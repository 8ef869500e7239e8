"""A plugin of pytest: every dialogue of a suite is a test, with the diff that `tuidan replay` shows.

Files called `*.dialogue.yaml` are collected wherever pytest looks, and all suites in the folders that the
option `tuidan_suites` of pytest's configuration names. `tuidan_data` names the folder of the data files, as
TUIDAN_DATA does. pytest loads the plugin in every run of every project: only a suite makes it import the bot.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bot.replay.runner import Result
    from bot.replay.suite import Dialogue
    from bot.replay.yaml_nodes import Fault
    from bot.session import Mind

SUITE = ".dialogue.yaml"
_FOLDERS = pytest.StashKey[list[Path]]()
_MIND = pytest.StashKey["Mind | str"]()
"""The bot, or why there is none."""


class DialogueError(Exception):
    """Something in the dialogue did not hold."""

    def __init__(self, result: "Result") -> None:
        super().__init__(result.failures[0].key)
        self.result = result


class DialogueItem(pytest.Item):
    """One dialogue; a known failure is an expected one, and strictly so."""

    def __init__(self, *, dialogue: "Dialogue", **of_pytest: Any) -> None:
        super().__init__(**of_pytest)
        self.dialogue = dialogue
        if dialogue.xfail is not None:
            self.add_marker(pytest.mark.xfail(reason=dialogue.xfail, raises=DialogueError, strict=True))

    def setup(self) -> None:
        """Loads the bot, once a session; an error without it."""
        self.mind = _mind(self.config)

    def runtest(self) -> None:
        """Raises DialogueError."""
        from bot.replay import runner  # noqa: PLC0415 - see the module's text

        result = runner.run(self.dialogue, self.mind)
        if result.failures:
            raise DialogueError(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any, **__: Any) -> Any:
        """The diff; for all else what pytest says."""
        if isinstance(excinfo.value, DialogueError):
            from bot.replay.report import dialogue_text  # noqa: PLC0415 - see the module's text

            return dialogue_text(excinfo.value.result)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line (from 0) and name."""
        return self.path, self.dialogue.line - 1, self.name


class FaultItem(pytest.Item):
    """A place at which a suite cannot be read."""

    def __init__(self, *, fault: "Fault", **of_pytest: Any) -> None:
        super().__init__(**of_pytest)
        self.fault = fault

    def setup(self) -> None:
        """An error, not a failure: there is nothing to run."""
        pytest.fail(str(self.fault), pytrace=False)

    def runtest(self) -> None:
        """Never comes so far."""
        raise NotImplementedError

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line (from 0) and name."""
        return self.path, max(0, self.fault.line - 1), self.name


class SuiteFile(pytest.File):
    """A file of dialogues."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its dialogues, or, as for `tuidan replay`, its faults."""
        from bot.replay import suite  # noqa: PLC0415 - see the module's text

        here = self.config.invocation_params.dir
        shown = self.path.relative_to(here) if self.path.is_relative_to(here) else self.path
        found = suite.read([shown])
        for dialogue in found.dialogues:
            yield DialogueItem.from_parent(self, name=dialogue.name, dialogue=dialogue)
        for fault in found.faults:
            yield FaultItem.from_parent(self, name=f"line {fault.line}", fault=fault)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The plugin's options of the configuration file."""
    folders = "folders of dialogue suites, seen from the root folder (Tuidan)"
    parser.addini("tuidan_suites", folders, type="args", default=[])
    parser.addini("tuidan_data", "folder of the data files, seen from the root folder (Tuidan)", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Where pytest looks by itself, it looks into the folders of suites too. Raises UsageError."""
    folders: list[Path] = [config.rootpath / name for name in config.getini("tuidan_suites")]
    for folder in folders:
        if not folder.is_dir():
            raise pytest.UsageError(f"tuidan_suites: there is no folder {folder}")
    config.stash[_FOLDERS] = folders
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        looked = [config.rootpath / name for name in config.args]
        config.args += [str(folder) for folder in folders if not any(map(folder.is_relative_to, looked))]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A suite's file."""
    folders = parent.config.stash[_FOLDERS]
    in_one = file_path.suffix in {".yaml", ".yml"} and any(map(file_path.is_relative_to, folders))
    if in_one or file_path.name.endswith(SUITE):
        return SuiteFile.from_parent(parent, path=file_path)
    return None


def _mind(config: pytest.Config) -> "Mind":
    from bot import app  # noqa: PLC0415 - see the module's text
    from bot.errors import TuidanError  # noqa: PLC0415 - likewise

    if _MIND not in config.stash:
        named = config.getini("tuidan_data")
        try:
            config.stash[_MIND] = app.mind(config.rootpath / named if named else None)
        except TuidanError as error:
            config.stash[_MIND] = str(error)
    found = config.stash[_MIND]
    if isinstance(found, str):
        pytest.fail(found, pytrace=False)
    return found
