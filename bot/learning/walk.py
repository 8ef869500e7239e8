"""Going through the groups with a person at a screen, who says what each means."""

from collections.abc import Callable, Mapping, Sequence

from bot.channels.screen import Screen
from bot.insight.groups import Group
from bot.insight.misses_told import group_lines
from bot.learning.decisions import Decision

HELP = "a number, or the name of any intent; Enter leaves it aside, ? lists all intents, q ends"
END, LIST = "q", "?"


def walk(
    groups: Sequence[Group],
    likeliest: Callable[[str], Sequence[str]],
    intents: Mapping[str, str],
    screen: Screen,
) -> list[Decision]:
    """The decisions of the person; none where the input ends before they are confirmed.

    `likeliest` gives the intents to offer for a text, `intents` every intent with its name for people.
    """
    decisions: list[Decision] = []
    for number, group in enumerate(groups, start=1):
        screen.panel(f"{number} / {len(groups)}", group_lines(group))
        offered = _offered(group, likeliest)
        intent = _intent(offered, intents, screen)
        if intent is None:
            return []
        if intent == END:
            break
        if intent:
            chosen = _wordings(group, screen)
            if chosen is None:
                return []
            decisions += [Decision(text, intent) for text in chosen]
    return decisions if decisions and _confirmed(decisions, screen) else []


def _offered(group: Group, likeliest: Callable[[str], Sequence[str]]) -> list[str]:
    """What persons chose themselves comes first."""
    return list(dict.fromkeys([*group.chosen, *likeliest(group.wordings[0].text)]))


def _intent(offered: Sequence[str], intents: Mapping[str, str], screen: Screen) -> str | None:
    """An intent, "" to leave the group aside, `END`, or None where the input has ended."""
    screen.reply("What does it mean?", [f"{intents.get(intent, '')} {intent}" for intent in offered])
    screen.note(HELP)
    named = {name: intent for intent, name in intents.items()} | {intent: intent for intent in intents}
    while (line := screen.ask()) is not None:
        words = line.strip()
        if words in {"", END}:
            return words
        if words.isdecimal() and 1 <= int(words) <= len(offered):
            return offered[int(words) - 1]
        if words in named:
            return named[words]
        if words == LIST:
            screen.panel("intents", [f"{intent}  {name}" for intent, name in intents.items()])
        else:
            screen.note(f"there is no {words}: {HELP}")
    return None


def _wordings(group: Group, screen: Screen) -> list[str] | None:
    """Which wordings become examples; None where the input has ended."""
    texts = [wording.text for wording in group.wordings]
    if len(texts) == 1:
        return texts
    screen.reply("Which of them?", texts)
    screen.note("numbers such as 1 3; Enter takes all of them, 0 none")
    while (line := screen.ask()) is not None:
        numbers = line.replace(",", " ").split()
        if not numbers:
            return texts
        if all(number.isdecimal() and int(number) <= len(texts) for number in numbers):
            return [text for place, text in enumerate(texts, start=1) if place in set(map(int, numbers))]
        screen.note(f"there are numbers from 1 to {len(texts)}")
    return None


def _confirmed(decisions: Sequence[Decision], screen: Screen) -> bool:
    screen.panel("to be written", [f"{decision.intent}: {decision.text}" for decision in decisions])
    screen.reply("Write them?", ["write", "discard"])
    return screen.ask() in {"1", "write"}
