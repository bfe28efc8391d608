"""Reads a TOML file into a model, and names every line that is wrong."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

Loc = tuple[int | str, ...]
M = TypeVar("M", bound=BaseModel)


class BrokenFile(Exception):
    """The problems of one file, each as `file:line: key: what is wrong`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Parsed(Generic[M]):
    """A file that says what its model allows, and where it says it."""

    name: str
    source: str
    model: M

    def problem(self, loc: Loc, message: str) -> str:
        """Return a line about what stands at `loc`, in words that no model can know."""
        return _problem(self.name, self.source, loc, message)


def parse(file: Path, name: str, kind: type[M]) -> Parsed[M]:
    """Return what the file says; problems call it `name`.

    Raises:
        BrokenFile: it cannot be read, or says what it may not.
    """
    try:
        source = file.read_text("utf-8")
        return Parsed(name, source, kind.model_validate(tomllib.loads(source)))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))  # or else "at end of document"
        number = line[1] if line else len(source.splitlines())
        raise BrokenFile([f"{name}:{number}: {error}"]) from error
    except FileNotFoundError as error:
        raise BrokenFile([f"{name} is not here; is DATA_DIR the data folder?"]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenFile([f"{name}:1: {error}"]) from error
    except ValidationError as error:
        raise BrokenFile(_describe(name, source, error)) from error


def _describe(name: str, source: str, error: ValidationError) -> list[str]:
    """Return a line for each problem, leaving out those that only follow from a deeper one."""
    details = error.errors()
    paths = [detail["loc"] for detail in details]
    lines = []
    for detail, path in zip(details, paths, strict=True):
        if any(other[: len(path)] == path and len(other) > len(path) for other in paths):
            continue
        message = detail["msg"].removeprefix("Value error, ")
        value = detail["input"]
        found = f", not {value!r}" if isinstance(value, str | int | float) else ""
        lines.append(_problem(name, source, path, message + found))
    return lines


def _problem(name: str, source: str, loc: Loc, message: str) -> str:
    where = ".".join(str(part) for part in loc) or "the whole file"
    return f"{name}:{_line_of(source, loc)}: {where}: {message}"


def _line_of(source: str, loc: Loc) -> int:
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
