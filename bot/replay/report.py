"""What a run of suites showed: as text, JSON and JUnit's XML."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from bot.replay.runner import Failure, Result
from bot.replay.yaml_nodes import Fault

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Report:
    """All results, in the order of the suites, and the files that could not be run."""

    results: tuple[Result, ...]
    faults: tuple[Fault, ...]

    @property
    def passed(self) -> bool:
        """Whether everything could be run and held."""
        return not self.faults and all(result.passed for result in self.results)

    @property
    def failed(self) -> list[Result]:
        """The dialogues that did not hold."""
        return [result for result in self.results if not result.passed]


def as_text(report: Report) -> str:
    """For a person: the failures in full, then the sum."""
    lines = [f"ERROR  {fault}" for fault in report.faults]
    for result in report.failed:
        lines.append(f"FAILED {result.dialogue.file}:{result.dialogue.line}: {result.dialogue.name}")
        lines += [text for failure in result.failures for text in _failure_lines(failure)]
    turns = sum(len(result.dialogue.turns) for result in report.results)
    passed = len(report.results) - len(report.failed)
    tail = f", {len(report.faults)} files' errors" if report.faults else ""
    lines.append(f"{passed} of {len(report.results)} dialogues passed ({turns} turns){tail}")
    return "\n".join(lines)


def _failure_lines(failure: Failure) -> list[str]:
    return [
        f"  turn {failure.turn} (line {failure.line}): {failure.user}",
        f"    {failure.key}: expected {_shown(failure.expected)}",
        f"    {' ' * len(failure.key)}  got      {_shown(failure.got)}",
    ]


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def as_json(report: Report) -> str:
    """For a program. The same suites give the same bytes."""
    failed = len(report.failed)
    data = {
        "passed": len(report.results) - failed,
        "failed": failed,
        "errors": [_fault(fault) for fault in report.faults],
        "dialogues": [_result(result) for result in report.results],
    }
    return json.dumps(data, ensure_ascii=False, indent=2, default=str)


def _fault(fault: Fault) -> dict[str, Any]:
    return {"file": fault.file, "line": fault.line, "key": fault.key, "message": fault.message}


def _result(result: Result) -> dict[str, Any]:
    dialogue = result.dialogue
    failures = [
        {"turn": f.turn, "line": f.line, "user": f.user, "key": f.key, "expected": f.expected, "got": f.got}
        for f in result.failures
    ]
    place = {"file": dialogue.file, "line": dialogue.line, "name": dialogue.name}
    return {**place, "turns": len(dialogue.turns), "passed": result.passed, "failures": failures}


def write_junit(report: Report, path: Path) -> None:
    """JUnit's XML, one test case a dialogue, one error a file that could not be run."""
    counts = {"tests": len(report.results) + len(report.faults), "failures": len(report.failed)}
    attributes = {**counts, "errors": len(report.faults), "name": "tuidan replay"}
    suite = ElementTree.Element("testsuite", {key: str(value) for key, value in attributes.items()})
    for fault in report.faults:
        ElementTree.SubElement(_case(suite, fault.file, "read"), "error", message=_xml(str(fault)))
    for result in report.results:
        case = _case(suite, result.dialogue.file, result.dialogue.name)
        if not result.passed:
            text = "\n".join(line for failure in result.failures for line in _failure_lines(failure))
            failure = ElementTree.SubElement(case, "failure", message=_xml(result.failures[0].key))
            failure.text = _xml(text)
    ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _case(suite: ElementTree.Element, file: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=_xml(file), name=_xml(name))


def _xml(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
