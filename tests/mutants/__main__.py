"""`python -m tests.mutants`: which changes of the rules the suites notice."""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from knowledge.datafile import HOME
from tests.mutants.mutations import RULES, mutations
from tests.mutants.report import BAR, Explained, as_json, as_text, explained, share, unexplained
from tests.mutants.trial import judge

SUITES = (Path(__file__).parent.parent / "dialogues",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the report; what the process leaves with.

    0 where the suites kill enough and every survivor is explained, 1 where not, 2 where they do not hold
    unchanged.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("suites", nargs="*", type=Path, default=list(SUITES))
    parser.add_argument("-j", "--jobs", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="further kinds too; the bar is not about them")
    parser.add_argument("--only", default="", help="mutants whose file:line: key or kind holds this")
    parser.add_argument(
        "--no-proof", action="store_true", help="do not ask what `check` finds: a third of the time"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    chosen = [
        mutation
        for mutation in mutations(HOME.built_in)
        if (options.all or mutation.kind in RULES) and options.only in f"{mutation} {mutation.kind}"
    ]
    parts = [chosen[start :: options.jobs] for start in range(options.jobs)]
    try:
        if options.jobs == 1:
            judged = [judge(HOME.built_in, chosen, options.suites, not options.no_proof)]
        else:
            with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
                waiting = [
                    pool.submit(judge, HOME.built_in, part, options.suites, not options.no_proof)
                    for part in parts
                ]
                judged = [future.result() for future in waiting]
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    order = {mutation: place for place, mutation in enumerate(chosen)}
    verdicts = sorted((v for part in judged for v in part), key=lambda verdict: order[verdict.mutation])
    known: list[Explained] = explained()
    sys.stdout.write((as_json if options.json else as_text)(verdicts, known) + "\n")
    return 0 if share(verdicts) >= BAR and not unexplained(verdicts, known) else 1


if __name__ == "__main__":
    raise SystemExit(main())
