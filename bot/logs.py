"""Logging: one line for people or machines, and never a secret in it."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Literal

from pydantic import SecretStr


def configure_logging(
    level: str, style: Literal["console", "json"], secret: SecretStr | None
) -> None:
    """Log to standard error at this level, in this style, with `secret` blotted out."""
    handler = logging.StreamHandler()
    formatter = _Json() if style == "json" else _Console()
    handler.setFormatter(_Blotting(formatter, secret.get_secret_value() if secret else ""))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Even at DEBUG not what is in the database: among it are tokens, names, and who did what.
    for telling in ("aiosqlite", "sqlalchemy"):
        logging.getLogger(telling).setLevel(logging.WARNING)
    if level != "DEBUG":
        # Several lines each start; one each tick, and a warning if a long fan-out swallows some.
        for chatty, least in (("alembic", logging.WARNING), ("apscheduler", logging.ERROR)):
            logging.getLogger(chatty).setLevel(least)


def hide_password(url: str) -> str:
    """Return the database's URL as it may be shown, whatever its form."""
    url = re.sub(r"^([\w+.-]*://)?([^:]*):.*@", r"\1\2:***@", url, flags=re.DOTALL)
    return re.sub(r"(password=)[^&]*", r"\1***", url, flags=re.IGNORECASE)


# The token of an interaction changes its message for a quarter of an hour. It stands in addresses,
# and in what the gateway sends, which DEBUG shows.
_OF_INTERACTION = re.compile(r"(/(?:webhooks|interactions)/\d+/|'token': ')[\w.=-]{30,}")


class _Console(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a JSON object on one line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class _Blotting(logging.Formatter):
    """Works on the finished text, so that no argument or traceback escapes it."""

    def __init__(self, inner: logging.Formatter, secret: str) -> None:
        super().__init__()
        self._inner = inner
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """Return the text without the secret."""
        text = self._inner.format(record)
        text = text.replace(self._secret, "[token]") if self._secret else text
        return _OF_INTERACTION.sub(r"\1[token]", text)
