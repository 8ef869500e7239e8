"""What a run of suites showed: for the terminal, as JSON, as JUnit's XML and as a page."""

from bot.replay.report.as_json import as_json
from bot.replay.report.junit import write_junit
from bot.replay.report.results import Report
from bot.replay.report.terminal import as_text, dialogue_text

__all__ = ["Report", "as_json", "as_text", "dialogue_text", "write_junit"]
