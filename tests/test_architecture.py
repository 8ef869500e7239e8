"""The import directions, owners and sizes that docs/architecture.md describes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for top in ("bot", "intents", "knowledge") for path in (ROOT / top).rglob("*.py"))

MAY_IMPORT = {
    "knowledge": ("knowledge",),
    "intents": ("intents",),
    "bot/dialogue": ("bot.dialogue", "intents.contrast", "intents.understanding", "knowledge"),
    "bot/store": (
        "bot.store",
        "bot.dialogue.order",
        "bot.messages",
        "bot.errors",
        "bot.config",
        "bot.orders.codec",
    ),
    "bot/orders": ("bot.orders", "bot.dialogue.order", "bot.store.protocol", "bot.errors", "bot.config"),
    "bot/channels": (
        *(
            "bot.channels",
            "bot.messages",
            "bot.session",
            "bot.app",
            "bot.config",
            "bot.desk",
            "bot.errors",
            "bot.ops",
            "bot.privacy",
            "bot.reception",
            "bot.replay.record",
            "bot.settings",
            "bot.store.protocol",
            "bot.transcript",
        ),
        *("bot.dialogue.script", "bot.dialogue.state", "bot.dialogue.turn", "bot.dialogue.wording"),
        *("bot.orders.demo", "knowledge"),
    ),
    "bot/replay": (
        *("bot.replay", "bot.session", "bot.messages", "bot.config", "bot.store.memory"),
        *("bot.dialogue", "bot.orders", "bot.privacy", "bot.transcript", "bot.errors", "bot.store.protocol"),
        "knowledge",
        "intents.data_files",
        "intents.understanding",
        "bot.app",
    ),
    "bot/insight": (
        *("bot.insight", "bot.config", "bot.dialogue.wording", "bot.privacy", "bot.store.protocol"),
        *("bot.transcript", "intents"),
    ),
    "bot/learning": (
        *("bot.learning", "bot.insight", "bot.channels.screen", "bot.config", "bot.dialogue.wording"),
        *("bot.errors", "bot.replay.suite", "bot.replay.yaml_nodes", "intents"),
    ),
    "bot/desk": (
        *("bot.desk", "bot.config", "bot.dialogue.data_files", "bot.dialogue.script", "bot.dialogue.turn"),
        *("bot.dialogue.wording", "bot.privacy", "bot.store.protocol", "bot.transcript", "knowledge"),
    ),
    "bot": ("bot", "intents", "knowledge"),
}
OWNERS: dict[str, tuple[str, ...]] = {
    "aiogram": ("bot/channels/telegram/",),
    "chinese_calendar": ("knowledge/working_days.py",),
    "dotenv": ("bot/config.py",),
    "jieba": ("intents/segment.py", "intents/readings.py"),
    "jinja2": ("bot/replay/report/page.py",),
    "numpy": ("intents/",),
    "opencc": ("intents/normalise.py", "bot/dialogue/script.py"),
    "platformdirs": ("bot/config.py", "intents/engine.py"),
    "prometheus_client": ("bot/ops/metrics.py",),
    "prompt_toolkit": ("bot/channels/screen.py",),
    "pydantic": (
        *("knowledge/", "bot/orders/record.py", "bot/settings.py", "intents/check.py"),
        "bot/channels/telegram/",
    ),
    "pydantic_settings": ("bot/settings.py",),
    "pypinyin": ("intents/readings.py",),
    "pytest": ("bot/replay/pytest_plugin.py",),
    "rapidfuzz": ("intents/",),
    "rich": ("bot/channels/screen.py", "bot/insight/", "bot/replay/", "intents/"),
    "sqlite_utils": ("bot/store/connection.py", "bot/store/migrations.py"),
    "structlog": ("bot/ops/logs.py",),
    "typer": ("bot/cli/",),
    "yaml": (
        *("bot/replay/yaml_nodes.py", "bot/replay/accept/", "bot/replay/matrix/", "bot/replay/record/"),
        *("bot/dialogue/wording.py", "knowledge/", "intents/"),
    ),
}
IMPURE_MODULES = {
    "os",
    "random",
    "time",
    "socket",
    "logging",
    "subprocess",
    "sqlite3",
    "asyncio",
    "threading",
    "uuid",
}
IMPURE_CALLS = {"now", "utcnow", "today"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room(path: Path) -> str:
    return next(room for room in MAY_IMPORT if name(path).startswith(room + "/"))


COMMANDS_AND_CACHES = {
    "intents/__main__.py",  # a command line
    "intents/compiled.py",  # the cache of the trained model
    "intents/engine.py",  # where that cache lies
    "intents/evaluate.py",  # measures, and so reads the time
    "intents/parse.py",  # a command line
}
PURE = [
    path
    for path in MODULES
    if name(path).startswith(("knowledge/", "intents/", "bot/dialogue/"))
    and name(path) not in COMMANDS_AND_CACHES
]
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), name(path))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno}: relative import"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def under(module: str, allowed: tuple[str, ...]) -> bool:
    return any(module == prefix or module.startswith(prefix + ".") for prefix in allowed)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_rooms_know_only_whom_they_may(path: Path) -> None:
    own = {module for module in imports(path) if under(module, ("bot", "intents", "knowledge"))}
    stray = {module for module in own if not under(module, MAY_IMPORT[room(path)])}
    assert not stray, f"{room(path)} may not know {stray}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_outside_libraries_have_one_owner(path: Path) -> None:
    for module in imports(path):
        owners = OWNERS.get(module.partition(".")[0])
        assert owners is None or name(path).startswith(owners or "nobody yet"), (
            f"{owners} imports {module}, nobody else"
        )


@pytest.mark.parametrize("path", PURE, ids=name)
def test_the_pure_rooms_have_no_clock_no_chance_and_no_log(path: Path) -> None:
    assert not {module.partition(".")[0] for module in imports(path)} & IMPURE_MODULES
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in IMPURE_CALLS, f"{name(path)}:{node.lineno} reads the clock"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "input", "hash"}, f"{name(path)}:{node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_files_stay_small_and_have_telling_names(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400
    assert not VAGUE & set(path.relative_to(ROOT).with_suffix("").parts)


def test_most_files_are_short() -> None:
    long = [name(path) for path in MODULES if len(path.read_text("utf-8").splitlines()) > 200]
    assert len(long) <= len(MODULES) // 5, (
        f"{len(long)} of {len(MODULES)} files have more than 200 lines: {long}"
    )


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nothing_is_computed_at_import(path: Path) -> None:
    """Modules define; reading files and compiling data happens at first use."""
    for node in tree(path).body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = ast.unparse(node.value.func)
            assert called.startswith("app."), f"{name(path)}:{node.lineno} calls {called} at import"
        assert not isinstance(node, ast.For | ast.While), f"{name(path)}:{node.lineno}"
