"""What a board costs beside a plain GROUP BY over all completions, by how many there are.

Installations of 200 clubs, and one club of 100,000 members. The plain scan is that of a table
without a key, through the same connection; `keyed` is the same over our own table, which is kept
together by club. Scores are made with SQL out of what the rules say of each kind of member, and
a recount of some clubs proves that they are right before anything is measured.

`python -m benchmarks.boards large` takes ten million completions too, in a quarter of an hour.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    cast,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks import installation
from benchmarks.__main__ import page
from benchmarks.figures import Figure, table
from bot.domain.club import Club
from bot.domain.days import DAY, week_of
from bot.domain.scores import scores as scores_of
from bot.domain.standings import Kind, Period
from bot.domain.streaks import Record, Target, streak
from bot.services.clubs import existing_club
from bot.services.scores import Scores
from bot.services.standings import Standings, Wanted
from bot.storage.database import Database, open_database
from bot.storage.tables import (
    Instant,
    clubs,
    completions,
    members,
    score_counts,
    scores,
    targets,
)
from tests.postgres import find_binaries, serve

NOW = datetime(2026, 7, 2, 12, tzinfo=UTC)
TODAY = date(2026, 7, 2)  # a Thursday
CLUBS = 200
SAME_CLUB = 1  # has 5,000 completions in every installation
CLUB = 2  # has what all the others have
TARGET = 3
TIMES, SCANS = 40, 5
BATCH = 10_000
SCAN_GOAL, LARGE_GOAL, SAME_GOAL = 100, 50, 1.2
WEEK, ALL_TIME = Wanted(viewer_id=7), Wanted(period=Period.ALL, viewer_id=7)
STREAK = Wanted(kind=Kind.STREAK, viewer_id=7)
CONSISTENCY = Wanted(kind=Kind.CONSISTENCY, viewer_id=7)
BOARDS = {"week": WEEK, "all time": ALL_TIME, "streak": STREAK, "consistency": CONSISTENCY}
SINCE = {"week": week_of(TODAY), "all time": date.min}

RESULTS_LARGE = Path(__file__).with_name("RESULTS-boards.md")
HEAD = """# What boards cost among ten million completions

