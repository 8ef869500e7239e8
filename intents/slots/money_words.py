"""The words around a sum of money that tell what it is."""

import re
from functools import cache
from typing import Literal

from intents.slots.wording import either

Role = Literal[
    "amount", "total", "each", "received_amount", "deducted",
    "expected", "charged", "face", "listed", "money", "bare", "open",
]  # fmt: skip
"""What a sum is. total: for everything · each: for one piece · deducted: kept by the seller · expected: due
to come back · charged, face: 充100却扣200 · listed: 原价, where another sum was paid · money: none of the
order's sums · bare: a number that nothing explains · open: surely money, and nothing says whose."""

_NO_PRICE = either(r"""
    (?<![话电水网气房续])费 手续费 服务费 配送费 送票费 快递费 运费 邮费 退票费 折旧费 夜间费 工本费 转换费
    税费?都?交? 税 保障 退改 无忧 安心退 少收到?了? 少到 少.了我?
    缺的? 加价.{0,5} 加价 加了? 补 多花了? 多付了? 多交了? 消失的? 垫了?的? 差价 差额 差了? 差着 补差
    (?<!多)少了 少退了? (?<!多)少 多扣了?
    只能[退撤] 只能取消 快递 邮寄 减了?的? (?<!打)(?<!打[完了])折的? 多收了?
    便宜
    优惠了? 优惠券 红包 立减 满 抵扣? 抵了 补贴 返现 券 面值 余额 无门槛 定金 押金 利息 月租 每天
    赔付? 赔偿 赔了 违约金 保险费? 保费 险
    最多 最高 上限 限额 额度 超过 不到 低于 高于 另收 再收 再加
""")
_EXPECTED = either(r"""
    应该?[返退] (?:应该?|该|本该)到账 实际应该? 应该是 应该 应该?退 预计退款? 显示退款 得[返退] 应返 该退
    本该退 应该给 理应退 说退 答应退 说好退 申请退 申请退款 要退
""")
_RECEIVED = either(r"""
    实退 只退 才退 就退 仅退 退给我 退我 退回来? 退回到卡 退还 退了 返了 返还 返回 退返 给退
    (?<![没未])到账 到帐 入账 (?<![没未])收到 回来 打回来? 打给我 拿回来?
    退的?才 退的?就 退的?只有? 退成 变成 到手 到我?手里?就? 到卡[里上]就? 退款到了?
    到账金额 实退金额 只拿到 只回 只到 才到 只来 只进 进了
    到.{1,4}变成 退到.{1,4}的是 实际到 只给 才给 退款到 手机上
""")
_DEDUCTED = either("扣了? 扣掉 扣除 扣我 收了 收我 收 罚了? 扣费 被扣 扣走 抠走了? 吃了 砍了")
_TOTAL = either("一起 一共 总共 总计 共计 合计 加起来 总价 总额 共")
_PAID = either(r"""
    续费了? 实付 券后 优惠[后完] 折后 打完折 减完 抵扣后 到手价 全款 涨到
    付了? 付款 支付了? 花了? 打赏了? 交了? 刷了 消费 扣款
    票价 票面价? 票面 票钱 票款 售价 价格 价钱 价 金额 面额 标价 卖 买的?时候 买的
""")
_LINK = '["”」]?(?:的|是|要|得|了|我|那|约|大概|就|为|:|退|花|收|付|只|才|扣|最多|给)*'

WISHED_BEFORE = re.compile(r"(?:要|想|能不能|请|帮我|把钱)[^,，。\s]{0,5}[退拿返][^,，。\s]{0,3}\s?$")
"""要把钱退回来: wished for, not received."""


@cache
def roles_before() -> tuple[tuple[Role, re.Pattern[str]], ...]:
    """The role by the words right before a sum; the first that fits counts.

    Made when the first sum is met: so large are the patterns.
    """
    return (
        ("money", re.compile(rf"{_NO_PRICE}{_LINK}\s?$|(?:赔付?|赔偿|退款|补偿)[^,，。]{{0,6}}{_TOTAL}\s?$")),
        ("expected", re.compile(rf"{_EXPECTED}(?:我|给我|的是|是)*\s?$")),
        ("received_amount", re.compile(
            rf"{_RECEIVED}(?:了|我|的|是|才|就|只|只有|给我|来|钱|退款|有|为|:)*$|(?:实退|[只才][退到来]|只回来|退成|打回来|(?<![没未])回来|(?:到账|实退)金额:?|返还?了?我?|退还|退到|到手|(?<![没未])到账|(?<![没未])收到)\s$|退[回到进还][^,，。\d]{{1,6}}?(?:才|就|只有?|仅)\s?$")),
        ("listed", re.compile(r"(?:原价|原来|原本|标价|定价|全价|吊牌价|市场价)(?:是|为|:|的|要|卖)*\s?$")),
        ("each", re.compile(r"(?:[每一1]张|每[人位个]|[一1]个人|单价)票?(?:是|要|只要|就|才|卖)?\s?$")),
        ("charged", re.compile(r"充[^,，。]{1,6}却扣了?我?\s?$")),
        ("deducted", re.compile(rf"{_DEDUCTED}(?:我|了|掉|的|是|走|个)*\s?$")),
        ("total", re.compile(rf"{_TOTAL}(?:是|花了?|付了?|要|就|才|为|:|买了?)*\s?$|[张个位人]票?共\s?$")),
        ("face", re.compile(r"(?:充了?|充值了?|面额|买了?个?|充的?)\s?$")),
        ("amount", re.compile(rf"(?<!退)给了\s?$|{_PAID}(?:是|为|:|了|的|我|钱|出去|就|才|都|整整)*\s?$")),
    )  # fmt: skip


