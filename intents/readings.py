"""Makes `data/words/pinyin.txt`: how each character is read most often.

A character with several readings gets the one that it has in the words people use most: every word of jieba's
dictionary is read by pypinyin, and its frequency counts for the readings of its characters. What answers
messages reads the file and needs neither for it.
"""

from collections import Counter, defaultdict
from pathlib import Path

from intents.data_files import FOLDER

FILE = FOLDER / "words" / "pinyin.txt"
HEAD = "# 音节 汉字：每个字最常用的读音，用来认出同音字和拼音。由 pypinyin 与结巴词频生成。\n"
FIRST, LAST = "\u4e00", "\u9fff"


def make(path: Path = FILE) -> int:
    """Write the file; returns how many characters it holds."""
    read = _readings()
    characters = defaultdict(list)
    for character, counts in sorted(read.items()):
        most = max(counts.values())
        syllable = min(name for name, count in counts.items() if count == most)
        characters[syllable].append(character)
    lines = [f"{syllable} {''.join(found)}\n" for syllable, found in sorted(characters.items())]
    path.write_text(HEAD + "".join(lines), encoding="utf-8", newline="\n")
    return sum(map(len, characters.values()))


def _readings() -> dict[str, Counter[str]]:
    import jieba  # noqa: PLC0415 - see the module's text
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - likewise

    found: dict[str, Counter[str]] = defaultdict(Counter)
    with Path(jieba.__file__).with_name("dict.txt").open(encoding="utf-8") as dictionary:
        for line in dictionary:
            word, frequency, *_ = line.split(" ")
            if not all(FIRST <= character <= LAST for character in word):
                continue
            for character, syllable in zip(word, lazy_pinyin(word), strict=True):
                if syllable.isascii() and syllable.isalpha():
                    found[character][syllable] += int(frequency) + 1
    return found
