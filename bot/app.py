"""The composition root: everything the bot consists of below Discord, put together once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.content.catalogue import load_content
from bot.content.own_moves import MoveReader
from bot.content.zones import load_zones
from bot.domain.badges import Badge
from bot.domain.catalogue import Catalogue
from bot.domain.days import Clock
from bot.domain.knowledge import Knowledge
from bot.domain.zones import Gazetteer
from bot.pictures.studio import Studio
from bot.services.buddies import BuddyService
from bot.services.clubs import Clubs
from bot.services.daily import Daily
from bot.services.diary import Diary
from bot.services.guides import Guides
from bot.services.moves import Moves
from bot.services.own_moves import OwnMoves
from bot.services.practice import Practice
from bot.services.privacy import Privacy
from bot.services.recording import Recorder
from bot.services.reminders import Reminders
from bot.services.routines import Routines
from bot.services.scores import Scores
from bot.services.standings import Standings
from bot.services.voids import Voids
from bot.settings import Settings
from bot.storage.database import Database, open_database
from bot.texts import Texts, load_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What cogs and buttons ask."""

    settings: Settings
    clock: Clock
    database: Database
    catalogue: Catalogue
    knowledge: Knowledge
    zones: Gazetteer
    texts: Texts
    buddies: BuddyService
    clubs: Clubs
    daily: Daily
    moves: Moves
    own_moves: OwnMoves
    guides: Guides
    practice: Practice
    recorder: Recorder
    reminders: Reminders
    routines: Routines
    diary: Diary
    standings: Standings
    studio: Studio
    scores: Scores
    privacy: Privacy
    voids: Voids


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What ships as data: read once, the same for every app."""

    catalogue: Catalogue
    knowledge: Knowledge
    badges: tuple[Badge, ...]
    moves: MoveReader
    zones: Gazetteer
    texts: Texts


def load_library(data: Path) -> Library:
    """Return what the folder `data` holds.

    Raises:
        ContentError: naming every broken file and line.
    """
    content = load_content(data)
    return Library(
        catalogue=content.catalogue,
        knowledge=content.knowledge,
        badges=content.badges,
        moves=content.moves,
        zones=load_zones(),
        texts=load_texts(data),
    )


@asynccontextmanager
async def open_app(
    settings: Settings, clock: Clock, library: Library | None = None
) -> AsyncIterator[App]:
    """Yield the app with its database open and migrated, and close it afterwards.

    Raises:
        StartError: the library or the database is unusable.
    """
    library = library or load_library(settings.data_dir)
    database = await open_database(settings.database_url)
    moves = Moves(database, library.moves)
    daily = Daily(database, moves, clock)
    recorder = Recorder(database, moves, daily, clock, library.badges)
    practice = Practice(database, moves, library.knowledge, recorder, clock, library.badges)
    studio = Studio(settings.data_dir / "fonts")
    scores = Scores(database, clock)
    retention = timedelta(days=settings.retention_days)
    try:
        await scores.catch_up()
        yield App(
            settings=settings,
            clock=clock,
            database=database,
            catalogue=library.catalogue,
            knowledge=library.knowledge,
            zones=library.zones,
            texts=library.texts,
            buddies=BuddyService(database, daily, clock),
            clubs=Clubs(database, library.zones, scores, clock, retention),
            daily=daily,
            moves=moves,
            own_moves=OwnMoves(database, library.moves, moves, clock),
            guides=Guides(database, moves, clock, settings.guided_sets),
            practice=practice,
            recorder=recorder,
            routines=Routines(database, moves, practice, recorder, clock),
            reminders=Reminders(database, library.zones, daily, clock),
            diary=Diary(database, moves, daily, practice, clock),
            standings=Standings(database, clock),
            studio=studio,
            scores=scores,
            privacy=Privacy(database, daily, clock, retention),
            voids=Voids(database, moves, daily, clock, library.badges),
        )
    finally:
        studio.close()
        await database.close()
