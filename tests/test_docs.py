"""What the documents say is so: conversations, commands, paths and links."""

import re
from pathlib import Path

import pytest

from tests import guide, readme
from tests.telegram import scene

ROOT = Path(__file__).parent.parent
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "tests/dialogues/README.md",
]
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
CODE = re.compile(r"`([^`\n]+)`")
TARGET = re.compile(r"\bmake ([a-z]+)")
PLACE = re.compile(r"(?:bot|intents|knowledge|tests|docs|bench|\.ci)/[\w./-]*")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", readme.READMES, ids=name)
def test_a_readme_shows_conversations_as_they_go(path: Path) -> None:
    shown = path.read_text("utf-8")
    assert readme.BLOCK.search(shown)
    assert shown == readme.renewed(shown), "run `make docs`"


def test_the_picture_is_of_the_first_conversation() -> None:
    shown = readme.READMES[0].read_text("utf-8")
    assert readme.PICTURE.read_text("utf-8") == readme.first_picture(shown), "run `make docs`"


@pytest.mark.slow
def test_the_guide_shows_what_its_commands_print() -> None:
    shown = guide.GUIDE.read_text("utf-8")
    assert len(guide.BLOCK.findall(shown)) >= 4
    assert shown == guide.renewed(shown), "run `make docs`"


@pytest.mark.slow
def test_the_page_on_telegram_shows_what_both_sides_see() -> None:
    shown = scene.GUIDE.read_text("utf-8")
    assert scene.BLOCK.search(shown)
    assert shown == scene.renewed(shown), "run `make docs`"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    missing = [link for link in LINK.findall(path.read_text("utf-8")) if not (path.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.parent.name != "decisions"], ids=name)
def test_places_that_are_named_exist(path: Path) -> None:
    """A decision tells of its own day, and is left out."""
    named = [place for code in CODE.findall(path.read_text("utf-8")) for place in PLACE.findall(code)]
    missing = [
        place
        for place in named
        if not place.isupper() and "NAME" not in place and not (ROOT / place).exists()
    ]
    assert not missing


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_make_knows_the_targets(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    text = path.read_text("utf-8")
    named = {
        target
        for code in [*CODE.findall(text), *re.findall(r"^make .*$", text, re.MULTILINE)]
        for target in TARGET.findall(code)
    }
    assert named <= targets


def test_decisions_are_numbered_and_say_what_was_weighed() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text("utf-8")
        assert text.startswith(f"# {int(page.name[:4])}. ")
        assert {"**Context.**", "**Decision.**"} <= set(re.findall(r"\*\*\w+\.\*\*", text)), page.name
