"""Messages to merchants and platforms, their blanks filled from what is known."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from knowledge.outcome import UNKNOWN

if TYPE_CHECKING:
    from knowledge.engine import Decision

_BLANK = re.compile(r"\{([a-z_]+)\}")
BLANKS: Mapping[str, str] = {
    "order_id": "订单号",
    "product": "商品",
    "amount": "金额",
    "received_amount": "实际到账金额",
    "reason": "原因",
    "requested_at": "申请时间",
    "late_minutes": "超时分钟数",
    "event_time": "开始时间",
    "platform": "平台",
}


def blanks_of(text: str) -> set[str]:
    """The names of a draft's blanks."""
    return set(_BLANK.findall(text))


def fill(text: str, decision: "Decision") -> str:
    """The draft with its blanks filled; what is not known stays a named blank: 〔订单号〕."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        said = decision.slots.get(name)
        if said is None or said == UNKNOWN:
            return f"〔{BLANKS[name]}〕"
        column = decision.rules.columns.get(name)
        if column is not None and said in column.values:
            return column.values[said]
        return said[:16].replace("T", " ") if name in ("event_time", "requested_at") else said

    return _BLANK.sub(value, text)
