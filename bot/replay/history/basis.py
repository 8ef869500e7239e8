"""What a run of stored conversations rests on: only where this is equal, results belong together."""

from datetime import datetime
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

from bot.config import DataFiles

ROOMS = ("bot", "intents", "knowledge")
_LEAVES_NOTHING = frozenset({"__pycache__"})


def basis(database: Path, since: datetime | None, data: DataFiles) -> dict[str, str | None]:
    """The code, data and libraries in use as a digest, the database and the options."""
    rooms = Path(__file__).parents[3]
    digest = sha256()
    own = (folder for folder in (data.knowledge, data.intents, data.dialogue) if folder)
    for folder in (*(rooms / room for room in ROOMS), *own):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and not _LEAVES_NOTHING & set(file.parts):
                digest.update(f"{file.relative_to(folder)}\0{file.stat().st_size}\0".encode())
                digest.update(file.read_bytes())
    for library in sorted(f"{each.name} {each.version}" for each in distributions()):
        digest.update(f"{library}\0".encode())
    return {
        "code or data": digest.hexdigest(),
        "database": str(database.resolve()),
        "--since": since.isoformat() if since else None,
    }
