"""What the doctor finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `ok` is None where it could not be looked at, or need not be."""

    name: str
    ok: bool | None
    says: str
    todo: str = ""
    """What to do about it."""
