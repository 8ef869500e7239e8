"""An answer taken apart for the person who asks /why, and a hand-off's card, as lines to read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.dialogue.turn import Handoff, Reply
from bot.dialogue.wording import slot_name, value_name, wish_name
from bot.privacy import TAIL
from bot.store.protocol import Conversation, StoredEvent
from bot.transcript import ANSWERED, HEARD
from knowledge import claims

_SOURCES = {"said": "你说的", "order": "订单里的", "assumed": "默认的"}
_VERDICTS = {"allowed": "可以", "conditional": "有条件", "unknown": "说法不一", "denied": "不可以"}
_REASONS = {"asked_for_person": "顾客要人工", "case": "这件事要人来办", "not_understood": "三次没听懂"}
_MOODS = {"calm": "平静", "upset": "着急生气", "abusive": "骂人"}
HIDDEN = "••••"
_CARD_LINES = 12
"""Lines of the transcript that the terminal shows of a card."""


def last_exchange(events: Iterable[StoredEvent]) -> tuple[str | None, tuple[Reply, ...]]:
    """What the person wrote last, as stored, and what the bot answered."""
    heard, answered = _last(events)
    replies = answered["replies"] if answered else []
    return (heard["text"] if heard else None), tuple(Reply(r["text"], tuple(r["buttons"])) for r in replies)


def why(conversation: Conversation | None, events: Iterable[StoredEvent]) -> list[str]:
    """How the last answer came about: intent and reasons, what is known and from where, rows, citations."""
    heard, answered = _last(events)
    if conversation is None or heard is None or answered is None:
        return ["还没有回答过什么"]
    lines = [f"你说：{shown(heard['text'])}"]
    lines.append(f"听成：{wish_name(heard['intent'])}（{heard['intent']}，把握 {heard['confidence']:.2f}）")
    if heard["reasons"]:
        lines.append("因为：" + "；".join(heard["reasons"][:6]))
    facts = conversation.state.get("facts", {})
    lines += ["知道的：", *(f"  {line}" for line in _facts(facts))] if facts else ["知道的：还没有"]
    outcome = answered["outcome"] or {}
    if outcome.get("rows"):
        lines.append("用到的规则：" + "，".join(outcome["rows"]))
    lines += _citations(answered["cites"])
    return lines


def shown(text: str) -> str:
    """Masked digits would read as bold marks."""
    return text.replace(TAIL, HIDDEN)


def _facts(facts: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for slot, fact in facts.items():
        value = HIDDEN if slot == "phone_tail" else value_name(slot, fact["value"])
        said = f"「{shown(fact['said'])}」" if fact["said"] and fact["source"] == "said" else ""
        yield f"{slot_name(slot)}：{value}（{_SOURCES.get(fact['source'], fact['source'])}{said}）"


def _citations(cites: Iterable[str]) -> Iterator[str]:
    known = claims()
    for number, cite in enumerate(cites):
        if number == 0:
            yield "出处："
        claim = known.get(cite)
        yield f"  {cite}  {claim.text if claim else ''}".rstrip()


def _last(events: Iterable[StoredEvent]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    heard = answered = None
    for event in events:
        if event.kind == HEARD:
            heard = dict(event.data)
        elif event.kind == ANSWERED:
            answered = dict(event.data)
    return heard, answered


def card_lines(handoff: Handoff) -> list[str]:
    """The card as the person who takes over reads it."""
    card = handoff.card
    title = card.get("title") or "还没有说清要办什么"
    lines = [
        f"**{title}**  原因：{_REASONS.get(handoff.reason, handoff.reason)}  "
        f"情绪：{_MOODS.get(card.get('mood', 'calm'), '')}"
    ]
    for fact in card.get("slots", ()):
        source = _SOURCES.get(fact["source"], fact["source"])
        lines.append(f"{fact['name']}：{fact['shown']}（{source}）")
    outcome = card.get("outcome") or {}
    for name, title in (("verdict", "结论"), ("fee", "手续费"), ("refund", "退回")):
        if outcome.get(name) is not None:
            lines.append(f"{title}：{_VERDICTS.get(outcome[name], outcome[name])}")
    for name, title in (("rules", "规则"), ("steps_told", "说过的步骤")):
        if card.get(name):
            lines.append(f"{title}：" + "；".join(card[name]))
    if card.get("draft"):
        lines += ["给商家的话：", str(card["draft"])]
    talk = list(card.get("transcript", ()))
    lines.append("对话：")
    for line in talk[-_CARD_LINES:]:
        who = "顾客" if line["who"] == "person" else "机器人"
        lines.append(f"  {who}：{shown(line['text'])}".replace("\n", "\n    "))
    return lines
