"""The settings as docs/telegram.md and .env.example show them, made from their one description in the code.

`python -m tests.settings_shown` renews both.
"""

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from pydantic_core import PydanticUndefined

from bot.settings import names

ROOT = Path(__file__).parent.parent
GUIDE, EXAMPLE = ROOT / "docs" / "telegram.md", ROOT / ".env.example"
TABLE = re.compile(r"(<!-- settings -->\n).*?(<!-- end of settings -->)", re.DOTALL)
HEAD = """\
# Settings of `tuidan telegram`: copy to `.env` (chmod 600 .env), fill in, take the # away where you set one.
# The environment goes before this file. A setting left empty counts as not set.
"""


def defaults() -> dict[str, str]:
    """The default of every setting as it would be written; empty where there is none."""
    given = {name: field.get_default() for name, field in names().items()}
    return {
        name: "" if value in (None, (), PydanticUndefined) else str(value) for name, value in given.items()
    }


def examples() -> dict[str, str]:
    """An example of every setting; its default where none is given."""
    return {
        name: str(field.examples[0]) if field.examples else defaults()[name]
        for name, field in names().items()
    }


def rows() -> Iterator[str]:
    """The table of the guide."""
    yield "| variable | what | default | such as |"
    yield "|---|---|---|---|"
    for name, field in names().items():
        default, example = defaults()[name], examples()[name]
        such_as = f"`{example}`" if example and example != default else ""
        yield f"| `{name}` | {field.description} | {f'`{default}`' if default else ''} | {such_as} |"


def renewed(guide: str) -> str:
    """The guide with its table as the settings are today."""
    return TABLE.sub(lambda found: found[1] + "\n".join(rows()) + "\n" + found[2], guide)


def example() -> str:
    """All of `.env.example`."""
    parts = [HEAD]
    for name, field in names().items():
        words = textwrap.wrap((field.description or "").replace("`", ""), 105)
        parts.append("\n".join([*(f"# {line}" for line in words), f"# {name}={examples()[name]}", ""]))
    return "\n".join(parts)


if __name__ == "__main__":
    GUIDE.write_text(renewed(GUIDE.read_text("utf-8")), "utf-8")
    EXAMPLE.write_text(example(), "utf-8")
