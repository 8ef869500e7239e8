"""Every setting of the service, read from the environment and from `.env` in the current folder.

The names and texts here are the only list: docs/telegram.md and `.env.example` are made from it.
"""

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.config import DOTENV, dotenv
from bot.desk.hours import Hours, read_hours
from bot.errors import TuidanError

PREFIX = "TUIDAN_"
ELSEWHERE = {"TUIDAN_CACHE", "TUIDAN_HOSTILE_LINES"}
"""Names that are read where they are used: by the understanding, and by the tests."""


def _chats(text: object) -> object:
    if not isinstance(text, str):
        return text
    parts = text.replace(",", " ").split()
    if not all(re.fullmatch(r"-?\d{1,16}", part, re.ASCII) for part in parts):
        raise ValueError("not a list of chat ids such as -1001234567890")
    return tuple(dict.fromkeys(int(part) for part in parts))


def _hours(text: object) -> object:
    return read_hours(text) if isinstance(text, str) else text


def _bot_token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[\w-]+", value.get_secret_value(), re.ASCII):
        raise ValueError("not a token such as BotFather gives out (digits, a colon, letters)")
    return value


def _header_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\w-]{16,256}", value.get_secret_value(), re.ASCII):
        raise ValueError("needs 16 to 256 characters of A-Z, a-z, 0-9, _ and -")
    return value


def _address(*schemes: str) -> Callable[[str], str]:
    def checked(value: str) -> str:
        if not re.fullmatch(rf"(?:{'|'.join(schemes)})://[^\s/?#@]+(?:/[^\s?#]*)?", value):
            raise ValueError(f"not an address that begins with {' or '.join(schemes)}://, without ? or #")
        return value.rstrip("/")

    return checked


Port = Annotated[int, Field(ge=1, le=65_535)]
Minutes = Annotated[int, Field(ge=1, le=1_440)]


class Settings(BaseSettings):
    """What a service is run with. Secrets show as asterisks wherever this is printed."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=DOTENV,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram_token: Annotated[SecretStr, AfterValidator(_bot_token)] | None = Field(
        default=None, description="The bot's token, from BotFather. A secret.", examples=["123456:ABC-DEF"]
    )
    staff_chat: Annotated[tuple[int, ...], NoDecode, BeforeValidator(_chats)] = Field(
        default=(),
        description="The group in which staff answer; several, with commas, share the conversations.",
        examples=["-1001234567890"],
    )
    hours: Annotated[Hours, NoDecode, BeforeValidator(_hours)] = Field(
        default="9:00-18:00",
        validate_default=True,
        description="When staff are there, in Shanghai's time, on China's working days (make-up days too);"
        " also `9:00-12:00,13:30-18:00`, `daily 8:00-22:00`, `always`.",
        examples=["daily 8:00-22:00"],
    )
    remind_minutes: Minutes = Field(
        default=10,
        description="After so many minutes staff are reminded of a conversation that nobody has taken.",
    )
    silent_minutes: Minutes = Field(
        default=15,
        description="After so many minutes without a word of who took it, a conversation is offered anew.",
    )
    webhook_url: Annotated[str, AfterValidator(_address("https"))] | None = Field(
        default=None,
        description="Where Telegram delivers to, seen from outside. Without it the bot polls.",
        examples=["https://bot.example.com/telegram"],
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(_header_secret)] | None = Field(
        default=None,
        description="What Telegram sends along, so that nobody else can deliver; a webhook needs it."
        " 16 to 256 letters, digits, `_`, `-`, such as `openssl rand -hex 32` prints. A secret.",
    )
    webhook_host: str = Field(default="127.0.0.1", description="The address on which the webhook listens.")
    webhook_port: Port = Field(default=8080, description="The port on which the webhook listens.")
    api_url: Annotated[str, AfterValidator(_address("https", "http"))] = Field(
        default="https://api.telegram.org",
        description="Another Bot API server: your own, or one to test with.",
    )
    messages_a_second: Annotated[int, Field(ge=1, le=1_000)] = Field(
        default=30,
        description="How many messages are sent in a second, over all chats; Telegram takes 30 of a bot that"
        " does not pay for more.",
    )
    metrics_port: Port | None = Field(
        default=None,
        description="Where Prometheus reads `/metrics`, and `/healthz` tells life.",
        examples=["9100"],
    )
    metrics_host: str = Field(default="127.0.0.1", description="The address on which both are served.")
    log: Literal["console", "json"] = Field(
        default="console", description="How the log is written to stderr."
    )
    db: Path | None = Field(
        default=None,
        description="The database file; else `tuidan.db` in your data folder.",
        examples=["/var/lib/tuidan/tuidan.db"],
    )
    data: Path | None = Field(
        default=None,
        description="A folder with your own rules, words or sentences.",
        examples=["/etc/tuidan/data"],
    )

    @model_validator(mode="after")
    def _webhook_is_guarded(self) -> "Settings":
        if self.webhook_url and not self.webhook_secret:
            raise ValueError(
                "TUIDAN_WEBHOOK_URL needs TUIDAN_WEBHOOK_SECRET: anybody could deliver without it"
            )
        return self

    def secrets(self) -> tuple[str, ...]:
        """The values that must never be shown."""
        given = (self.telegram_token, self.webhook_secret)
        return tuple(value.get_secret_value() for value in given if value is not None)


def read_settings() -> Settings:
    """The settings; the environment goes before `.env`. TuidanError names what is wrong, never a secret."""
    dotenv()  # complains of a file that cannot be read
    try:
        return Settings()
    except ValidationError as error:
        raise TuidanError("settings: " + "; ".join(_complaints(error))) from None


def _complaints(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_input=False, include_url=False, include_context=False):
        name = PREFIX + str(fault["loc"][0]).upper() + ": " if fault["loc"] else ""
        yield name + fault["msg"].removeprefix("Value error, ")


def names() -> Mapping[str, Any]:
    """Every setting by the name of its variable, with the field that describes it."""
    return {PREFIX + name.upper(): field for name, field in Settings.model_fields.items()}


def unknown() -> Iterator[tuple[str, str | None]]:
    """Names in the environment and in `.env` that begin like a setting and are none, with the likeliest."""
    known = names()
    endings = [name.removeprefix(PREFIX) for name in known]
    given = {name for name in (*os.environ, *dotenv()) if name.upper().startswith(PREFIX)}
    for name in sorted(given - known.keys() - ELSEWHERE):
        if name.upper() not in known:
            alike = difflib.get_close_matches(name.upper().removeprefix(PREFIX), endings, n=1)
            yield name, PREFIX + alike[0] if alike else None
