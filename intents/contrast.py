"""A message that says what is not so, and what is so instead: 是308，不是380, 到账不是442是260.

Read from the message as it was written: nothing here knows what the two sides mean.
"""

import re
from dataclasses import dataclass

_PAUSE = r"[,，、。;；!！\s]"
_SIDE = r"[^,，、。;；!！?？\s是]"
_NO_DENIAL = r"(?<![是要能可还难怎])(?<!难道)(?<!怎么)(?<!为什么)(?<!凭什么)(?<!为啥)(?<!凭啥)(?<!谁说)"
"""是不是, 要不是, 可不是, 怎么不是: asked, supposed or agreed, never denied."""
_IS = r"(?<![就还也都只算能倒像总老要于但正真不])是(?![不否吗么什啥怎])"
"""不是今天就是明天 leaves both open."""
_IS_SOUTHERN = r"系(?=\S{1,16}$)"
"""唔係380，係308."""
_NO_QUESTION = r"(?![^,，。;；!！\s]*[吗么?？])"
_TIDY = r"(?:哈|啊|呀|哦|喔|了|的|嘛|啦|来着)*"

_WRONG_FIRST = re.compile(
    rf"{_NO_DENIAL}不是(?P<wrong>{_SIDE}(?:[^,，、。;；!！?？是]{{0,15}}?))"
    rf"(?:{_PAUSE}{{0,2}}(?:而|那是|我说的|其实|应该|票面|实际|正确的?|真正的?)*(?:{_IS}|{_IS_SOUTHERN})|{_PAUSE}{{1,2}}(?=\d))"
    r"(?P<right>[^,，。;；!！?？]{1,24})"
)
_RIGHT_FIRST = re.compile(
    rf"(?:^|(?<=[,，、。;；!！\s]))(?P<right>[^,，、。;；!！?？]{{1,24}}?)(?:才对|才是|没错)?{_PAUSE}{{0,2}}"
    rf"{_NO_DENIAL}(?:并|根本|而|可|又)?不是{_NO_QUESTION}(?P<wrong>[^,，、。;；!！?？是]{{1,16}}?)"
    rf"{_TIDY}(?=$|{_PAUSE})"
)
_FIGURE_WRONG = re.compile(
    rf"(?P<wrong>\d[\d.,]*\s?[块元]?)(?:那个|这个)?(?:不对|是错的?|[写打说报看记输填]?错了?){_PAUSE}+(?:应该|实际|其实)*"
    r"(?P<right>是?[^,，。;；!！?？]{1,24})"
)
"""442不对，是260."""
_OF_ANOTHER = re.compile(
    r"(?P<right>[^,，。;；!！?？]{0,12}\d[^,，。;；!！?？]{0,4})[,，\s]{1,2}(?:那个|这个)?"
    r"(?P<wrong>\d[\d.]*\s?[块元]?)(?:那个)?是(?:另|别|上一|上次|以前|之前|旧|原价|[两几]张|[我他她][爸妈弟姐哥妹儿女朋同的])"
)
_WAS_TOLD = re.compile(
    r"(?:前面|刚才|之前|上面|刚刚?|开头)(?:[说写报填讲发]的?)?(?:那个)?(?P<wrong>\d[\d.]*\s?[块元]?)(?![\d点号月])"
    r"[^,，。;；!！?？\d]{0,10}[,，\s]{1,2}(?P<right>[^,，。;；!！?？]{0,10}\d[^,，。;；!！?？]{0,6})"
)
"""前面说的380是我爸那张，我的是308."""
_TOLD_AS = re.compile(
    r"(?P<right>[^,，。;；!！?？]{0,12}\d[^,，。;；!！?？]{0,4})[,，!！。\s]{1,2}[^,，。;；!！?？\d]{0,8}"
    r"[说写打讲输报念看填记搞弄]成了?(?P<wrong>\d[\d.]*\s?[块元]?)"
)
"""308，刚才手快打成380了."""
"""票价308，380是另一张的."""
_ANY_FIGURE = re.compile(r"\d[^\d]{1,24}\d|\d[^\d]{0,20}是")
_BREAK = re.compile(r"[。;；!！?？]")
_ASKED = re.compile(r"怎么|为[什啥何]|凭[什啥]|难道|咋|如果|要是|假如|万一")
OUGHT = re.compile(r"(?:应该?|该|理应|[要得]|本来|按理|说好|承诺|约定|规定)(?:是|要|得)?(?:[退返给赔]|到账)")
"""应该退520，不是442 complains of what came."""
_ENDED_WRONG = re.compile(
    r"(?:问题|意思|事儿?|回事|办法|免费|道理|规定)$|^(?:我|我们)(?:自己|想)?(?:买|要|订|选|拍|下单)"
)
"""不是钱的问题, 收到的不是我买的: nothing that a case holds is denied."""


LONGEST = 2000
"""Characters that are read: `extract` reads no more."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """The places of what is denied and of what is said instead, as (start, end)."""

    wrong: tuple[int, int]
    right: tuple[int, int]


def contrast(said: str) -> Contrast | None:
    """The first such contrast of a message, if it has one; of a very long one only the beginning is read."""
    text = said[:LONGEST]
    patterns = [_WRONG_FIRST, _RIGHT_FIRST] if "不是" in text else []
    patterns += [_FIGURE_WRONG] if "不对" in text or "错" in text else []
    patterns += [_TOLD_AS, _WAS_TOLD, _OF_ANOTHER] if _ANY_FIGURE.search(text) else []
    for pattern in patterns:
        for found in pattern.finditer(text):
            clause = _BREAK.split(text[: found.end()])[-1]
            if not (_ENDED_WRONG.search(found["wrong"]) or _ASKED.search(clause) or OUGHT.search(found[0])):
                return Contrast(found.span("wrong"), found.span("right"))
    return None
