"""Checks the desk's data files: sentences are whole, canned answers can be sent and promise nothing."""

from bot.desk.data_files import read_canned, read_texts
from knowledge.datafile import DataError, Finding


def check() -> list[Finding]:
    """All findings in the desk's data files in use; empty where they are sound."""
    found: list[Finding] = []
    for read in (read_texts, read_canned):
        try:
            read()
        except DataError as error:
            found += error.findings
    return found
