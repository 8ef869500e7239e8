"""Runs of a whole history in a process of their own, as a person starts them."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

from bot.cli.history import replay_stored

ROOT = Path(__file__).parents[2]
_RUN = (
    "import json, sys; from pathlib import Path; from bot.cli.history import replay_stored;"
    "from bot.errors import TuidanError;"
    "database, options = json.loads(sys.argv[1]);"
    "options = {k: Path(v) if k in ('progress', 'data') else v for k, v in options.items()};"
    "sys.exit(replay_stored(Path(database), **options)) if __name__ == '__main__' else None"
)


def command(database: Path, **options: Any) -> list[str]:
    """What runs the history of a database; paths in the options as text."""
    return [sys.executable, "-c", _RUN, json.dumps([str(database), options])]


def run(database: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    return subprocess.run(
        command(database, **options), cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )


def found(database: Path, **options: Any) -> dict[str, Any]:
    """What a run in this process finds, as its JSON tells it."""
    out = TextIOWrapper(BytesIO())
    with redirect_stdout(out):
        assert replay_stored(database, as_json=True, **options) == 0
        out.flush()
    return dict(json.loads(out.buffer.getvalue()))  # type: ignore[attr-defined]  # a BytesIO


def rules_with(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """A data folder with the built-in rules, but for these changes: (table, text, text in its place)."""
    tables = folder / "knowledge" / "tables"
    shutil.copytree(ROOT / "knowledge" / "data", folder / "knowledge")
    for table, before, after in changes:
        file = tables / f"{table}.yaml"
        text = file.read_text("utf-8")
        assert before in text
        file.write_text(text.replace(before, after), "utf-8")
    return folder


def resident(process: int) -> float:
    """The memory that a process holds, in MB; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
