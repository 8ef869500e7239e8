"""The page: what stands in it, that no word of a suite is read as markup, and that its filters filter."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.app import mind
from bot.replay import report, runner, suite
from bot.replay.report.page import Covered, page
from tests.replayed import GOOD, replayed, write

VOID = {"meta", "input", "br", "link", "img"}
EVIL = "<script>alert(1)</script>\"'&{{ 1 }}</details>"
WRONG = GOOD.replace("intent: cancel_delivery", "intent: greet").replace('fee: "57.00"', 'fee: "58.00"')
COVERAGE: list[Covered] = [
    {"name": "claims", "covered": 98, "total": 100, "missing": ["M1.2", "<b>W5.1</b>"]},
    {"name": "moves", "covered": 22, "total": 22, "missing": []},
]


class Element:
    """An element of the page: its tag, attributes and what is in it."""

    def __init__(self, tag: str, attributes: dict[str, str | None]) -> None:
        self.tag, self.attributes = tag, attributes
        self.inside: list[Element | str] = []

    def all(self, tag: str = "", css: str = "") -> Iterator["Element"]:
        """The elements below with this tag and this class."""
        for part in self.inside:
            if isinstance(part, Element):
                classes = (part.attributes.get("class") or "").split()
                if tag in {"", part.tag} and (not css or css in classes):
                    yield part
                yield from part.all(tag, css)

    def one(self, tag: str = "", css: str = "") -> "Element":
        """The first of them."""
        return next(self.all(tag, css))

    @property
    def text(self) -> str:
        """The words in it, with single spaces."""
        words = (part if isinstance(part, str) else part.text for part in self.inside)
        return " ".join(" ".join(words).split())


class Reader(HTMLParser):
    """Reads a page into elements; one that is not closed in its place fails."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> in the wrong place"

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(html: str) -> Element:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root]
    return reader.root


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    """Three folders: one dialogue that passes, two that fail, one known failure, one broken file."""
    for name in ("fine", "bad", "known"):
        (tmp_path / name).mkdir()
    write(tmp_path / "fine", GOOD)
    write(tmp_path / "bad", WRONG.replace("name: 送票", "name: 错的费用"))
    evil = "".join(char if char not in '"\\' else f"\\{char}" for char in EVIL)
    write(tmp_path / "bad", GOOD.replace("name: 送票", f'name: "{evil}"\nxfail: "{evil}"'), "evil.yaml")
    write(tmp_path / "known", WRONG.replace("name: 送票", "name: 还做不到\nxfail: 以后再说"))
    write(tmp_path / "bad", "name: x\n  y: <i>\n", "broken.yaml")
    return tmp_path


def test_failures_come_first_then_known_ones_then_what_passed(suites: Path) -> None:
    html = read(page(replayed([suites])))
    dialogues = list(html.all("details", "dialogue"))
    assert [d.attributes["data-status"] for d in dialogues] == ["failed", "failed", "known", "passed"]
    assert ["open" in d.attributes for d in dialogues] == [True, True, False, False]
    assert html.one(css="sums").text == (
        "2 failed 1 known failures 1 passed 4 dialogues 8 turns 1 files' errors"
    )
    assert html.one(css="verdict").text == "Not everything held"
    assert "broken.yaml:2" in html.one(css="faults").text
    assert "known failure: 以后再说" in dialogues[2].text
    assert f"passed, though marked xfail: {EVIL}" in " ".join(d.text for d in dialogues[:2])


def test_a_conversation_is_shown_with_its_buttons_clock_and_outcome(suites: Path) -> None:
    first, second = read(page(replayed([suites / "fine"]))).all("li", "turn")
    assert first.one(css="day").text == "2026-03-06 周五"
    assert first.one(css="clock").text == "turn 1 04:00"
    assert second.one(css="clock").text == "turn 2 04:02 +2m"
    assert not list(second.all(css="day"))
    assert first.one(css="person").one(css="bubble").text == "取消送票，是火车票"
    assert [bold.text for bold in first.one(css="bot").all("strong")] == ["取消送票", "退票"]
    assert [b.text for b in first.all(css="button")] == ["票还要，只取消配送", "票也不要了，一起退", "不清楚"]
    outcome = dict(row.text.split(" ", 1) for row in second.one("table", "outcome").all("tr"))
    assert outcome["fee"] == "57.00"
    assert outcome["next_change"] == "190.00 from 2026-03-06 10:00"
    assert "train_ticket/low" in outcome["rows"]
    assert second.one(css="held").text == "✓ slots · outcome · says · never_says · cites"


def test_what_failed_stands_under_its_turn_with_the_trace(suites: Path) -> None:
    html = read(page(replayed([suites / "bad" / "suite.yaml"])))
    assert "open" in html.one("details", "dialogue").attributes
    first, second = html.all("li", "turn")
    assert first.one(css="finding").text == 'intent line 5 expected "greet" came "cancel_delivery"'
    assert second.one(css="finding").text == 'outcome outcome.fee line 12 expected "58.00" came "57.00"'
    assert "open" in second.one("details", "why").attributes
    assert "train_ticket/low, by T2.1" in second.one("details", "why").text
    assert second.one(css="held").text == "✓ slots · says · never_says · cites"


