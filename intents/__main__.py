"""The engine from the command line: `python -m intents parse|explain|check|evaluate|build`."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from intents.data_files import DataFileError

# Each command imports what it needs itself: `parse` must answer within a second of its start.


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit code: 1 for findings, 2 for what could not be done."""
    parser = argparse.ArgumentParser(prog="python -m intents", description="理解一句话：意图、信息、语气")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, does: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about)
        added.set_defaults(does=does)
        return added

    parse = command("parse", _parse, "逐行读 JSON，逐行答 JSON")
    parse.add_argument("--jsonl", action="store_true", required=True, help="一行一个 JSON 对象")
    parse.add_argument("--examples", type=Path, help="用这个文件里的例句代替自带的")
    explain = command("explain", _explain, "为什么这样理解")
    explain.add_argument("text")
    explain.add_argument("--now", type=datetime.fromisoformat, help="以此为现在（ISO 时间）")
    command("check", _check, "检查数据文件")
    evaluate = command("evaluate", _evaluate, "在标注过的消息上量一量")
    evaluate.add_argument("files", type=Path, nargs="+", help="JSON lines：text、intent、voice")
    command("readings", _readings, "由 pypinyin 和结巴词频重做每个字的读音表")
    command("build", _build, "由数据文件重新训练，写成随包发布的文件")
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.does(chosen))
    except BrokenPipeError:
        return 0
    except (DataFileError, OSError, ValueError) as fault:
        _say(str(fault))
        return 2


def _parse(chosen: argparse.Namespace) -> int:
    from intents import parse  # noqa: PLC0415

    parse.run(chosen.examples)
    return 0


def _explain(chosen: argparse.Namespace) -> int:
    from intents.explain import explain  # noqa: PLC0415

    home = ZoneInfo("Asia/Shanghai")
    now = chosen.now or datetime.now(home)
    explain(chosen.text, now if now.tzinfo else now.replace(tzinfo=home))
    return 0


def _check(_: argparse.Namespace) -> int:
    from intents.check import check  # noqa: PLC0415

    findings = check()
    for finding in findings:
        _say(str(finding))
    return 1 if findings else 0


def _evaluate(chosen: argparse.Namespace) -> int:
    from intents import evaluate  # noqa: PLC0415
    from intents.engine import engine  # noqa: PLC0415

    messages = evaluate.read(chosen.files)
    ready = engine()
    print(evaluate.as_text(evaluate.evaluate(ready, messages)))  # noqa: T201
    ratio = evaluate.cost_against_jieba(ready, [message.text for message in messages])
    print(f"耗时：jieba.lcut 的 {ratio:.2f} 倍")  # noqa: T201
    return 0


def _build(_: argparse.Namespace) -> int:
    from intents import build, compiled, engine  # noqa: PLC0415

    compiled.write(engine.SHIPPED, build.build(engine.data_key()))
    return 0


def _readings(_: argparse.Namespace) -> int:
    from intents import readings  # noqa: PLC0415

    _say(f"{readings.FILE}: {readings.make()}")
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
