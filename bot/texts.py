"""Wording by key and locale, with the values filled in."""

import string
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.errors import ContentError

ENGLISH = "en-US"

Say = Callable[..., str]
"""Says a text in one language: `t("done.new", name="Monster steps", n=2)`."""


class Texts:
    """The wording of every locale; English is complete and stands in for what another lacks."""

    def __init__(self, locales: dict[str, dict[str, Any]]) -> None:
        self._locales = locales

    def speaking(self, locale: object) -> Say:
        """Return the function that says texts in `locale`, a Discord locale or its code."""
        own = self._locales.get(str(locale), {})
        english = self._locales[ENGLISH]

        def say(key: str, /, **values: object) -> str:
            text = own.get(key) or english[key]
            if isinstance(text, dict):  # a text that depends on the number `n`
                text = text["one" if values["n"] == 1 else "other"]
            return str(text).format(**values)

        return say

    def keys(self) -> set[str]:
        """Return the keys of all texts."""
        return set(self._locales[ENGLISH])


def load_texts(data: Path) -> Texts:
    """Return the wording of `data/locales/<locale>.toml`.

    Raises:
        ContentError: naming every broken file.
    """
    folder = data / "locales"
    locales: dict[str, dict[str, Any]] = {}
    problems = []
    for file in sorted(folder.glob("*.toml")):
        try:
            locales[file.stem] = dict(_flatten(tomllib.loads(file.read_text("utf-8"))))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
            problems.append(f"{file.name}: {error}")
    if not (folder / f"{ENGLISH}.toml").exists():
        problems.append(f"{ENGLISH}.toml is not here; is DATA_DIR the data folder?")
    if problems:
        raise ContentError(folder, problems)
    return Texts(locales)


def _flatten(table: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        name = f"{path}{key}"
        if isinstance(value, dict) and value.keys() != {"one", "other"}:
            yield from _flatten(value, f"{name}.")
            continue
        for text in value.values() if isinstance(value, dict) else [value]:
            try:
                list(string.Formatter().parse(text))
            except (TypeError, ValueError) as error:
                raise ValueError(f"{name}: {error}") from error
        yield name, value
