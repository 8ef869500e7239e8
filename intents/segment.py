"""Words: jieba's dictionary, cut to the frequent part and enriched by the domain's words.

The search is jieba's own (the likeliest path through the words that the dictionary knows, without its
hidden Markov model), written as one forward pass, which takes a fifth of the time.
"""

import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from math import log
from pathlib import Path

with warnings.catch_warnings():
    # jieba imports pkg_resources only to find its own dictionary, which costs more than all the rest.
    warnings.simplefilter("ignore")
    _absent = "pkg_resources" not in sys.modules
    if _absent:
        sys.modules["pkg_resources"] = None  # type: ignore[assignment]  # how Python marks a module as absent
    import jieba

    if _absent:
        del sys.modules["pkg_resources"]

GENERAL_WORDS = 60_000
_BLOCK = re.compile(r"[\u3400-\u9fff]+|[A-Za-z]+|\d+(?:\.\d+)?|\S")
_DOMAIN_FREQUENCY = 3000


class Segmenter(jieba.Tokenizer):  # type: ignore[misc]  # jieba has no types
    """A `jieba.Tokenizer` with words of its own: instances share nothing with jieba's global one."""

    def __init__(self, frequencies: dict[str, int], total: int) -> None:
        super().__init__()
        self.FREQ = frequencies
        self.total = total
        self.initialized = True
        self._rare = log(1 / total)
        self._log_total = log(total)

    def cut(
        self,
        sentence: str,
        cut_all: bool = False,
        HMM: bool = False,  # noqa: N803 - the name is jieba's
        use_paddle: bool = False,
    ) -> Iterator[str]:
        """The words of a sentence, without its blanks. Of jieba's flags only `cut_all` has an effect."""
        if cut_all:
            yield from super().cut(sentence, cut_all=True)
            return
        yield from self.words(sentence)

    def words(self, sentence: str) -> list[str]:
        """The words of a sentence, without its blanks."""
        found: list[str] = []
        for block in _BLOCK.findall(sentence):
            if len(block) == 1 or block[0] < "\u3400":
                found.append(block)
            else:
                self._likeliest(block, found)
        return found

    def _likeliest(self, block: str, found: list[str]) -> None:
        size = len(block)
        score = [-1e300] * (size + 1)
        score[0] = 0.0
        back = [0] * (size + 1)
        frequency = self.FREQ.get
        log_total = self._log_total
        for start in range(size):
            base = score[start]
            end = start + 1
            if base + self._rare > score[end]:
                score[end] = base + self._rare
                back[end] = start
            known = frequency(block[start])
            while known is not None:
                if known:
                    path = base + log(known) - log_total
                    if path > score[end]:
                        score[end] = path
                        back[end] = start
                end += 1
                if end > size:
                    break
                known = frequency(block[start:end])
        cuts = [size]
        while cuts[-1]:
            cuts.append(back[cuts[-1]])
        cuts.reverse()
        found.extend(block[a:b] for a, b in pairwise(cuts))


def frequencies(domain: Iterable[str]) -> dict[str, int]:
    """Word to frequency (0 for a mere beginning of words): jieba's most frequent words and the domain's."""
    source = Path(jieba.__file__).with_name("dict.txt")
    rows = []
    for line in source.read_text(encoding="utf-8").splitlines():
        word, count, _ = line.split(" ")
        rows.append((-int(count), word))
    rows.sort()
    table: dict[str, int] = {word: -count for count, word in rows[:GENERAL_WORDS]}
    for word in sorted(set(domain)):
        table[word] = max(table.get(word, 0), _DOMAIN_FREQUENCY)
    ordered: dict[str, int] = {}
    for word in sorted(table, key=lambda word: (-table[word], word)):
        for end in range(1, len(word)):
            ordered.setdefault(word[:end], table.get(word[:end], 0))
        ordered[word] = table[word]
    return ordered


def segmenter(table: Mapping[str, int]) -> Segmenter:
    """A segmenter over a table made by `frequencies`."""
    return Segmenter(dict(table), max(1, sum(table.values())))


def plain_jieba() -> Callable[[str], list[str]]:
    """`jieba.lcut` as it comes, its dictionary loaded: the measure for costs."""
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    return jieba.lcut  # type: ignore[no-any-return]
