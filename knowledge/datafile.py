"""Reading the YAML files that people edit: strictly, and with file, line and key in every complaint."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.home import Home

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Model = TypeVar("Model", bound=BaseModel)
Where = Sequence[str | int]
HOME = Home(Path(__file__).parent / "data")

_IN_WORDS = {
    "extra_forbidden": "unknown key",
    "missing": "this key is missing",
    "string_type": "must be text: put it in quotes (to YAML bare yes, no, dates and figures are not text)",
    "list_type": "must be text or a list of texts; put it in quotes (bare yes, no and figures are not text)",
    "date_type": "must be a date such as 2026-03-01",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint about a data file. `line` counts from 1; `key` leads to the place ("" for the file)."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key + ': ' if self.key else ''}{self.message}"


class DataError(ValueError):
    """A data file that cannot be used. `findings` says where and why, one or more."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, findings)))


def read(path: Path) -> Any:
    """The file's plain content. Raises DataError for what is no YAML."""
    with _complaining(path):
        return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)


@contextmanager
def _complaining(path: Path) -> Iterator[None]:
    try:
        yield
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataError([Finding(str(path), line, "", str(error.problem or error.context))]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError([Finding(str(path), 1, "", str(error))]) from error
    except OSError as error:
        raise DataError([Finding(str(path), 1, "", f"cannot be read: {error.strerror}")]) from error


def checked(path: Path, model: type[Model], content: Any, at: Where = ()) -> Model:
    """`content` (found in `path` under the keys `at`) as a `model`. Raises DataError."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise DataError(
            [finding(path, (*at, *e["loc"]), _IN_WORDS.get(e["type"], e["msg"])) for e in error.errors()]
        ) from error


def finding(path: Path, where: Where, message: str) -> Finding:
    """A complaint about the place that the keys `where` lead to; the file is read again to find its line."""
    return Finding(str(path), _line_of(path, where), ".".join(map(str, where)), message)


def repeated_keys(path: Path) -> list[Finding]:
    """Keys that a mapping has twice: YAML silently keeps the last. Raises DataError for what is no YAML."""
    found: list[Finding] = []
    with _complaining(path):
        _collect_repeated(yaml.compose(path.read_text(encoding="utf-8"), Loader=Loader), path, (), found)
    return found


def _collect_repeated(node: Any, path: Path, where: tuple[str | int, ...], found: list[Finding]) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            here = (*where, str(key.value))
            if key.value in seen:
                found.append(
                    Finding(
                        str(path), key.start_mark.line + 1, ".".join(map(str, here)), "the key is here twice"
                    )
                )
            seen.add(key.value)
            _collect_repeated(value, path, here, found)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _collect_repeated(value, path, (*where, index), found)


def _line_of(path: Path, where: Where) -> int:
    """The line of the deepest key of `where` that the file has."""
    node: Any = yaml.compose(path.read_text(encoding="utf-8"), Loader=Loader)
    line = 1
    for step in where:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    line, node = key.start_mark.line + 1, value
                    break
            else:
                return line
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            return line
    return line
