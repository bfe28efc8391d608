"""Every setting, from the environment or `.env`, checked all at once before anything starts."""

import os
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import StartError
from bot.logs import hide_password

DISCORD_API = "https://discord.com/api/v10"
SHIPPED_DATA = Path(__file__).parent.parent / "data"


class Settings(BaseSettings):
    """The settings; each description says what a right value is and stands in `.env.example`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="forbid"
    )

    discord_token: SecretStr | None = Field(
        None,
        description="The bot's token, from discord.com/developers/applications, page Bot.",
    )
    database_url: str = Field(
        "sqlite+aiosqlite:///hipstride.db",
        pattern=r"^(sqlite\+aiosqlite:///.+|postgresql\+asyncpg://[^/]*/[^/?]+(\?.*)?$)",
        repr=False,  # a password may be in it
        description="Where the data lives: sqlite+aiosqlite:///FILE, relative to where you start "
        "the bot, an absolute path has four slashes; or "
        "postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE.",
    )
    discord_api_base: str = Field(
        DISCORD_API,
        pattern=r"^https?://.+",
        description="Discord's REST API, or a proxy for it such as nirn-proxy: an http(s) address.",
    )
    discord_gateway_url: str | None = Field(
        None,
        pattern=r"^wss?://.+",
        description="The gateway, a ws(s) address; by default what the API answers.",
    )
    shard_count: int | None = Field(
        None,
        ge=1,
        description="How many shards there are in all, 1 or more; by default Discord decides.",
    )
    shard_ids: Annotated[list[int] | None, NoDecode] = Field(
        None,
        description="Which shards this process runs, such as 0,1; needs SHARD_COUNT; "
        "by default all of them.",
    )
    dev_guild_id: int | None = Field(
        None,
        description="Developers: a server's id, to see changed commands there at once.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO",
        description="How much is logged: DEBUG, INFO, WARNING or ERROR.",
    )
    log_format: Literal["console", "json"] = Field(
        "console",
        description="How it is logged: console for people, json for machines.",
    )
    data_dir: Path = Field(
        SHIPPED_DATA,
        description="The folder with the exercises and wording; by default the one that ships.",
    )
    media_channel_id: int | None = Field(
        None,
        description="For bots in many servers: the id of a channel of yours where the bot may "
        "post. Each picture is uploaded there once, and all cards link to it; without one, every "
        "card carries its picture, about 150 kB.",
    )
    retention_days: int = Field(
        90,
        ge=1,
        description="How many days a club's data is kept after its server removed the bot, "
        "1 or more; then it is deleted. Members are told that backups are kept no longer either.",
    )
    guided_sets: int = Field(
        200,
        ge=1,
        description="How many members may follow a set along at the same time, 1 or more; "
        "the others are asked to wait.",
    )

    @field_validator("shard_ids", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return value.split(",") if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _shards_exist(self) -> Self:
        if self.shard_ids is not None:
            if self.shard_count is None:
                raise ValueError("SHARD_IDS needs SHARD_COUNT beside it")
            if not all(0 <= shard < self.shard_count for shard in self.shard_ids):
                raise ValueError(f"SHARD_IDS go from 0 to SHARD_COUNT - 1 ({self.shard_count - 1})")
        return self


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Return the settings.

    Raises:
        StartError: one line for each wrong value or unknown name, saying where it stands and
            what would be right. Secrets are not repeated.
    """
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        raise StartError("\n".join(_explain(e) for e in error.errors())) from error
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"{env_file} cannot be read: {error}. Write it as UTF-8 text.") from error


def _explain(error: Any) -> str:
    if not error["loc"]:
        return str(error["msg"]).removeprefix("Value error, ") + "."
    field = str(error["loc"][0])
    name = field.upper()
    where = "in the environment" if _is_in_environment(name) else "in .env"
    if error["type"] == "extra_forbidden":
        known = [known.upper() for known in Settings.model_fields]
        close = get_close_matches(name, known, n=1)
        advice = f"did you mean {close[0]}?" if close else f"the names are {', '.join(known)}."
        return f"{name} {where} is no setting of Hipstride; {advice}"
    value = error["input"]
    if field == "database_url":
        value = hide_password(str(value))
    return f"{name} {where} is wrong: {value!r}. {Settings.model_fields[field].description}"


def _is_in_environment(name: str) -> bool:
    return any(key.upper() == name for key in os.environ)


def env_example() -> str:
    """Return the text of `.env.example`: every setting with its comment and default."""
    lines = ["# Copy this file to .env and fill in the token; everything else may stay as it is."]
    for name, field in Settings.model_fields.items():
        is_plain = field.default is not None and field.default != SHIPPED_DATA
        value = field.default if is_plain else ""
        mark = "" if name == "discord_token" else "# "
        lines += ["", f"# {field.description}", f"{mark}{name.upper()}={value}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(env_example())