_BOUGHT = "(?:买|抢|团购?|秒杀?|拍|入手?)(?:到|来|下)?的"
"""9.9抢的."""
_FEE_AFTER = either(r"""
    手续费 服务费 配送费 送票费 运费 邮费 快递费 退票费 差价 优惠 红包 券 代金券 话费券 抵用 补贴 立减 满减
    退改 退票保 退票无忧 保障 无忧 安心退 京豆 积分
    保险 补偿 赔偿 违约金 押金 定金 利息 加价 以内 以下 以上 额度 限额 封顶 起步 起退
""")
NO_PRICE_AFTER = re.compile(
    rf"\s?的?{_FEE_AFTER}(?!\s?(?:是|为|扣了?|收了?|要|:)?(?:\d|多少|几|怎么))|(?!{_BOUGHT})[^\s,，。]{{0,3}}(?<!点)券|的?(?:[^\s,，。的话电水气]{{0,2}}费(?![用怎多扣收])|退票险)"
    r"|\s?(?:[扣跑]?(?:去哪|哪去|到哪|哪儿去|哪了)|被谁|谁[吃拿]|没给|不见|没还给|没退给我|是(?:什么|啥|咋|怎么|谁))"
)
EACH_AFTER = re.compile(
    r"\s?(?:一张|每张|/张|那?一?档|一位|一个人|每人|每位|/人|一人|1张|一份|一件|一箱|单张|那张)"
)
AFTER: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (
        "received_amount",
        re.compile(r"(?:到账|到了(?!没)|退?回来|的?退款[到收]|退款)(?![了的]?\d|[一二两三四五六七八九])"),
    ),
    ("amount", re.compile(r"\s?(?:的(?:票|高铁|动车|门票|机票|座|电影|车票|那[张场])|买的|票价)|的订?单")),
)
"""The role by the words right after a sum, where those before it tell nothing."""

_CUE_WORDS = either(r"""
    (?:价格|金额|票价|价钱|票钱|总价|钱数)我?[说写记看打填输报]错了?[,，]?\s?(?:应该)?是
    券后 优惠[后完] 打完折 减完 到手 到我手里?就? 到卡[里上]就? 退款到了? 退成
    续费了? 续了 付款 支付 实际到 实到
    付了? 涨到 全款 实付 实际支付 支付了? 花了? 票价 票面价? 票钱 总价 原价 单价 全价 售价 价格 价钱 价 金额
    总额 标价 要价 票面 订单
    每人 每位 每张 一起
    总共 一共 总计 共计 合计 共 面额 收了?我? 扣款 扣了? 罚了? 扣费 退了? 退回来? 退还 返了? 到账 收到 回来
    进了 拿回 到[^,，。]{1,4}变成 给了 退款 退[回到进还][^,，。\d]{1,6}?(?:才|就|只有?|仅)
    满打满算 应该 应退 实退 应该退 该退 少了 少退了? 少 差了? 充了? 打赏了? 交了? 买的?时候 买了? 卖
""")
CUE = rf"{_CUE_WORDS}(?:我|了|的|是|为|:|才|就|只|给|他|您|才给|只有|都|整整|成|出去)*\s?"
"""Words after which a number without a unit is money."""
SOLD_AFTER = (
    rf"(?=\s?(?:的(?:票|高铁|动车|门票|座|那[张档场]|档|机票|电影|单|订单)|那?[一每]张|/张|那?一?档|一位|一个人|每位|每人"
    rf"|(?:块|元)?整?{_BOUGHT}|/人)|(?<=\d\d)那[张单])"
)
"""Words before which a number without a unit is money."""

_CURRENCIES = either(r"""
    港币 港元 港纸 美元 美金 美刀 刀(?![削具片]) 日元 日币 円 欧元 英镑 镑 韩元 韩币 泰铢 铢 新币 新加坡元
    台币 新台币 澳元 澳币
    加元 加币 卢布 里拉 卢比 马币 林吉特 瑞郎 迪拉姆 越南盾 比索 澳门元 澳门币 葡币
    usd hkd jpy eur gbp krw thb sgd twd aud cad myr
""")
FOREIGN_AFTER = rf"(?:{_CURRENCIES}|\$|€|£)"
FOREIGN_BEFORE = rf"(?:{_CURRENCIES}|HK\$|US\$|\$|€|£)"

_COUNTERS = (
    "张个位天次分点小时号月年日%折件条排座区楼人度级份箱斤米寸码倍遍秒周星期礼拜成辆双瓶盒袋包台部套把本支颗粒间层届岁班路栋单笔页片"
    "车铺代步集季股克吨升瓦兆里积"
)
NO_SUM_AFTER = (
    rf"(?![\d:/\-~%A-Za-z]|\.\d|,\d{{3}}(?!\d)|[多几来]?[{_COUNTERS}]|[多几]?个|\s(?:[张个件次笔位条](?!人)|分钟|小时)|多?(?:小时|分钟|工作日)|到\d|点\d"
    r"|(?!一[分毛])[一二三四五六七八九十百千])"
)
"""What must not follow a number without a unit: it would count pieces, minutes, seats."""
COUNTED_AFTER = rf"(?!的?[{_COUNTERS}])"

VAGUE_BEFORE = re.compile(
    either("大概 大约 差不多 将近 接近 约 快 上下 左右 不到 至少 最多 超过 顶多 好像是? 可能 也就") + r"\s?$"
)
VAGUE_AFTER = re.compile(r"多(?![扣收少付])|来块|来元|几|\s?(?:左右|上下|出头|以上|以内|以下)")