Made by `python -m benchmarks.boards large`; do not edit. Ratios within this one run count.
`plain` is a GROUP BY over a table without a key, `keyed` over our own, which is kept together by
club. Streaks and consistency expire: their boards count through their club's part of the index.
"""

helpers = MetaData()
member_kinds = Table(
    "bench_members",
    helpers,
    Column("club_id", BigInteger),
    Column("member_id", BigInteger),
    Column("kind", Integer),
)
kind_days = Table("bench_days", helpers, Column("kind", Integer, index=True), Column("day", Date))
kind_scores = Table(
    "bench_scores",
    helpers,
    Column("kind", Integer, index=True),
    Column("board", String),
    Column("points", Integer),
    Column("until", Date),
)


@dataclass(frozen=True)
class Size:
    """So many members a club, each with so many sessions on average."""

    clubs: int
    members: int
    sessions: int

    @property
    def completions(self) -> int:
        """About how many completions there are in all."""
        return self.clubs * self.members * self.sessions


SMALL = [Size(CLUBS, 10, 5), Size(CLUBS, 50, 10), Size(CLUBS, 250, 20)]
LARGE = Size(CLUBS, 250, 200)
ONE_CLUB = Size(1, 100_000, 10)


def days_of(kind: int, sessions: int) -> list[date]:
    """Return the days of a kind of member: up to twice as many as on average, or more apart."""
    number = 1 + kind // 3 % (2 * sessions - 1)
    return [TODAY - n * (1 + kind % 3) * DAY for n in range(number)]


@dataclass
class Installation:
    """A database with completions, and what was measured in it."""

    engine: str
    size: Size
    database: Database

    @property
    def club_id(self) -> int:
        """The club that is asked for its boards."""
        return CLUB if self.size.clubs > 1 else SAME_CLUB

    async def board(self, club_id: int, wanted: Wanted) -> None:
        """Read a board as the bot does."""
        board = await Standings(self.database, lambda: NOW).board(club_id, wanted)
        if not board.rows:
            raise AssertionError(f"{self.engine}, {self.size}: the board is empty")

    async def scan(self, table: str, since: date) -> None:
        """Read the first ten of the same board by a GROUP BY."""
        query = text(
            f"SELECT member_id, count(DISTINCT day) AS sessions FROM {table} "
            "WHERE club_id = :club AND day >= :since GROUP BY member_id "
            "ORDER BY sessions DESC LIMIT 10"
        ).bindparams(bindparam("since", since, Date), club=self.club_id)
        async with self.database.read() as stores:
            rows = (await stores.connection.execute(query)).all()
        if len(rows) != 10:
            raise AssertionError(f"the scan found {len(rows)} members")

    async def streaks(self) -> None:
        """Compute the streak of each member, as a board without stored streaks would."""
        async with self.database.read() as stores:
            club = await existing_club(stores, self.club_id)
            records = await stores.scores.records(self.club_id, 0, 2**62)
        for record in records.values():
            streak(record, club.targets, TODAY, club.calendar)


async def fill(connection: AsyncConnection, size: Size) -> None:
    """Insert clubs, members, completions and their scores, and a table without a key."""
    await connection.run_sync(helpers.create_all)
    kinds = 3 * (2 * max(size.sessions, SMALL[-1].sessions) - 1)
    ids = range(1, size.clubs + 1)
    await _insert(connection, clubs, (installation.club(n, n, NOW) for n in ids))
    first = Target(date(2024, 1, 1), TARGET)
    await _insert(
        connection,
        targets,
        ({"club_id": n, "from_week": first.from_week, "days": first.days} for n in ids),
    )
    club = Club(**_settings(), targets=(first,))
    # Members of the club that is the same everywhere have kinds of their own, from `kinds` on.
    for base, sessions in ((0, size.sessions), (kinds, SMALL[-1].sessions)):
        for kind in range(3 * (2 * sessions - 1)):
            await _insert_kind(connection, base + kind, days_of(kind, sessions), club)
    await _insert(connection, member_kinds, _members(size, kinds))
    await _derive(connection)


def _members(size: Size, kinds: int) -> Iterator[dict[str, Any]]:
    for club_id in range(1, size.clubs + 1):
        is_same = size.clubs > 1 and club_id == SAME_CLUB
        one = SMALL[-1] if is_same else size
        for n in range(one.members):
            kind = n * 7919 % (3 * (2 * one.sessions - 1)) + (kinds if is_same else 0)
            yield {"club_id": club_id, "member_id": n, "kind": kind}


async def _insert_kind(
    connection: AsyncConnection, kind: int, days: list[date], club: Club
) -> None:
    record = Record(days=frozenset(days), joined=min(days))
    held = scores_of(record, days, club, TODAY)
    await connection.execute(insert(kind_days), [{"kind": kind, "day": day} for day in days])
    await connection.execute(
        insert(kind_scores),
        [
            {"kind": kind, "board": board, "points": score.points, "until": score.until}
            for board, score in held.items()
        ],
    )


async def _derive(connection: AsyncConnection) -> None:
    m, d, k = member_kinds.c, kind_days.c, kind_scores.c
    name = literal("runner ", String) + cast(m.member_id, String)
    first_day = select(func.min(d.day)).where(d.kind == m.kind).scalar_subquery()
    await _copy(connection, members, ["club_id", "member_id", "name", "joined_on"],
                select(m.club_id, m.member_id, name, first_day))  # fmt: skip
    constant = literal("a-march", String), literal("standard", String), literal(NOW, Instant())
    done = select(m.club_id, m.member_id, d.day, *constant).join(kind_days, d.kind == m.kind)
    await _copy(connection, completions, completions.columns.keys(),
                done.order_by(m.club_id, m.member_id, d.day))  # fmt: skip
    has = select(m.club_id, m.member_id, k.board, k.points, k.until)
    has = has.join(kind_scores, k.kind == m.kind).order_by(m.club_id, m.member_id)
    await _copy(connection, scores, scores.columns.keys(), has)
    s = scores.c
    counts = select(s.club_id, s.board, s.points, func.count()).where(s.until.is_(None))
    await _copy(connection, score_counts, score_counts.columns.keys(),
                counts.group_by(s.club_id, s.board, s.points))  # fmt: skip
    await connection.execute(text("CREATE TABLE plain AS SELECT * FROM completions"))
    await connection.run_sync(helpers.drop_all)


async def _copy(
    connection: AsyncConnection, table: Table, columns: Iterable[str], rows: Any
) -> None:
    await connection.execute(insert(table).from_select(list(columns), rows))


async def _insert(
    connection: AsyncConnection, table: Table, rows: Iterator[dict[str, Any]]
) -> None:
    while batch := list(islice(rows, BATCH)):
        await connection.execute(insert(table), batch)


def _settings() -> dict[str, Any]:
    row = installation.club(1, 1, NOW)
    known = {"id", "channel_id", "zone", "post_time", "day_end_hour", "set_up_by", "set_up_at"}
    return {key: row[key] for key in known} | {"next_due": NOW}


@asynccontextmanager
async def opened(engine: str, size: Size, url: str) -> AsyncIterator[Installation]:
    """Yield the installation, filled and proved right."""
    database = await open_database(url)
    try:
        begin = time.perf_counter()
        async with database.write() as stores:
            await fill(stores.connection, size)
        if engine == "PostgreSQL":
            await _vacuum(url)
        for club_id in (SAME_CLUB, CLUB)[: size.clubs if size.clubs > 1 else 0]:
            found = await Scores(database, lambda: NOW).recount_club(club_id, is_mended=False)
            if found.wrong or not found.members:
                raise AssertionError(f"club {club_id} of {size} was filled wrongly: {found}")
        seconds = time.perf_counter() - begin
        print(f"{engine}, {size.completions:,}: filled in {seconds:.0f} s", flush=True)
        yield Installation(engine, size, database)
    finally:
        await database.close()


async def _vacuum(url: str) -> None:
    """Do what PostgreSQL does by itself a minute later."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def _time(read: Callable[[], Coroutine[Any, Any, None]], times: int) -> float:
    """Return the median in seconds, after a first time that is not counted."""
    await read()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        await read()
        taken.append(time.perf_counter() - begin)
    return median(taken)


