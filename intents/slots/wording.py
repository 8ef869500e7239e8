"""Writing word lists as patterns."""


def either(words: str) -> str:
    """A pattern for any one of the words; blanks part them, and each may itself be a regular expression."""
    return "(?:" + "|".join(words.split()) + ")"
