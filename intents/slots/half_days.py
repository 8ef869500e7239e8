"""Which half of the day a clock time without a word for it means: 8点 is a morning's train or a film."""

from datetime import datetime, timedelta

from intents.slots.time_tokens import Clock, Day

HALF_A_DAY = timedelta(hours=12)
_NEAR = timedelta(hours=3)
"""How far ahead something is that people are on their way to."""
_NIGHT = 5
"""Up to this hour of the morning nothing opens, and few trains leave."""
_FORENOON = 10
"""Ten and eleven at night are hardly said without a word for it."""
_OPENS = 8
"""Parks open at eight; no stage plays before noon."""


def half_of_day(
    clock: Clock, midnight: datetime, day: Day | None, now: datetime, setting: frozenset[str]
) -> tuple[datetime, str | None]:
    """The time meant on the day that begins at `midnight`, and the doubt `half_day` where both halves may be.

    `setting` is what the rest of the message tells: evening, stage, daytime, park, past, near.
    """
    morning = midnight + timedelta(hours=clock.hour, minutes=clock.minute)
    evening = morning + HALF_A_DAY
    evenings = "evening" in setting
    if clock.figures and not evenings and clock.hour > _NIGHT:
        return morning, None
    if clock.hour <= _NIGHT and "daytime" in setting:
        return evening, None
    if midnight.date() == now.date():
        meant = _today(clock, (morning, evening), day, now, setting)
        if meant is not None:
            return meant, None
    if evenings and (clock.hour < _OPENS or (clock.hour == _OPENS and "stage" in setting)):
        return evening, None
    if "park" in setting and clock.hour >= _OPENS:
        return morning, None
    later = clock.hour <= _NIGHT or (evenings and clock.hour < _FORENOON)
    return (evening if later else morning), "half_day"


def _today(
    clock: Clock, halves: tuple[datetime, datetime], day: Day | None, now: datetime, setting: frozenset[str]
) -> datetime | None:
    """What the clock leaves of the two halves of this day."""
    morning, evening = halves
    if "past" in setting:
        behind = [at for at in halves if at <= now]
        return behind[0] if len(behind) == 1 else None
    named = day is not None and not (day.form == "week" and day.offset is None)
    if morning <= now < evening:
        tonight = "evening" in setting and clock.hour > _NIGHT
        return evening if named or tonight or "near" in setting else None
    if now < morning:
        close = morning - now <= _NEAR
        if (clock.hour >= _FORENOON and (named or close)) or ("near" in setting and close):
            return morning
    return None
