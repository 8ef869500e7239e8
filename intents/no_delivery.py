"""A ticket that nobody was ever asked to deliver: 没让快递送, 配送没勾, 不用送的那种, 没送票.

Said in passing, it is a fact of the case: no wish to stop a delivery, no word on keeping the ticket.
"""

import re

_PARCEL = r"送货上门|送票上门|送上门|上门送票|送到家|配送|派送|寄送|邮寄|快递|送票|寄票|跑腿|闪送"
_NOT = r"(?:没有?|未|妹有?|木有?|没得)"
_NO_MORE = r"(?<![有还尚仍])(?<!怎么)(?<!为啥)(?<!什么)(?<!咋)(?<!一直)(?<!至今)(?<!现在)(?<!迟迟)(?<!还是)"
_WHAT = r"(?:了|过|的|那个|这个|什么|啥子?|任何|你们的?|他们的?|平台的?|上门|额外)*"
_STILL = r"(?!错|到|来|费|员|小哥|单号|柜|险|成功|丢|坏|超时|晚|迟)"
_END = r"(?=的|[,，。.!！;；、\s]|$|这|那|哈|啊|哦|啦|嘛|呀|呢|咧|哟)"
_CLAUSE_END = r"(?=[,，。.!！;；、\s]|$|[哈啊哦啦嘛呀呢])"
_FORMS = (
    rf"{_NO_MORE}{_NOT}(?:让|叫|喊|请|要求|使唤)[^,，。;；!！?？\s]{{0,8}}?(?:{_PARCEL}|[送寄])(?!错|到(?!家)|来|过来|完|给|我|晚|迟|员|费|小哥)",
    rf"{_NO_MORE}{_NOT}(?:勾选?|选择?|要求?|弄|办|整|搞|点|买|购买|加|开通?|订|预?定|用|走|申请|预约|安排|含|带){_WHAT}(?:{_PARCEL}){_STILL}",
    rf"{_NO_MORE}(?:{_NOT}|无)(?:任何|什么|啥子?|快递|上门|额外|另外的?)*(?:{_PARCEL})(?:服务|环节|选项)?{_END}",
    rf"{_NO_MORE}{_NOT}寄过?(?:纸质|实体)票",
    rf"(?:{_PARCEL})(?:服务|那个|这个|那项|这项|那一?栏|这一?栏|选项|那里|那块|我|也|都|压根|根本|本来)*{_NOT}"
    r"(?:勾选?|选|要(?![求紧到我他])|弄(?![好成完])|叫(?![我他])|喊|买|点(?![开进动])|开(?!始)通?|加|用过"
    r"|办(?![法成完])|整|搞(?![好定])|安排|预约|订|定)(?![成到上])(?!.?[吗么])",
    rf"(?:配送|送票|邮寄|寄送|派送)(?:服务)?(?:是|也|都)?没有的?{_CLAUSE_END}",
    rf"(?:不用|不需要?|无需|无须|不必)(?:你们|他们|人|快递)?(?:{_PARCEL}|[送寄])(?:的?(?:那种|这种|那款|那类)|的(?:车票|门票|单子?|票)){_CLAUSE_END}",
    rf"(?:不用|不需要?|无需|无须|不必)(?:你们|他们|人|快递)?(?:{_PARCEL}|[送寄])的{_CLAUSE_END}",
    rf"(?:不带|不含|不走|不包|不涉及|没带)(?:{_PARCEL}){_STILL}(?:服务)?(?:的那种)?",
    rf"(?<!是)不是(?:要)?(?:{_PARCEL}|[送寄])(?:的那种|的单子?|的票|的|单|票|那种){_CLAUSE_END}",
)
_AWAY = re.compile("|".join(f"(?:{form})" for form in _FORMS))
_ON_ITS_WAY = re.compile(
    r"(?:取消|撤|停|拦|别|不要|甭|不想)[^,，。]{0,4}[送寄派]|(?:取消|撤|停|拦|不要|不想)[^,，。]{0,4}快递"
    r"|怎么(?:[还就又给会]|没)|为[啥什]|凭[啥什]|骑手|接了?单|取件|[派配]送中|在送|在路上|签收|[送寄]来"
)
"""A delivery there is after all: it is to be stopped, or it came although nobody had asked for it."""
_STOP = re.compile("取消|撤|停掉")
_TICKET = re.compile("退|票")
"""送票上门那个我没选啊 取消: with nothing else named, what is to be stopped is the delivery."""


def said_away(normal: str) -> tuple[tuple[int, int], ...]:
    """Where a message says that there is no delivery; nothing where it speaks of one all the same."""
    if "送" not in normal and "快递" not in normal and "寄" not in normal:
        return ()
    found = tuple(match.span() for match in _AWAY.finditer(normal))
    rest = without(normal, found) if found else ""
    return () if _ON_ITS_WAY.search(rest) or (_STOP.search(rest) and not _TICKET.search(rest)) else found


def without(normal: str, places: tuple[tuple[int, int], ...]) -> str:
    """A message without some of its parts."""
    for start, end in reversed(places):
        normal = normal[:start] + normal[end:]
    return normal