async def measure(*, is_large: bool = False) -> list[Figure]:
    """Return the figures of both kinds of databases."""
    figures: list[Figure] = []
    sizes = [*SMALL, LARGE] if is_large else SMALL
    with TemporaryDirectory(dir=_memory()) as folder:
        for engine, new_url in _engines(Path(folder)):
            async with AsyncExitStack() as stack:
                places = [
                    await stack.enter_async_context(opened(engine, size, new_url()))
                    for size in (*sizes, ONE_CLUB)
                ]
                for place in places:
                    figures += await _compare(place)
                figures.append(await _same(places[0], places[len(sizes) - 1]))
    return figures


def _memory() -> str | None:
    """Return a folder in memory, if there is one: what is measured is not the disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _engines(folder: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    numbers = iter(range(100))
    yield "SQLite", lambda: installation.url(folder / f"{next(numbers)}.db")
    binaries = find_binaries()
    if binaries is not None:
        with _server(binaries) as empty:
            yield "PostgreSQL", empty


@contextmanager
def _server(binaries: Path) -> Iterator[Callable[[], str]]:
    with serve(binaries) as server:
        yield server.empty


async def _compare(place: Installation) -> list[Figure]:
    """Return a line for each board: its cost, and that of the scans that it replaces."""
    is_one = place.size.clubs == 1
    figures = []
    for name, wanted in BOARDS.items():
        cost = await _time(partial(place.board, place.club_id, wanted), TIMES)
        goal, is_met = "", None
        if name in SINCE:
            said, ratio = await _scans(place, SINCE[name], cost)
            least = LARGE_GOAL if is_one else SCAN_GOAL
            if is_one or place.size == LARGE:
                goal, is_met = f"≥ {least} × faster", ratio >= least
        else:
            said = await _computed(place, cost) if name == "streak" and not is_one else ""
        what = "one club of 100,000 members" if is_one else f"{place.size.clubs} clubs"
        figures.append(
            Figure(
                f"board of {name}, {place.size.completions:,} completions, {what}, {place.engine}",
                f"{cost * 1e3:.2f} ms{said}",
                goal,
                is_met,
            )
        )
    return figures


async def _scans(place: Installation, since: date, cost: float) -> tuple[str, float]:
    scan = await _time(lambda: place.scan("plain", since), SCANS)
    keyed = await _time(lambda: place.scan("completions", since), SCANS)
    said = (
        f"; a plain scan takes {scan / cost:,.1f} × as long ({scan * 1e3:,.1f} ms), "
        f"keyed {keyed / cost:,.1f} ×"
    )
    return said, scan / cost


async def _computed(place: Installation, cost: float) -> str:
    computed = await _time(place.streaks, 3)
    return f"; to compute those of its {place.size.members} members {computed / cost:,.1f} ×"


async def _same(small: Installation, large: Installation) -> Figure:
    """Return what the same club's board costs among few and among many rows of others."""
    taken: tuple[list[float], list[float]] = [], []
    for _ in range(5 * TIMES):  # in turns, so that the machine's moods hit both alike
        for place, seconds in zip((small, large), taken, strict=True):
            begin = time.perf_counter()
            await place.board(SAME_CLUB, WEEK)
            seconds.append(time.perf_counter() - begin)
    ratio = median(taken[1]) / median(taken[0])
    return Figure(
        f"the same club's board among {large.size.completions:,} completions, {large.engine}",
        f"{ratio:.2f} × that among {small.size.completions:,}",
        f"≤ {SAME_GOAL} ×",
        ratio <= SAME_GOAL,
    )


def main() -> None:
    """Measure; with `large`, write what came out to RESULTS_LARGE too."""
    is_large = "large" in sys.argv[1:]
    figures = asyncio.run(measure(is_large=is_large))
    print(table(figures))
    if is_large:
        RESULTS_LARGE.write_text(page(figures, HEAD), encoding="utf-8")


if __name__ == "__main__":
    main()
