"""Replies as Telegram takes them: nobody's words open a tag, everything fits, nothing is lost."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.telegram.format import (
    BUTTONS_IN_A_ROW,
    LONGEST_DATA,
    LONGEST_LABEL,
    LONGEST_TEXT,
    Button,
    Press,
    choices,
    messages,
    read_press,
    units,
)
from bot.dialogue.wording import sentences

WORDS = st.text(
    st.sampled_from("退票1 \n\n*<>&;b/\"'😀👨\u200d👩é\u0301\t\x00\u202e\ud800") | st.characters(),
    max_size=60,
)
TEXTS = st.lists(WORDS | st.sampled_from(["**", "**57.00**", "<b>", "</b>", "&lt;", "<a href='x'>"])).map(
    "".join
)


class Seen(HTMLParser):
    """What a person sees of a message, and what of it is bold. Fails at any other tag, and at an open one."""

    def __init__(self, message: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.bold, self._open = "", list[str](), False
        self.feed(message)
        self.close()
        assert not self._open, f"a tag is left open: {message!r}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert (tag, attrs, self._open) == ("b", [], False)
        self._open = True
        self.bold.append("")

    def handle_endtag(self, tag: str) -> None:
        assert tag == "b" and self._open
        self._open = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open:
            self.bold[-1] += data

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment: {data!r}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def bare(text: str) -> str:
    """The text without what is not shown, and without white space, which may go where a message ends."""
    return "".join(char for char in text if char.isprintable() and not char.isspace() and char != "*")


@given(TEXTS, st.booleans(), st.sampled_from([20, 64, LONGEST_TEXT]))
@example("**a" * 3000, True, LONGEST_TEXT)
@example("&" * 5000, False, LONGEST_TEXT)
@example("😀" * 5000, True, LONGEST_TEXT)
@example("**" + "长" * 9000 + "**", True, LONGEST_TEXT)
def test_every_message_fits_is_well_formed_and_none_of_the_words_is_lost(
    text: str, marked: bool, limit: int
) -> None:
    shown = messages(text, marked=marked, limit=limit)
    seen = [Seen(message) for message in shown]
    assert all(0 < units(message) <= limit for message in shown)
    assert all(message.encode() and it.text.strip() for message, it in zip(shown, seen, strict=True))
    assert bare("".join(it.text for it in seen)) == bare(text)


@given(TEXTS)
def test_what_people_write_is_shown_as_they_wrote_it(words: str) -> None:
    for message in messages(words, marked=False):
        assert not Seen(message).bold


@given(st.lists(WORDS.filter(lambda words: words and "*" not in words), min_size=1, max_size=9))
@example(["0", "\x1f", "0", "1"])
def test_only_what_stands_between_marks_is_bold(stretches: list[str]) -> None:
    text = "".join(f"**{words}**" if place % 2 else words for place, words in enumerate(stretches))
    bold = "".join(line for message in messages(text) for line in Seen(message).bold)
    assert bare(bold) == bare("".join(stretches[1::2]))


def test_figures_are_bold_and_marks_that_do_not_pair_stay() -> None:
    assert messages("费用 **57.00** 元") == ["费用 <b>57.00</b> 元"]
    assert messages("2 ** 3") == ["2 ** 3"]
    assert messages("**第一行\n第二行**") == ["<b>第一行</b>\n<b>第二行</b>"]


def test_a_tag_in_somebodys_words_is_shown_and_does_nothing() -> None:
    assert messages("<b>x</b> & <a href='tg://user?id=1'>") == [
        "&lt;b&gt;x&lt;/b&gt; &amp; &lt;a href='tg://user?id=1'&gt;"
    ]


def test_long_texts_are_cut_where_lines_end() -> None:
    lines = [f"第{number}行" + "，说明" * 30 for number in range(200)]
    shown = messages("\n".join(lines))
    assert len(shown) > 1
    assert "\n".join(shown).split("\n") == lines


def test_a_line_that_is_too_long_is_cut_between_characters() -> None:
    shown = messages("x" + "😀" * 4096)
    assert [units(message) for message in shown] == [4095, 4096, 2]


@pytest.mark.parametrize("text", ["", " \n\t", "** **", "\u202e\x00", "\n\n"])
def test_nothing_to_see_is_no_message(text: str) -> None:
    assert messages(text) == []


@given(st.lists(st.text(max_size=90), max_size=40), st.integers(0, 10**17))
def test_every_button_says_which_it_is_and_for_which_version_of_the_case(
    labels: list[str], version: int
) -> None:
    rows = choices(labels, version)
    buttons = [button for row in rows for button in row]
    assert [read_press(button.data) for button in buttons] == [Press(version, i) for i in range(len(labels))]
    assert all(len(button.data.encode()) <= LONGEST_DATA for button in buttons)
    assert all(1 <= len(button.label) <= LONGEST_LABEL for button in buttons)
    assert all(1 <= len(row) <= BUTTONS_IN_A_ROW for row in rows)


def test_short_buttons_stand_side_by_side_and_long_ones_alone() -> None:
    labels = ["依据", "转人工", "不清楚", "已签收", "票还要，只取消配送", "票也不要了，一起退", "1", "2"]
    assert [[button.label for button in row] for row in choices(labels, 3)] == [
        ["依据", "转人工", "不清楚"],
        ["已签收"],
        ["票还要，只取消配送"],
        ["票也不要了，一起退"],
        ["1", "2"],
    ]


@given(st.from_regex(r"v(0|[1-9]\d{0,3}):(0|[1-9]\d{0,2})", fullmatch=True) | st.text(max_size=9))
def test_a_press_is_what_the_data_say_or_none(data: str) -> None:
    press = read_press(data)
    assert (
        press is None
        or f"v{press.version}:{press.index}" == data
        or data.startswith(("v0", f"v{press.version}:0"))
    )


@pytest.mark.parametrize(
    "data", ["", "v:1", "v1:", "V1:1", "v-1:1", "v1:1 ", "v1:1\n", "v１:1", "v1:1000", "x"]
)
def test_what_is_not_ours_is_no_press(data: str) -> None:
    assert read_press(data) is None


def test_data_that_telegram_would_refuse_are_refused_here() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        Button("x", "长" * 22)


def test_every_sentence_of_the_bot_fits_into_one_message() -> None:
    for key, sentence in sentences().items():
        assert len(messages(sentence)) == 1, key
