"""Reads `data/exercises` into the catalogue, and names every broken file and line at once."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from bot.content.models import ExerciseModel
from bot.domain.catalogue import Catalogue
from bot.domain.exercise import Exercise
from bot.domain.matching import plain
from bot.errors import ContentError

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_SLUG = 40  # leaves room in a button's custom_id, which Discord limits to 100 characters


def load_catalogue(data: Path) -> Catalogue:
    """Return the catalogue of `data/exercises/*.toml`.

    Raises:
        ContentError: one line for each problem of every file, as `file:line: key: what is wrong`.
    """
    folder = data / "exercises"
    files = sorted(folder.glob("*.toml"))
    exercises: list[Exercise] = []
    problems = [] if files else ["no exercises (*.toml) here; is DATA_DIR the data folder?"]
    for file in files:
        try:
            exercises.append(_load(file))
        except _BrokenFile as broken:
            problems += broken.problems
    problems += _clashes(exercises)
    if problems:
        raise ContentError(folder, problems)
    return Catalogue(exercises)


class _BrokenFile(Exception):
    """The problems of one file."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems)
        self.problems = problems


def _load(file: Path) -> Exercise:
    if not SLUG.fullmatch(file.stem) or len(file.stem) > MAX_SLUG:
        raise _BrokenFile([f"{file.name}:1: name it in lower case with hyphens, up to {MAX_SLUG}"])
    try:
        source = file.read_text("utf-8")
        model = ExerciseModel.model_validate(tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))  # or else "at end of document"
        number = line[1] if line else len(source.splitlines())
        raise _BrokenFile([f"{file.name}:{number}: {error}"]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _BrokenFile([f"{file.name}:1: {error}"]) from error
    except ValidationError as error:
        raise _BrokenFile(_describe(file, source, error)) from error
    return model.build(file.stem)


def _describe(file: Path, source: str, error: ValidationError) -> list[str]:
    """Return a line for each problem, leaving out those that only follow from a deeper one."""
    details = error.errors()
    paths = [detail["loc"] for detail in details]
    lines = []
    for detail, path in zip(details, paths, strict=True):
        if any(other[: len(path)] == path and len(other) > len(path) for other in paths):
            continue
        where = ".".join(str(part) for part in path) or "the exercise"
        message = detail["msg"].removeprefix("Value error, ")
        value = detail["input"]
        found = f", not {value!r}" if isinstance(value, str | int | float) else ""
        lines.append(f"{file.name}:{_line_of(source, path)}: {where}: {message}{found}")
    return lines


def _line_of(source: str, loc: tuple[int | str, ...]) -> int:
    """Return the line, from 1, of a key in a TOML file; of the nearest table if it is missing.

    The standard library's parser keeps no positions, so this looks for headers and keys itself.
    """
    lines = source.splitlines()
    first, last = 0, next((i for i, line in enumerate(lines) if line.startswith("[")), len(lines))
    best = 0
    table, rest = (loc[0], loc[1:]) if loc else ("", ())
    headers = [
        i for i, line in enumerate(lines) if re.match(rf"\[+\s*{re.escape(str(table))}\s*\]", line)
    ]
    if headers:
        nth = rest[0] if rest and isinstance(rest[0], int) else 0
        best = headers[min(nth, len(headers) - 1)]
        first = best + 1
        last = next((i for i in range(first, len(lines)) if lines[i].startswith("[")), len(lines))
        loc = rest
    for part in loc:
        key = re.compile(rf"(?:^|[{{,\s]){re.escape(str(part))}\s*=")
        best = next((i for i in range(first, last) if key.search(lines[i])), best)
    return best + 1


def _clashes(exercises: list[Exercise]) -> Iterator[str]:
    """Yield a line for each name that two exercises share."""
    owners: dict[str, str] = {}
    for exercise in exercises:
        for name in {plain(n) for n in (exercise.slug, exercise.name, *exercise.aliases)}:
            if (owner := owners.setdefault(name, exercise.slug)) != exercise.slug:
                yield f"{exercise.slug}.toml:1: “{name}” is a name of {owner}.toml too"
