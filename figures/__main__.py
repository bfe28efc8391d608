"""The command line: `python -m figures build`, `check`, and `sheet SLUG` for authors."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from figures import contact
from figures.checks import check as check_motion
from figures.media import Media, faults
from figures.motion import Motion
from figures.pose import Story
from figures.reader import SheetError, read_stories

cli = typer.Typer(no_args_is_help=True, add_completion=False, help="Draws the moves.")
say = Console(soft_wrap=True, highlight=False, markup=False).print
complain = Console(stderr=True, soft_wrap=True, highlight=False, markup=False).print


@cli.command()
def build(
    every: Annotated[bool, typer.Option("--all", help="Also what has not changed.")] = False,
) -> None:
    """Draw the moves that changed into data/media."""
    media = Media()
    _check_sheets(media)
    slugs = media.slugs() if every else media.stale()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("Drawing", total=len(slugs))
        for slug in media.build(slugs):
            bar.update(task, advance=1, description=slug)
    _report(media)


@cli.command()
def check() -> None:
    """Check every frame of every sheet, and that the pictures are those of the sheets."""
    media = Media()
    stories = _check_sheets(media)
    _report(media)
    if changed := [fault for story in stories for fault in faults(story, media.folder)]:
        _fail([*changed, "`make media ARGS=--all` draws all anew."])
    frames = sum(len(Motion(story).moments) for story in stories)
    say(f"{len(stories)} pictures, {frames} frames: all is well.")


@cli.command()
def sheet(
    slug: str,
    frames: Annotated[int, typer.Option(min=1, max=60)] = 6,
    theme: Annotated[str, typer.Option(help="night or day")] = "night",
    out: Annotated[Path, typer.Option(help="where the page goes")] = Path("contact.png"),
) -> None:
    """Draw a contact sheet of one move: its strip, and frames of its animation."""
    path = Media().sheet(slug)
    if not path.exists():
        _fail([f"{slug}: there is no {path.name}"])
    stories = _read([path])
    page = contact.stack(contact.sheet(Motion(story), frames, theme) for story in stories)
    page.save(out)
    for problem in (p for story in stories for p in check_motion(Motion(story))):
        complain(str(problem))
    say(f"{out}: look at it.")


@cli.command()
def page(
    theme: Annotated[str, typer.Option(help="night or day")] = "night",
    out: Annotated[Path, typer.Option(help="where the page goes")] = Path("page.png"),
) -> None:
    """Put the strips of all pictures on one page."""
    media = Media()
    name = {"night": "strip", "day": "strip_day"}[theme]
    entries = media.manifest().values()
    files = [picture["files"][name]["name"] for e in entries for picture in e["pictures"]]
    contact.page([Image.open(media.folder / file) for file in files]).save(out)
    say(f"{out}: {len(files)} strips.")


def _check_sheets(media: Media) -> list[Story]:
    stories = _read(media.sheet(slug) for slug in media.slugs())
    problems = [str(p) for story in stories for p in check_motion(Motion(story))]
    if problems:
        _fail(problems)
    return stories


def _read(paths: Iterable[Path]) -> list[Story]:
    stories: list[Story] = []
    problems: list[str] = []
    for path in paths:
        try:
            stories += read_stories(path)
        except SheetError as error:
            problems += error.problems
    if problems:
        _fail(problems)
    return stories


def _report(media: Media) -> None:
    problems = list(media.problems())
    if problems:
        _fail([*problems, "`make media` draws what is missing."])


def _fail(problems: list[str]) -> NoReturn:
    for problem in problems:
        complain(problem)
    sys.exit(1)


if __name__ == "__main__":
    cli()
