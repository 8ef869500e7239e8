"""docs/rules.md: the rules as people read them, written from the data so that it cannot go stale."""

from collections.abc import Iterable

from knowledge.book import Book
from knowledge.conditions import Between, Condition, OneOf
from knowledge.rulebook import Rules
from knowledge.table import Price, Row, Table

_VERDICTS = {"allowed": "可以", "conditional": "有条件", "unknown": "没有定论", "denied": "不能", None: "—"}
_FIELDS = """\
| 字段 | 意思 |
|---|---|
| `verdict` | `allowed` 可以 · `conditional` 要对方同意或补材料 · `denied` 不能 · `unknown` 没有定论 |
| `fee` `refund` | 手续费合计、能退多少，人民币，逐项四舍五入到分再相加；算不出时为空 |
| `fee_rate` | 只有一项按比例的费用时，它的比例 |
| `fee_range` | 资料对不上或有事情不清楚时，手续费的上下限（不知道金额时是比例） |
| `next_change` | 再等下去从什么时候起变贵，变成多少 |
| `insurance` | 退票险最多赔多少，不超过损失 |
| `eta` | 到账的工作日范围和日期，超期了几个工作日 |
| `charges` | 逐项的费用 |
| `notes` `steps` `evidence` `alternatives` | 说明、下一步、要准备的凭证、走不通时还有什么路 |
| `message_draft` | 可以发给商家或平台的话 |
| `citations` | 依据的资料条目 |
| `could_refine` | 没有问、按默认算、说了会更准的槽位 |
"""


def render_rules_md(book: Book) -> str:
    """Every table with its rows, then every claim. Markdown; the same data give the same text."""
    lines = [
        "# 规则",
        "",
        "这一页由 `knowledge/data/` 里的数据生成，不要手改；改了数据以后重新生成。",
        "",
        "一个结论是几张表之和：最严的结论算数，费用逐项相加，依据合在一起。"
        "先问什么由表里还没确定的那一列决定；说不清的，给出各种可能的范围。",
        "",
        "## 结论里有什么",
        "",
        _FIELDS,
        "## 判断表",
        "",
    ]
    for table in sorted(
        book.rules.tables, key=lambda table: (table.after, table.order, table.name, table.since)
    ):
        lines += _table(table, book.rules)
    lines += ["## 资料条目", ""]
    for source in dict.fromkeys(claim.source for claim in book.claims.values()):
        lines += [f"### {source}", "", "| 条目 | 出处 | 内容 |", "|---|---|---|"]
        lines += [f"| {c.id} | {c.section} | {c.text} |" for c in book.claims.values() if c.source == source]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _table(table: Table, rules: Rules) -> Iterable[str]:
    wishes = "、".join(rules.wishes[wish].title for wish in table.applies)
    yield from (f"### {table.title} `{table.name}`", "", table.about, "", f"用于：{wishes}。", "")
    if table.since.year > 1:
        yield from (f"自 {table.since} 起。", "")
    yield from ("| 情形 | 条件 | 结论 | 费用 | 依据 |", "|---|---|---|---|---|")
    for row in table.rows:
        when = (
            "；".join(f"{rules.columns[name].label} {_condition(c, name, rules)}" for name, c in row.when)
            or "总是"
        )
        cites = " ".join(row.cites)
        yield f"| {row.case} | {when} | {_VERDICTS[row.verdict]} | {_bill(row)} | {cites} |"
    yield ""


def _condition(condition: Condition, column: str, rules: Rules) -> str:
    entry = rules.columns[column]
    if isinstance(condition, OneOf):
        labels = {**entry.values, **entry.implied}
        return "、".join(labels[value] for value in condition.in_order)
    return _interval(condition)


def _interval(interval: Between) -> str:
    parts = []
    if interval.low is not None:
        parts.append(f"{'≥' if interval.with_low else '>'} {_edge(interval.low)}")
    if interval.high is not None:
        parts.append(f"{'≤' if interval.with_high else '<'} {_edge(interval.high)}")
    return "，".join(parts)


def _edge(edge: object) -> str:
    seconds = getattr(edge, "total_seconds", None)
    return f"{seconds() / 3600:g} 小时" if seconds else str(edge)


def _bill(row: Row) -> str:
    parts = [f"{price.label} {_price(price)}" for price in row.charges]
    if row.no_figures:
        parts.append("不报数")
    if row.eta:
        parts.append(f"{row.eta[0]} 至 {row.eta[1]} 个工作日")
    if row.insurance:
        parts.append(f"最多赔 {_percent(row.insurance)}")
    return "；".join(parts) or "—"


def _price(price: Price) -> str:
    if price.span:
        return f"{_percent(price.span[0])} 到 {_percent(price.span[1])}"
    return f"{price.flat} 元" if price.rate is None else _percent(price.rate)


def _percent(rate: object) -> str:
    return f"{float(str(rate)) * 100:g}%"
