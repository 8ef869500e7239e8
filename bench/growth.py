"""What becomes of the costs when the examples grow: `python -m bench.growth TIMES`, one process a size."""

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from bench.costs import side_by_side
from bench.messages import sample
from bench.processes import peak_memory
from bench.speed import NOW
from intents.data_files import Labelled, intent_files
from intents.parse import own_data
from intents.segment import plain_jieba

TIMES = (0.1, 1)
FULL = (0.1, 1, 10)
"""Ten times all that there are takes minutes and some GB to train."""
TEXTS, ROUNDS = 500, 5


@dataclass(frozen=True, slots=True)
class Size:
    """One size of the examples and what it costs; ranking alone, slots left out."""

    examples: int
    training: float
    """Seconds."""
    ratio: float
    """Ranking to `jieba.lcut`."""
    memory: float | None
    """The most the process held while it ranked, in MB, or None where the system does not tell."""


def growth(times: float) -> Size:
    """The costs with so many times the examples, in a process of its own."""
    command = [sys.executable, "-m", "bench.growth", str(times)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Size(**json.loads(done.stdout))


def multiplied(files: Sequence[Labelled], times: float, chance: Random) -> list[tuple[str, str]]:
    """Fewer: a part of each intent's examples. More: each joined to the ends of others of its intent."""
    rows = []
    for part in files:
        if times < 1:
            kept = chance.sample(part.texts, max(1, round(len(part.texts) * times)))
            rows += [(text, part.label) for text in kept]
            continue
        rows += [(text, part.label) for text in part.texts]
        for text in part.texts:
            for other in chance.choices(part.texts, k=round(times) - 1):
                joined = text[: 1 + len(text) // 2] + other[len(other) // 2 :]
                rows.append((joined, part.label))
    return rows


def _measure(times: float) -> Size:
    rows = multiplied(intent_files(), times, Random(1))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "examples.jsonl"
        lines = (json.dumps({"text": text, "intent": label}, ensure_ascii=False) for text, label in rows)
        file.write_text("\n".join(lines), encoding="utf-8")
        start = time.perf_counter()
        parse = own_data(file)
        training = time.perf_counter() - start
    gc.collect()
    gc.freeze()
    costs = side_by_side(
        {"jieba": plain_jieba(), "ranking": lambda text: parse(text, NOW)}, sample(TEXTS), ROUNDS
    )
    return Size(len(rows), training, costs["ranking"].cpu / costs["jieba"].cpu, peak_memory())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_measure(float(sys.argv[1])))))
