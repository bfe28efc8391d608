"""Reads a TOML file into a model, and names every line that is wrong."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Loc = tuple[int | str, ...]
M = TypeVar("M", bound=BaseModel)

MOST_DOTS = 40  # in a line: of a key with thousands of them, tomllib makes gigabytes
LONGEST_VALUE = 60  # characters of what was found that a problem quotes


class BrokenFile(Exception):
    """The problems of one file, each as `file:line: key: what is wrong`.

    `count` is how many there are, of which `problems` may hold the first only.
    """

    def __init__(self, problems: list[str], count: int | None = None) -> None:
        super().__init__(problems)
        self.problems = problems
        self.count = len(problems) if count is None else count


@dataclass(frozen=True, slots=True)
class Parsed(Generic[M]):
    """A file that says what its model allows, and where it says it."""

    name: str
    source: str
    model: M

    def problem(self, loc: Loc, message: str) -> str:
        """Return a line about what stands at `loc`, in words that no model can know."""
        return _problem(self.name, _Lines(self.source), loc, message)


def parse(file: Path, name: str, kind: type[M]) -> Parsed[M]:
    """Return what the file says; problems call it `name`.

    Raises:
        BrokenFile: it cannot be read, or says what it may not.
    """
    try:
        source = file.read_text("utf-8")
    except FileNotFoundError as error:
        raise BrokenFile([f"{name} is not here; is DATA_DIR the data folder?"]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenFile([f"{name}:1: {error}"]) from error
    return parse_text(source, name, kind)


def parse_text(source: str, name: str, kind: type[M], most: int | None = None) -> Parsed[M]:
    """Return what the text of a TOML file says; of its problems name `most`, or else all.

    Raises:
        BrokenFile: it is no TOML, or says what it may not.
    """
    try:
        return Parsed(name, source, kind.model_validate(_load(source)))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))  # or else "at end of document"
        number = line[1] if line else len(source.splitlines())
        raise BrokenFile([f"{name}:{number}: {error}"]) from error
    except ValidationError as error:
        details = list(_causes(error))
        lines = _Lines(source)
        described = [
            _problem(name, lines, detail["loc"], problem_text(detail)) for detail in details[:most]
        ]
        raise BrokenFile(described, len(details)) from error


def _load(source: str) -> dict[str, Any]:
    """Return what the text says, whatever somebody may have put into it.

    Raises:
        tomllib.TOMLDecodeError: it is no TOML, or none that a person would write.
    """
    for number, line in enumerate(source.splitlines(), start=1):
        if line.count(".") > MOST_DOTS:
            raise tomllib.TOMLDecodeError(f"More than {MOST_DOTS} dots (at line {number})")
    try:
        return tomllib.loads(source)
    except RecursionError as error:
        raise tomllib.TOMLDecodeError("Nested too deeply (at line 1)") from error
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # a number with thousands of digits
        raise tomllib.TOMLDecodeError(f"{str(error).split(';')[0]} (at line 1)") from error


def _causes(error: ValidationError) -> Iterator[ErrorDetails]:
    """Yield the problems, leaving out those that only follow from a deeper one."""
    details = error.errors(include_url=False, include_context=False)
    followed = {detail["loc"][:i] for detail in details for i in range(len(detail["loc"]))}
    return (detail for detail in details if detail["loc"] not in followed)


def problem_text(detail: ErrorDetails) -> str:
    """Return what is wrong, and what was found if it is short enough to say."""
    message = detail["msg"].removeprefix("Value error, ")
    message = re.sub(r"<\w+\.\w+: ('[^']*')>", r"\1", message)  # how Python writes an enum's value
    value = detail["input"]
    if isinstance(value, int) and value.bit_length() > 64:
        return message
    if not isinstance(value, str | int | float):
        return message
    shown = value[:LONGEST_VALUE] + "…" if isinstance(value, str) and len(value) > 60 else value
    return f"{message}, not {shown!r}"


def _problem(name: str, lines: "_Lines", loc: Loc, message: str) -> str:
    where = ".".join(str(part) for part in loc if part != "[key]") or "the whole file"
    return f"{name}:{lines.number(loc)}: {where}: {message}"


_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")


@dataclass(slots=True)
class _Lines:
    """Where the keys of a TOML file stand; the standard library's parser keeps no positions."""

    source: str
    _lines: list[str] = field(init=False)
    _places: list[tuple[Loc, int]] = field(init=False)

    def __post_init__(self) -> None:
        self._lines = self.source.splitlines()
        self._places = list(_places(self._lines))

    def number(self, loc: Loc) -> int:
        """Return the line, from 1, of a key; of the nearest table if it is missing."""
        best, depth = 0, 0
        for path, at in self._places:
            common = _common(path, loc)
            if common > depth:
                best, depth = at, common
        return self._inside(best, loc[depth:]) + 1

    def _inside(self, start: int, rest: Loc) -> int:
        """Return the line of a key in a table that is written as a value from `start` on."""
        later = (at for _, at in self._places if at > start)
        end = next(later, len(self._lines))
        for part in rest:
            key = re.compile(rf"(?:^|[{{,\s]){re.escape(str(part))}\s*=")
            start = next((i for i in range(start, end) if key.search(self._lines[i])), start)
        return start


def _common(path: Loc, loc: Loc) -> int:
    """Return how many of their first parts are the same."""
    pairs = zip(path, loc, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(path), len(loc)))


def _places(lines: list[str]) -> Iterator[tuple[Loc, int]]:
    """Yield the full name of each table and key, and the index of its line."""
    entries: Counter[Loc] = Counter()  # how many an array of tables has had
    table: Loc = ()
    for at, line in enumerate(lines):
        if header := _HEADER.match(line):
            path = _resolve(header[2], (), entries)
            if header[1] == "[[":
                entries[path] += 1
                path = (*path, entries[path] - 1)
            table = path
            yield table, at
        elif key := _KEY.match(line):
            yield _resolve(key[1], table, entries), at


def _resolve(dotted: str, table: Loc, entries: Counter[Loc]) -> Loc:
    """Return the full name: behind an array of tables, the number of its latest entry."""
    path = table
    for part in re.findall(_PART, dotted):
        if path in entries:
            path = (*path, entries[path] - 1)
        path = (*path, part.strip("\"'"))
    return path
