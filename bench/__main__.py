"""`python -m bench`: every figure in one run. All draws are fixed; only the machine makes a difference."""

import argparse
import platform
import sys
import time

from rich.console import Console

from bench import growth, readme, tables
from bench.messages import sample
from bench.processes import CHAT, PARSE, cold, process
from bench.quality import quality
from bench.speed import speed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--messages", type=int, default=1000, help="how many messages the speed is measured on"
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each of them")
    parser.add_argument("--persons", type=int, default=200, help="simulated persons")
    parser.add_argument("--full", action="store_true", help="ten times all examples too (minutes, 3 GB)")
    parser.add_argument("--readme", action="store_true", help="write the figures into the READMEs")
    chosen = parser.parse_args()
    begun = time.perf_counter()
    out = Console(width=None if sys.stdout.isatty() else 120)
    out.print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    texts = sample(chosen.messages)
    with out.status("speed"):
        costs = speed(texts, chosen.rounds)
    out.print(tables.speed(costs, len(texts), chosen.rounds))
    found = []
    for name, command in (("chat --jsonl", CHAT), ("intents parse --jsonl", PARSE)):
        with out.status(name):
            found.append(process(name, command, texts))
    out.print(tables.processes(found))
    with out.status("training first"):
        trained = cold(PARSE, trained=False, times=1)
    out.print(f"  after an edit of the examples the first start trains: {trained:.1f} s, then it is kept\n")
    with out.status("more examples"):
        sizes = [growth.growth(times) for times in (growth.FULL if chosen.full else growth.TIMES)]
    out.print(tables.growth(sizes))
    with out.status("what is right"):
        right = quality(chosen.persons)
    out.print(tables.quality(right))
    out.print(f"measured in {time.perf_counter() - begun:.0f} s")
    if chosen.readme:
        readme.write(readme.Figures(costs, found[0], found[1], right))


if __name__ == "__main__":
    main()