def test_no_word_of_a_suite_is_markup(suites: Path) -> None:
    evil = suites / "evil"
    evil.mkdir()
    written = "".join(char if char not in '"\\' else f"\\{char}" for char in EVIL)
    user = GOOD.replace("user: 取消送票，是火车票", f'user: "取消送票，是火车票{written}"')
    write(evil, user.replace("says: [", f'says: ["{written}", '))
    html = page(replayed([suites]), COVERAGE)
    assert len(re.findall(r"<script\b", html)) == 1
    shown = read(html)
    assert not list(shown.all("i"))
    assert [b.text for b in shown.one(css="coverage").all("b")] == []
    assert "<b>W5.1</b>" in shown.one(css="coverage").text
    bubbles = [bubble.text for bubble in shown.all(css="bubble")]
    assert f"取消送票，是火车票{EVIL}" in bubbles
    assert EVIL in [name.text for name in shown.all(css="name")]
    assert EVIL in [value.text for value in shown.all("dd")]


def test_a_turn_that_broke_down_is_shown(suites: Path) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by <design>")

    (dialogue,) = suite.read([suites / "fine"]).dialogues
    result = runner.run(dialogue, replace(mind(), step=broken))
    html = read(page(report.Report((result,))))
    assert "ZeroDivisionError: by <design>" in html.one(css="finding").text
    assert "1 more turns were not played" in html.text


def test_coverage_is_shown_where_there_is_any(suites: Path) -> None:
    found = replayed([suites / "fine"])
    assert not list(read(page(found)).all("section", "coverage"))
    section = read(page(found, COVERAGE)).one("section", "coverage")
    assert [kind.text for kind in section.all("summary")] == ["claims 98 of 100", "moves 22 of 22"]
    assert [one.text for one in section.one(css="missing").all("li")] == ["M1.2", "<b>W5.1</b>"]


def test_the_page_fetches_nothing_and_is_the_same_each_time(suites: Path) -> None:
    html = page(replayed([suites]), COVERAGE)
    assert page(replayed([suites]), COVERAGE) == html
    assert not re.search(r"""\b(?:src|href)\s*=(?!"#)|url\(|@import|https?:""", html)
    policy = next(m for m in read(html).all("meta") if "Content-Security-Policy" in str(m.attributes))
    assert "default-src 'none'" in str(policy.attributes["content"])


def test_written_dialogues_fit_on_a_page(root: Path) -> None:
    found = replayed([root / "tests" / "dialogues" / "tickets"])
    html = page(found)
    assert len(list(read(html).all("details", "dialogue"))) == len(found.results)
    assert len(html.encode()) < 6_000 * found.turns


CLICKS = """
<script>
const seen = {};
const look = (name) => {
  const cards = [...document.querySelectorAll(".dialogue")].filter((card) => card.checkVisibility());
  seen[name] = cards.map((card) => card.querySelector(".name").textContent).join("|")
    + "#" + document.getElementById("shown").textContent + location.hash;
};
const type = (id, value) => {
  const field = document.getElementById(id);
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
look("first");
document.querySelector("[name=show][value=known]").click();
look("known");
document.querySelector("[name=show][value='']").click();
type("folder", [...document.getElementById("folder").options].find((o) => o.value.endsWith("fine")).value);
look("folder");
type("folder", "");
type("text", "58.00");
look("text");
type("text", "nowhere to be found");
look("nothing");
type("text", "");
document.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true }));
document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true }));
seen.focus = document.activeElement.id;
document.getElementById("fold").click();
seen.closed = document.querySelectorAll(".dialogue[open]").length;
seen.fold = document.getElementById("fold").textContent;
document.getElementById("fold").click();
seen.open = document.querySelectorAll(".dialogue[open]").length;
const told = document.createElement("pre");
told.id = "seen";
told.textContent = Object.entries(seen).map(([name, what]) => `${name}: ${what}`).join("\\n");
document.body.append(told);
</script>
"""


def browsed(html: Path, after: str = "") -> Element:
    """The page as a browser has it once its scripts have run."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no Chromium is installed here")
    done = subprocess.run(
        [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *(f"--user-data-dir={html.parent / 'profile'}", f"{html.as_uri()}{after}"),
        ],
        env={**os.environ, "HOME": str(html.parent)},
        capture_output=True,
        check=True,
        timeout=120,
    )
    return read(done.stdout.decode())


@pytest.mark.slow
def test_the_filters_work_in_a_browser(suites: Path) -> None:
    html = suites / "page.html"
    html.write_text(page(replayed([suites / "fine", suites / "bad", suites / "known"])) + CLICKS, "utf-8")
    told = next(e for e in browsed(html).all("pre") if e.attributes.get("id") == "seen")
    lines = "".join(part for part in told.inside if isinstance(part, str)).splitlines()
    seen = dict(line.split(": ", 1) for line in lines)
    everyone = f"{EVIL}|错的费用|还做不到|送票"
    assert sorted(seen["first"].split("#")[0].split("|")) == sorted(everyone.split("|"))
    assert seen["known"] == "还做不到#1 shown#show=known"
    assert seen["folder"].startswith("送票#1 shown#folder=")
    assert seen["text"] == "错的费用|还做不到#2 shown#text=58.00"
    assert seen["nothing"].startswith("#0 shown")
    assert seen["focus"] == "text"
    assert (seen["closed"], seen["fold"], seen["open"]) == ("0", "open all", "4")

    html.write_text(page(replayed([suites / "fine", suites / "bad"])), "utf-8")
    recalled = browsed(html, "#show=failed&text=58.00")
    hidden = {d.one(css="name").text: "hidden" in d.attributes for d in recalled.all("details", "dialogue")}
    assert hidden == {"错的费用": False, EVIL: True, "送票": True}
