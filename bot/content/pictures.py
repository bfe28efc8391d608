"""Reads which pictures of the exercises there are, and gives each rung its own."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, RootModel, StringConstraints, ValidationError

from bot.domain.exercise import Exercise, Picture

MANIFEST = "manifest.json"  # written by `make media`
LARGEST = 400_000  # bytes; the same limit holds when a figure is drawn

Alt = Annotated[str, StringConstraints(min_length=2, max_length=300, pattern=r"^\S.*\S$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+\.(gif|png)$")]


class FileModel(BaseModel):
    """One file beside the manifest."""

    name: Name
    bytes: int


class FilesModel(BaseModel):
    """The files of a picture that the bot shows."""

    gif: FileModel
    still: FileModel


class PictureModel(BaseModel):
    """A picture; without a rung it shows the exercise itself, whose file then describes it."""

    rung: str | None
    alt: Alt | None
    files: FilesModel


class EntryModel(BaseModel):
    """The pictures of one exercise."""

    pictures: tuple[PictureModel, ...]


class ManifestModel(RootModel[dict[str, EntryModel]]):
    """What was drawn, by the slug of the exercise."""


@dataclass(frozen=True, slots=True)
class Media:
    """The pictures of a folder, by the slug of their exercise."""

    folder: Path
    drawn: Mapping[str, EntryModel]

    def illustrate(self, exercise: Exercise) -> Exercise:
        """Return the exercise with a picture on every rung, if there is one."""
        entry = self.drawn.get(exercise.slug)
        if entry is None:
            return exercise
        own = {
            picture.rung or exercise.name: Picture(
                moving=self.folder / picture.files.gif.name,
                still=self.folder / picture.files.still.name,
                alt=picture.alt or exercise.alt_text,
            )
            for picture in entry.pictures
        }
        common = own.get(exercise.name)
        ladder = (replace(r, picture=own.get(r.name, common)) for r in exercise.ladder)
        return replace(exercise, ladder=tuple(ladder))

    def problems(self, exercises: Collection[Exercise], known: Collection[str]) -> Iterator[str]:
        """Yield a line for each picture of nothing, and each file that is not as it was drawn.

        `known` are the slugs of all exercises, of broken ones too.
        """
        rungs = {e.slug: {None, *(rung.name for rung in e.ladder)} for e in exercises}
        for slug, entry in self.drawn.items():
            if slug not in known:
                yield f"media/{MANIFEST}:1: {slug}: exercises has no {slug!r}"
            for picture in entry.pictures:
                if picture.rung not in rungs.get(slug, {picture.rung}):
                    yield f"media/{MANIFEST}:1: {slug}: its ladder has no {picture.rung!r}"
                if picture.rung is not None and picture.alt is None:
                    yield f"media/{MANIFEST}:1: {slug}: {picture.rung!r} has no description (alt)"
                for file in (picture.files.gif, picture.files.still):
                    yield from self._problems(file)

    def _problems(self, file: FileModel) -> Iterator[str]:
        path = self.folder / file.name
        size = path.stat().st_size if path.is_file() else None
        if size is None:
            yield f"media/{file.name}:1: it is not here; draw it with `make media`"
        elif size != file.bytes:
            yield f"media/{file.name}:1: {size} bytes, not {file.bytes}; draw it with `make media`"
        elif size > LARGEST:
            yield f"media/{file.name}:1: {size} bytes, more than {LARGEST}"


def read_media(folder: Path, problems: list[str]) -> Media:
    """Return what is in a folder, nothing if it is not there; add what is wrong with it."""
    if not folder.exists():
        return Media(folder, {})
    try:
        source = (folder / MANIFEST).read_text("utf-8")
        return Media(folder, ManifestModel.model_validate_json(source).root)
    except FileNotFoundError:
        problems.append(f"media/{MANIFEST} is not here; write it with `make media`")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"media/{MANIFEST}:1: {error}")
    except ValidationError as error:
        problems += (
            f"media/{MANIFEST}:1: {'.'.join(map(str, e['loc'])) or 'the whole file'}: {e['msg']}"
            for e in error.errors()
        )
    return Media(folder, {})
