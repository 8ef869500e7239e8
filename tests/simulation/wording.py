"""How people write down money and times."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

DIGITS = "零一二三四五六七八九"
WEEKDAYS = "一二三四五六日"


def chinese(number: int) -> str:
    """0 to 9999 in Chinese numerals."""
    if number < 10:
        return DIGITS[number]
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if zero and text else "") + DIGITS[digit] + name
            zero = False
        else:
            zero = True
    return text.removeprefix("一") if text.startswith("一十") else text


def _short_hundreds(number: int) -> str | None:
    """380 -> 三百八, 1200 -> 一千二: the last unit is left out in speech."""
    text = chinese(number)
    if number % 100 == 0 and number > 1000 and number % 1000:
        return text.removesuffix("百")
    if number % 10 == 0 and number > 100 and number % 100 and (number // 100) % 10:
        return text.removesuffix("十")
    return None


def _spoken_money(amount: Decimal) -> list[str]:
    yuan, cents = int(amount), int(amount * 100) % 100
    if not cents:
        forms = [chinese(yuan) + "块", chinese(yuan) + "块钱", chinese(yuan) + "元"]
        short = _short_hundreds(yuan)
        return [*forms, short] if short else forms
    if cents % 10 == 0:
        return [f"{chinese(yuan)}块{DIGITS[cents // 10]}", f"{chinese(yuan)}块{DIGITS[cents // 10]}毛"]
    return [f"{chinese(yuan)}块{DIGITS[cents // 10]}毛{DIGITS[cents % 10]}"]


def money(amount: str, rng: Random, spoken: bool = False) -> str:
    """An amount in one of the forms in which people write it, its currency named."""
    value = Decimal(amount)
    if spoken or rng.random() < 0.2:
        return rng.choice(_spoken_money(value))
    plain = f"{value.normalize():f}" if value % 1 else str(int(value))
    forms = [
        f"{plain}块",
        f"{plain}元",
        f"{plain}块钱",
        f"￥{plain}",
        f"¥{amount}",
        f"{amount}元",
        f"{plain} 元",
    ]
    if value % 1 and int(value * 100) % 10 == 0:
        forms.append(f"{int(value)}块{int(value * 10) % 10}")
    return rng.choice(forms)


def bare_money(amount: str, rng: Random) -> str:
    """An amount as a mere number: only an answer to the question for it."""
    value = Decimal(amount)
    return rng.choice((amount, f"{value.normalize():f}" if value % 1 else str(int(value))))


def _half_day(hour: int, rng: Random) -> str:
    if hour < 6:
        return "凌晨"
    if hour < 9:
        return rng.choice(("早上", "上午"))
    if hour < 12:
        return "上午"
    if hour == 12:
        return "中午"
    if hour < 18:
        return "下午"
    return "晚上"


def clock(moment: datetime, rng: Random, spoken: bool = False) -> str:
    """The time of day, its half of the day always clear."""
    if not spoken and rng.random() < 0.25:
        return f"{moment:%H:%M}"
    hour = moment.hour if moment.hour <= 12 else moment.hour - 12
    name = chinese(hour) if spoken or rng.random() < 0.3 else str(hour)
    name = "两" if name == "二" else name
    minute = moment.minute
    if minute == 0:
        rest = "点"
    elif minute == 30:
        rest = "点半"
    elif minute == 15 and rng.random() < 0.5:
        rest = "点一刻"
    elif spoken or not name.isdigit():
        rest = (
            "点"
            + ("零" if minute < 10 else "")
            + chinese(minute)
            + ("分" if minute % 10 == 0 or minute < 10 else "")
        )
    else:
        rest = f"点{minute:02d}" + rng.choice(("", "分"))
    return _half_day(moment.hour, rng) + name + rest


def day(moment: datetime, now: datetime, rng: Random, spoken: bool = False) -> str:
    """The date, relative to `now` or absolute."""
    gap = (moment.date() - now.date()).days
    relative = {-3: "大前天", -2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天", 3: "大后天"}
    forms = []
    if gap in relative:
        forms += [relative[gap]] * 4
    monday = now.date() - timedelta(days=now.weekday())
    weeks = (moment.date() - monday).days // 7
    if gap > 0 and weeks in (0, 1):
        name = WEEKDAYS[moment.weekday()]
        forms += [("这周" if weeks == 0 else "下周") + name, ("本周" if weeks == 0 else "下星期") + name]
    if spoken or rng.random() < 0.15:
        forms.append(f"{chinese(moment.month)}月{chinese(moment.day)}号")
    else:
        forms += [f"{moment.month}月{moment.day}号", f"{moment.month}月{moment.day}日"]
    if not spoken:
        forms.append(f"{moment.year}-{moment:%m-%d}")
    return rng.choice(forms)


def event_time(told: str, now: datetime, rng: Random, spoken: bool = False) -> str:
    """When the event begins, exactly, as a phrase that can stand before 的火车 or 发车."""
    moment = datetime.fromisoformat(told)
    lead = moment - now
    minutes = int(lead.total_seconds() // 60)
    if 0 < minutes < 60 and rng.random() < 0.3:
        return f"{minutes}分钟后" if minutes != 30 or rng.random() < 0.5 else "半小时后"
    if minutes > 0 and minutes % 60 == 0 and minutes <= 2880 and rng.random() < 0.15:
        return (
            f"{minutes // 60}个小时后"
            if not spoken
            else ("两" if minutes == 120 else chinese(minutes // 60)) + "个小时后"
        )
    if not spoken and rng.random() < 0.08:
        return f"{moment.month}/{moment.day} {moment:%H:%M}"
    date = day(moment, now, rng, spoken)
    if date == "今天" and moment.hour >= 18 and rng.random() < 0.4:
        return clock_after("今晚", moment, rng, spoken)
    if date == "明天" and 6 <= moment.hour < 9 and rng.random() < 0.4:
        return clock_after("明早", moment, rng, spoken)
    return date + clock(moment, rng, spoken) if date[-1] not in "0123456789" else f"{date} {moment:%H:%M}"


def clock_after(prefix: str, moment: datetime, rng: Random, spoken: bool) -> str:
    """今晚 or 明早 with the clock, the half of the day said once."""
    said = clock(moment, rng, spoken)
    for half in ("晚上", "早上", "上午"):
        said = said.removeprefix(half)
    return prefix + said


def event_date_only(told: str, now: datetime, rng: Random) -> str:
    """The clock without the half of the day: what an honest bot asks back."""
    moment = datetime.fromisoformat(told)
    hour = moment.hour if moment.hour <= 12 else moment.hour - 12
    return f"{day(moment, now, rng)}{hour}点" + {0: "", 30: "半"}.get(moment.minute, f"{moment.minute:02d}")


def requested_at(told: str, now: datetime, rng: Random, spoken: bool = False) -> str:
    """The day on which a refund was asked for, as a phrase before 申请的."""
    moment = datetime.fromisoformat(told)
    gap = (now.date() - moment.date()).days
    forms = (
        [f"{moment.month}月{moment.day}号"]
        if not spoken
        else [f"{chinese(moment.month)}月{chinese(moment.day)}号"]
    )
    if gap == 0:
        forms += ["今天", "今天早些时候" if moment.hour > 11 else "今天"]
    if gap in (1, 2, 3):
        forms += [{1: "昨天", 2: "前天", 3: "大前天"}[gap]] * 2
    if gap >= 2:
        forms += [f"{gap}天前" if not spoken else ("两" if gap == 2 else chinese(gap)) + "天前"] * 2
    return rng.choice(forms)


def minutes_late(told: str, rng: Random) -> str:
    """How late, as people say it."""
    if told == "120":
        return rng.choice(("两个小时", "2小时", "120分钟"))
    if told == "30":
        return rng.choice(("半个小时", "30分钟", "半小时"))
    return f"{told}分钟"
