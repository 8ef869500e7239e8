"""Putting right what the case holds: a message that does only that is no wish of its own.

是308，不是380 resembles a complaint about a wrong refund, 哦还是微信 nothing at all. What tells them from
a wish is the case: a value that it holds is denied, or another one is given for it.
"""

import re
from dataclasses import replace

from bot.dialogue.circumstances import SLOT_OF
from bot.dialogue.demands import MONEY
from bot.dialogue.expecting import FIGURES, SUMS, expected, known, ruled_out
from bot.dialogue.facts import completed, read_parcel
from bot.dialogue.matters import NAMES_MONEY, answer_beside
from bot.dialogue.moments import TIMES
from bot.dialogue.scene import META_SLOTS, SURE, TALK, Scene
from intents.contrast import OUGHT, contrast
from intents.understanding import SlotValue

SHORT = 14
"""Up to this many characters a statement at odds with the case needs no word of correction."""
_SECOND_THOUGHT = re.compile(
    r"[说写打讲记输报念看搞弄填算按想听认](?:错|岔|反|混|漏|串)(?:了|啦|咯|单|票|[,，。!\s]|$)|[弄搞]混|手[误滑]|口误|更正|纠正"
    r"|还真是|(?:又|再|重新|刚|仔细)(?:去)?[看查翻核问对](?:了|过|对)?|[都全]错了|(?:原因|状态|时间|日期|类型|种类|金额|票种|按钮|刚才|上面|前面)[^,，。]{0,3}[选点按勾]错|(?:才对|才是|没错)(?:[,，。!\s]|$)"
    r"|(?:^|[,，。!\s])(?:不是|不对|不不|哦不|错了|哦|噢|喔|呃|咦|其实|原来|发现|结果|等[等下]|等一下)"
    r"|[少多漏][打写输按敲]"
)
"""Words of who looked again, beside a value that the case holds otherwise."""
_STATES = re.compile(
    r"^(?:应该|就)?是(?![不否的啊]|什么|啥|哪|因)|(?:^|[,，。!\s])[我俺]?(?:[这那](?:个|张|单|票|次|笔|回)*|的|买的|退的)(?:明明|其实|就|才|还|可)?是(?![不否]|什么|啥|哪)"
)
"""我这是电影票: said of the case, and not in passing."""
_WANTS = re.compile(r"[要想](?:退|取消|撤|办|改签|投诉|转[让赠])")
_OF_TELLING = re.compile(
    r"[看按打写说报弄搞记输念点]错|手[误滑抖快]|没看清|[看搞弄记][岔混串]|看的是别|时间错|另一[单张个]|别的订?单"
)
_DECLINES = re.compile(r"不用了|不需要了?")
_OF_BUYING = re.compile(r"[买拍订充]|下单|尺码|颜色|型号|款")
"""Slips of telling, as they are heard: no reason for a refund where they stand beside what is put right."""
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def put_right(scene: Scene) -> bool:
    """A value of the case is denied, or another one given for it: the case goes on with that."""
    if scene.state.wish is None:
        return False
    read_parcel(scene)
    _by_what_is_denied(scene)
    changed = {slot for slot, heard in scene.slots.items() if _is_at_odds(scene, slot, heard)}
    denied = {slot for slot, value in scene.said.denied if scene.value(slot) == value}
    if not (changed or denied) or not _is_correction(scene, changed, denied):
        return False
    moves = scene.said.moves if "what_if" in scene.said.moves else (*scene.said.moves, "correct")
    scene.said = replace(scene.said, moves=moves)
    _without_doubt(scene)
    _without_slips(scene, changed)
    if not scene.is_question() and not _names_wish(scene):
        scene.intent = scene.state.wish
        wishes = (scene.state.wish, *scene.said.wishes[1:])
        scene.said = replace(scene.said, wishes=wishes, topics=())
    elif scene.is_question() and scene.state.asked not in scene.slots:
        answer_beside(scene)
    return False


