"""`python -m bot` and the command `tuidan`: where every command starts and every fault ends."""

import os
import sys
from pathlib import Path

from bot.errors import TuidanError

INTERRUPTED, FAULT = 130, 2


def main() -> None:
    """Run the command line and leave with its exit code; no fault of the person's shows a traceback."""
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = 0
    except TuidanError as error:
        sys.stderr.write(f"tuidan: {error}\n")
        code = FAULT
    if code in (0, INTERRUPTED):
        _let_go_of_a_closed_pipe()
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    """`chat --jsonl` goes past the command line's library, slow to load."""
    piped, database = _piped_chat(arguments)
    if piped:
        from bot.channels import jsonl  # noqa: PLC0415 - see above

        return jsonl.main(database)
    from bot.cli import commands  # noqa: PLC0415 - see above

    return commands.run(arguments)


def _piped_chat(arguments: list[str]) -> tuple[bool, Path | None]:
    """Whether the arguments are `chat --jsonl [--db PATH]` and nothing else, and the path."""
    if arguments[:1] != ["chat"] or "--jsonl" not in arguments:
        return False, None
    rest = [word for word in arguments[1:] if word != "--jsonl"]
    if not rest:
        return True, None
    if len(rest) == 1 and rest[0].startswith("--db="):
        return True, Path(rest[0].removeprefix("--db="))
    if len(rest) == 2 and rest[0] == "--db":
        return True, Path(rest[1])
    return False, None


def _let_go_of_a_closed_pipe() -> None:
    """Python flushes standard output once more at its end, and would complain if the reader has gone."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
