"""`python -m intents parse|explain|check|build`: the engine from the command line."""

import argparse
import sys
from pathlib import Path

from intents.data_files import DataFileError


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m intents")
    commands = parser.add_subparsers(dest="command", required=True)
    parse = commands.add_parser("parse", help="逐行读 JSON，逐行答 JSON")
    parse.add_argument("--jsonl", action="store_true", required=True, help="JSON lines（目前唯一的格式）")
    parse.add_argument("--examples", type=Path, help="用这个 JSON lines 文件里的例句代替自带的")
    commands.add_parser("build", help="由数据文件重新训练，写成随包发布的文件")
    chosen = parser.parse_args(arguments)
    try:
        return _build() if chosen.command == "build" else _parse(chosen.examples)
    except (DataFileError, OSError, ValueError) as fault:
        print(fault, file=sys.stderr)  # noqa: T201
        return 2


def _parse(examples: Path | None) -> int:
    from intents import parse  # noqa: PLC0415 - each command imports what it needs

    parse.run(examples)
    return 0


def _build() -> int:
    from intents import compiled, engine  # noqa: PLC0415

    compiled.write(engine.SHIPPED, engine.build(engine.data_key()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