def _by_what_is_denied(scene: Scene) -> None:
    """不是3号，是2号 denies the case's own third of March at ten; 是1140元，不是1020 is about that sum."""
    said, sides = scene.said.normal, contrast(scene.said.normal)
    if sides is None:
        return
    slot = ruled_out(scene.state, said[slice(*sides.wrong)]) or _sum_denied(scene)
    if slot in SUMS and slot not in scene.slots:
        other = SUMS[1 - SUMS.index(slot)]
        given = scene.slots.get(other)
        if given is not None and sides.right[0] <= given.start < sides.right[1]:
            scene.slots[slot] = scene.slots.pop(other)
    value = scene.value(slot) if slot in scene.slots else None
    if slot is not None and value is not None and (slot, value) not in scene.said.denied:
        scene.said = replace(scene.said, denied=(*scene.said.denied, (slot, value)))


def _sum_denied(scene: Scene) -> str | None:
    """The sum of the case that is denied in other words than figures: 不是一千零二十."""
    sums = {value for slot, value in scene.said.denied if slot in SUMS}
    meant = [slot for slot in SUMS if scene.value(slot) in sums]
    return meant[-1] if meant else None


def _is_at_odds(scene: Scene, slot: str, heard: SlotValue) -> bool:
    fact = known(scene.state).get(slot)
    if fact is None or slot in META_SLOTS:
        return False
    return (completed(scene, slot, heard) if slot in TIMES else heard).value != fact.value


def _is_correction(scene: Scene, changed: set[str], denied: set[str]) -> bool:
    said = scene.said.normal
    if denied or "correct" in scene.said.moves:
        return True
    if scene.is_question() or OUGHT.search(said) or "what_if" in scene.said.moves:
        return False
    if changed == {"reason"} and scene.slots["reason"].value == "changed_mind":
        return False  # 那我不想要了, said of what is faulty, changes nothing about the fault
    if expected(scene.state, scene.said.text) in changed - {scene.state.asked}:
        return True
    if _SECOND_THOUGHT.search(said) or _STATES.search(said) or _circumstance(scene) in changed:
        return True
    if scene.state.outcome is None or scene.state.asked is not None:
        return False
    if scene.intent in TALK:
        return len(said) <= SHORT and bool(changed - {"reason"})
    return scene.intent in MONEY and bool(changed - {"product"}) and not NAMES_MONEY.search(said)


def _circumstance(scene: Scene) -> str | None:
    """没开青少年模式 resembles a wish about the account, and is one fact of the case."""
    slot, _ = SLOT_OF.get(scene.intent, (None, None))
    return slot


def _names_wish(scene: Scene) -> bool:
    """不对，我是要退票，后天的: said to put the wish right as well."""
    if scene.intent == scene.state.wish:
        return False
    sure = scene.confidence >= SURE
    if scene.intent in TALK:
        return sure and scene.intent == "human_agent"
    return sure and bool(_WANTS.search(scene.said.normal))


def _without_doubt(scene: Scene) -> None:
    """A single figure in the place of one that the case holds is meant as it stands."""
    if len(_FIGURE.findall(scene.said.normal)) > 1:
        return
    for slot in FIGURES & scene.slots.keys() & known(scene.state).keys():
        heard = scene.slots[slot]
        if heard.doubt in {"bare", "several"}:
            scene.slots[slot] = replace(heard, certain=True, doubt=None)


def _without_slips(scene: Scene, changed: set[str]) -> None:
    """我刚按错了，是电影票: the slip was in telling; 显示已发货 tells a state and no reason too."""
    others = changed - {"reason", "failure"}
    for slot in ("reason", "failure"):
        heard = scene.slots.get(slot)
        if not others or heard is None:
            continue
        both = any(
            scene.slots[other].start < heard.end and heard.start < scene.slots[other].end for other in others
        )
        telling = _OF_TELLING.search(heard.said) and not _OF_BUYING.search(heard.said)
        if both or _DECLINES.fullmatch(heard.said) or (telling and scene.state.asked != slot):
            del scene.slots[slot]
