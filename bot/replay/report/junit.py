"""The report as JUnit's XML, which every CI server reads."""

import re
from pathlib import Path
from xml.etree import ElementTree

from bot.replay.report.results import Report, status_of, unexpected_pass
from bot.replay.report.terminal import dialogue_text

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(report: Report, path: Path) -> None:
    """One test case a dialogue, skipped where it failed as known; one error a fault of a file.

    Raises OSError where the file cannot be written.
    """
    counts = {
        "tests": len(report.results) + len(report.faults),
        "failures": len(report.failed),
        "errors": len(report.faults),
        "skipped": len(report.having("known")),
    }
    attributes = {"name": "tuidan replay", **{key: str(value) for key, value in counts.items()}}
    suite = ElementTree.Element("testsuite", attributes)
    for fault in report.faults:
        case = _case(suite, fault.file, fault.line, "read")
        ElementTree.SubElement(case, "error", message=_xml(str(fault)))
    for result in report.results:
        dialogue = result.dialogue
        case = _case(suite, dialogue.file, dialogue.line, dialogue.name)
        status = status_of(result)
        if status == "known":
            ElementTree.SubElement(case, "skipped", message=_xml(f"known failure: {dialogue.xfail}"))
        elif status == "failed":
            message = unexpected_pass(result) or ", ".join(
                dict.fromkeys(failure.key for failure in result.failures)
            )
            ElementTree.SubElement(case, "failure", message=_xml(message)).text = _xml(dialogue_text(result))
    ElementTree.indent(suite)
    ElementTree.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _case(suite: ElementTree.Element, file: str, line: int, name: str) -> ElementTree.Element:
    place = {"classname": _xml(file), "name": _xml(name), "file": _xml(file), "line": str(line)}
    return ElementTree.SubElement(suite, "testcase", place)


def _xml(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
