"""`python -m tests.simulation --count 400 --seed 7`: simulated persons talk to the bot and are judged."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.simulation.judge import judge
from tests.simulation.persons import Person
from tests.simulation.report import Judged, right, table, transcript
from tests.simulation.simulate import BotProcess, cast, run


def main() -> int:
    """Runs, prints, and returns 0 if the share that is right reaches --bar."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", type=int, default=10, help="transcripts of failures to print")
    parser.add_argument("--only", default="", help="kinds of case by prefix: request_refund/train")
    parser.add_argument("--fault", default="", help="show only failures of this kind")
    parser.add_argument("--calm", action="store_true", help="no slips, asides, repeats or what-ifs")
    parser.add_argument("--twice", action="store_true", help="send the same lines to a second process")
    parser.add_argument("--bar", type=float, default=0.95)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        people = cast(options.count, options.seed, options.calm, options.only)
        talks, bot = run(people, Path(folder))
    results: list[Judged] = [(talk, judge(talk)) for talk in talks]
    failed = [item for item in results if not right(item[1])]
    shown = [item for item in failed if not options.fault or any(f.kind == options.fault for f in item[1])]
    out = [transcript(*item) for item in shown[: options.show]] + [table(results)]
    if options.twice:
        out.append(f"same lines in a second process with another hash seed: {_twice(bot, people)}")
    sys.stdout.write("\n".join(out) + "\n")
    return 0 if len(failed) <= (1 - options.bar) * len(results) else 1


def _twice(first: BotProcess, people: Sequence[tuple[str, Person]]) -> str:
    """Conversations without an order only: the second process has no store."""
    plain = {name for name, person in people if person.truth.order is None}
    lines = [(line, answer) for line, answer in first.lines if json.loads(line)["conversation"] in plain]
    with BotProcess(hash_seed="77") as second:
        differing = sum(second.send(line) != answer for line, answer in lines)
    return "equal" if not differing else f"{differing} of {len(lines)} lines differ"


if __name__ == "__main__":
    raise SystemExit(main())
