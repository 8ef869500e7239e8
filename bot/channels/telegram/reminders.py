"""What the bot says unasked: only what was asked for by a button, and at night only what cannot wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.channels.telegram.wording import say
from bot.config import SHANGHAI
from bot.desk.desk import StaffDesk
from bot.desk.record import Record
from bot.desk.wording import clock_words
from bot.dialogue.wording import day, when
from bot.store.protocol import ChannelStore, Json, Timer
from bot.transcript import HEARD, TO_STAFF
from knowledge.outcome import Outcome

BEFORE = timedelta(minutes=30)
"""How long before the fee rises."""
ASKED_AT = time(10)
"""When it is asked, on the day after the latest date, whether the money has arrived."""
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(8)
FEE, ARRIVAL = "fee", "arrival"
AT_ONCE = 100
SET, SAID, TAKEN_BACK = "shell.reminder_set", "shell.reminded", "shell.reminder_taken_back"
"""Kinds of the events that tell of a reminder: asked for, given, of a case that is another one by now."""
PRESSED = "shell.pressed"
"""Kind of the event of a press that says nothing: on the desk's buttons, on an old one, for a reminder."""
Row = list[list[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """Whether the money has arrived that was applied for on a date and was to come until the latest."""

    since: date
    latest: date
    answers: tuple[str, ...]
    """The data of the buttons under it that were pressed."""

    def is_about(self, state: Mapping[str, Any]) -> bool:
        """Whether a no may be heard in this state of the dialogue: it has the same case, or none."""
        kind = f"{ARRIVAL}:{self.latest:%Y%m%d}"
        return state.get("wish") is None or wanted(kind, state.get("outcome")) is not None


def night(at: datetime) -> bool:
    """Whether people are not to be woken then, in Shanghai."""
    clock = at.astimezone(SHANGHAI).time()
    return clock >= NIGHT_BEGINS or clock < NIGHT_ENDS


def morning(at: datetime) -> datetime:
    """When the night ends that it is then, or the next one."""
    at = at.astimezone(SHANGHAI)
    today = datetime.combine(at.date(), NIGHT_ENDS, SHANGHAI)
    return today if at < today else today + timedelta(days=1)


def fee_due(change: datetime) -> datetime:
    """When to remind of a fee that rises at `change`: not at night, unless it rises before the morning."""
    due = (change - BEFORE).astimezone(SHANGHAI)
    return morning(due) if night(due) and morning(due) < change else due


def arrival_due(latest: date) -> datetime:
    """When to ask whether money has arrived that was to arrive on the date at the latest."""
    return datetime.combine(latest + timedelta(days=1), ASKED_AT, SHANGHAI)


def offers(outcome: Outcome | None, now: datetime, script: str) -> list[Row]:
    """Buttons by which a reminder can be asked for, as far as there is something to come."""
    if outcome is None:
        return []
    row: Row = []
    change, eta, kinds = outcome.next_change, outcome.eta, _kinds(outcome)
    if change is not None and fee_due(change.at) > now:
        row.append([say("remind.fee", script), kinds[0]])
    if eta is not None and not eta.overdue and arrival_due(eta.latest) > now:
        row.append([say("remind.arrival", script), kinds[-1]])
    return [row] if row else []


def _kinds(outcome: Outcome) -> list[str]:
    """Of the timers that can be asked for: when the fee rises, until when the money is to arrive."""
    change, eta = outcome.next_change, outcome.eta
    fee = [f"{FEE}:{change.at.astimezone(SHANGHAI):%Y%m%d%H%M}"] if change is not None else []
    return [*fee, *([f"{ARRIVAL}:{eta.latest:%Y%m%d}"] if eta is not None else [])]


def wanted(press: str, outcome: Mapping[str, Any] | None) -> tuple[str, datetime, Json] | None:
    """Kind, time and data of the timer that a button asks for; None where the outcome is another by now."""
    kind, _, moment = press.partition(":")
    change, eta = (outcome or {}).get("next_change"), (outcome or {}).get("eta")
    if kind == FEE and change:
        at = datetime.fromisoformat(change["at"]).astimezone(SHANGHAI)
        if f"{at:%Y%m%d%H%M}" == moment:
            return f"{FEE}:{moment}", fee_due(at), {"at": at.isoformat(), "fee": str(change["fee"])}
    if kind == ARRIVAL and eta:
        latest = date.fromisoformat(eta["latest"])
        if f"{latest:%Y%m%d}" == moment:
            data = {"latest": latest.isoformat(), "since": eta["from"]}
            return f"{ARRIVAL}:{moment}", arrival_due(latest), data
    return None


class Reminders:
    """Timers of the store, and the words when they fall due."""

    def __init__(self, store: ChannelStore, desk: StaffDesk | None) -> None:
        self._store, self._desk = store, desk

    def ask(
        self, conversation: str, press: str, outcome: Mapping[str, Any] | None, now: datetime, script: str
    ) -> tuple[str, list[tuple[str, Json]]] | None:
        """Set what a button asks for: the words, and the event. In the transaction that handles the press.

        None where the outcome that the button was shown for is not the last one any more.
        """
        found = wanted(press, outcome)
        if found is None:
            return None
        kind, due, data = found
        if due <= now:
            return say("remind.too_late", script), []
        self._store.timers.set_timer(conversation, kind, due, data)
        words = say(f"{kind.partition(':')[0]}.set", script, when=clock_words(due, now))
        return words, [(SET, {"kind": kind, "due": due.isoformat()})]

    def question(self, conversation: str, timer: int) -> Question | None:
        """The question that this timer asked; None where it is not the last one of its kind."""
        asked, answers = None, list[str]()
        for event in self._store.events(conversation):
            if event.kind == SAID and "since" in event.data:
                asked, answers = event.data, []
            elif event.kind == PRESSED:
                answers.append(str(event.data["press"]))
            elif event.kind in {HEARD, TO_STAFF}:
                answers += event.data.get("messages", ())
        if asked is None or asked["timer"] != timer:
            return None
        own = tuple(answer for answer in answers if answer in _answers(timer))
        return Question(date.fromisoformat(asked["since"]), date.fromisoformat(asked["latest"]), own)

    def corrected(self, conversation: str, outcome: Outcome | None, now: datetime, script: str) -> None:
        """The case is another one than reminders were asked for: those are taken back, which is said.

        In the transaction of the turn, whose outcome is the case's.
        """
        hold = _kinds(outcome) if outcome is not None else []
        gone = [it for it in self._store.timers.waiting_timers(conversation) if it.kind not in hold]
        for timer in gone:
            self._store.timers.drop_timers(conversation, timer.kind)
        if gone:
            self._store.record(conversation, [(TAKEN_BACK, {"kinds": [it.kind for it in gone]})], now)
            self._store.outbox.post(conversation, {"text": say("remind.taken_back", script)}, now)

    def act(self, now: datetime) -> int:
        """Say what has fallen due; how many. Each in a transaction of its own."""
        said = 0
        for timer in self._store.timers.due_timers(now, AT_ONCE):
            with self._store.transaction():
                if timer.kind.partition(":")[0] in {FEE, ARRIVAL} and self._store.timers.finish_timer(
                    timer.id
                ):
                    said += self._say(timer, now)
        return said

    def _say(self, timer: Timer, now: datetime) -> bool:
        """Say it; False where it is put off until the morning, or nobody is to hear of it any more."""
        known = self._store.conversation(timer.conversation)
        if known is not None and self._store.desks.banned(known.person):
            return False  # of a conversation that has no desk
        body, urgent = self._words(timer, now)
        if night(now) and not urgent:
            self._store.timers.set_timer(timer.conversation, timer.kind, morning(now), timer.data)
            return False
        conversation = timer.conversation
        said = {"kind": timer.kind, "text": body["text"]}
        if "since" in timer.data:
            said |= {"timer": timer.id, "since": timer.data["since"], "latest": timer.data["latest"]}
        self._store.record(conversation, [(SAID, said)], now)
        desk = self._store.desks.desk(conversation)
        if desk is not None and desk.state == "human":
            Record(self._store).to_staff(desk, say("staff.reminder", text=body["text"]), now)
        else:
            self._store.outbox.post(conversation, body, now)
        return True

    def _words(self, timer: Timer, now: datetime) -> tuple[dict[str, Any], bool]:
        """What to say, and whether it cannot wait until the morning."""
        known, data = self._store.conversation(timer.conversation), timer.data
        script = str(known.state.get("script", "hans")) if known else "hans"
        if timer.kind.startswith(f"{FEE}:"):
            at = datetime.fromisoformat(data["at"]).astimezone(SHANGHAI)
            key = "fee.due" if now < at else "fee.late"
            return {"text": say(key, script, at=when(at), fee=data["fee"])}, now < at <= morning(now)
        latest = date.fromisoformat(data["latest"])
        labels = [say(f"paid.{it}", script) for it in ("yes", "no")]
        answers = [list(button) for button in zip(labels, _answers(timer.id), strict=True)]
        return {"text": say("arrival.asks", script, latest=day(latest)), "keyboard": [answers]}, False


def _answers(timer: int) -> list[str]:
    """The data of the buttons under a question."""
    return [f"paid:{it}:{timer}" for it in ("yes", "no")]


def paid_words(answer: str, since: date) -> str:
    """What a person would say whose money, applied for on that date, has arrived ("yes") or not."""
    key = "arrival.came" if answer == "yes" else "arrival.overdue"
    return say(key, since=f"{since.year}年{since.month}月{since.day}日")
