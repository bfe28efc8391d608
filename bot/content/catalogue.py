"""Reads the exercises, what is known about them, and badges; names every broken file and line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from bot.content.badges import BadgesModel
from bot.content.knowledge import ReferencesModel, SafetyModel, TopicModel
from bot.content.models import ExerciseModel
from bot.content.own_moves import GapsModel, MoveReader
from bot.content.pictures import read_media
from bot.content.toml import BrokenFile, Parsed, parse
from bot.domain.badges import Badge
from bot.domain.catalogue import Catalogue
from bot.domain.knowledge import Knowledge
from bot.domain.matching import plain
from bot.domain.own_moves import OWN
from bot.errors import ContentError

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_SLUG = 40  # leaves room in a button's custom_id, which Discord limits to 100 characters

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Content:
    """What there is to learn and to earn."""

    catalogue: Catalogue
    knowledge: Knowledge
    badges: tuple[Badge, ...]
    moves: MoveReader
    """Reads what clubs add to it."""


def load_catalogue(data: Path) -> Catalogue:
    """Return the exercises alone; what is known about them must be whole all the same.

    Raises:
        ContentError: as for `load_content`.
    """
    return load_content(data).catalogue


def load_content(data: Path) -> Content:
    """Return what the folder `data` holds.

    The exercises have the pictures of `media`, if that folder is there.

    Raises:
        ContentError: one line for each problem of every file, as `file:line: key: what is wrong`.
    """
    problems: list[str] = []
    exercises = _folder(data, "exercises", ExerciseModel, problems)
    topics = _folder(data, "topics", TopicModel, problems)
    references = _file(data / "references.toml", "references.toml", ReferencesModel, problems)
    safety = _file(data / "safety.toml", "safety.toml", SafetyModel, problems)
    badges = _file(data / "badges.toml", "badges.toml", BadgesModel, problems)
    gaps = _file(data / "own-moves.toml", "own-moves.toml", GapsModel, problems)
    problems += _clashes((e, e.model.name, e.model.aliases) for e in exercises.values())
    problems += _clashes((t, t.model.title, t.model.complaints) for t in topics.values())
    if references:
        citing: list[Parsed[Any]] = [
            *exercises.values(),
            *topics.values(),
            *([safety] if safety else []),
        ]
        problems += _unknown_references(set(references.model.root), citing)
    problems += _unknown_moves(_slugs(data / "exercises"), topics)
    moves = [parsed.model.build(slug) for slug, parsed in exercises.items()]
    media = read_media(data / "media", problems)
    problems += media.problems(moves, _slugs(data / "exercises"))
    if problems or not references or not safety or not badges or not gaps:
        raise ContentError(data, problems)
    catalogue = Catalogue(map(media.illustrate, moves))
    knowledge = Knowledge(
        references={ref: one.build(ref) for ref, one in references.model.root.items()},
        topics=tuple(parsed.model.build(slug) for slug, parsed in topics.items()),
        safety=safety.model.build(),
    )
    return Content(
        catalogue=catalogue,
        knowledge=knowledge,
        badges=badges.model.build(),
        moves=MoveReader(
            catalogue=catalogue,
            references=knowledge.references,
            gaps=gaps.model,
            stop=knowledge.safety.stop,
        ),
    )


def _folder(data: Path, name: str, kind: type[M], problems: list[str]) -> dict[str, Parsed[M]]:
    """Return the good files of a folder by slug, and add what is wrong with the others."""
    files = sorted((data / name).glob("*.toml"))
    if not files:
        problems.append(f"no {name} (*.toml) here; is DATA_DIR the data folder?")
    found = {}
    for file in files:
        path = f"{name}/{file.name}"
        if not SLUG.fullmatch(file.stem) or len(file.stem) > MAX_SLUG:
            problems.append(f"{path}:1: name it in lower case with hyphens, up to {MAX_SLUG}")
        elif file.stem.startswith(OWN):
            problems.append(f"{path}:1: names with {OWN} are kept for the clubs’ own moves")
        elif parsed := _file(file, path, kind, problems):
            found[file.stem] = parsed
    return found


def _file(file: Path, name: str, kind: type[M], problems: list[str]) -> Parsed[M] | None:
    """Return the file if it is good, or else add what is wrong."""
    try:
        return parse(file, name, kind)
    except BrokenFile as broken:
        problems += broken.problems
        return None


def _slugs(folder: Path) -> set[str]:
    """Return the slugs of all files, of broken ones too: a topic may name what is being mended."""
    return {file.stem for file in folder.glob("*.toml")}


def _clashes(entries: Iterable[tuple[Parsed[M], str, tuple[str, ...]]]) -> Iterator[str]:
    """Yield a line for each name that two files of a folder share; the file's own is one, too."""
    owners: dict[str, str] = {}
    for parsed, name, others in entries:
        for known in sorted({plain(n) for n in (Path(parsed.name).stem, name, *others)}):
            if (owner := owners.setdefault(known, parsed.name)) != parsed.name:
                yield f"{parsed.name}:1: “{known}” is a name of {Path(owner).name} too"


def _unknown_references(known: set[str], files: Iterable[Parsed[Any]]) -> Iterator[str]:
    """Yield a line for each reference that `references.toml` does not hold."""
    for parsed in files:
        for loc, ref in parsed.model.citations():
            if ref not in known:
                yield parsed.problem(loc, f"references.toml has no {ref!r}")


def _unknown_moves(known: set[str], topics: dict[str, Parsed[TopicModel]]) -> Iterator[str]:
    """Yield a line for each move of a topic that no file in `exercises` describes."""
    for topic in topics.values():
        for slug in topic.model.moves:
            if slug not in known:
                yield topic.problem(("moves",), f"exercises has no {slug!r}")
