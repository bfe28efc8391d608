from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from bot.domain.scores import Score
from bot.domain.standings import Spread
from bot.storage.members import Named
from bot.storage.scores import MemberScore, Place
from bot.storage.tables import members
from tests.storage.samples import BIG, NOON, TODAY

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
async def stores(database):
    async with database.write() as stores:
        yield stores


async def save(stores, points, board="all", club=1, until=None):
    """Record the points of members, by id."""
    rows = [MemberScore(club, m, board, Score(p, until)) for m, p in points.items()]
    await stores.scores.save(rows)
    await stores.scores.shift(Counter((club, board, p) for p in points.values()))


async def page(stores, limit=10, offset=0, board="all"):
    found = await stores.scores.page(1, board, TODAY, limit, offset)
    return [(place.member_id, place.points) for place in found]


async def test_a_page_is_in_the_order_of_the_points_and_equals_in_one_order(stores):
    await save(stores, {5: 2, 3: 9, 4: 2, BIG: 2})
    await save(stores, {6: 100}, board="2026-07")
    await save(stores, {7: 100}, club=2)
    assert await page(stores) == [(3, 9), (4, 2), (5, 2), (BIG, 2)]
    assert await page(stores, limit=2, offset=1) == [(4, 2), (5, 2)]
    assert await page(stores, offset=4) == []


async def test_a_page_shows_the_latest_name_in_this_club(stores):
    for name in ("Ann", "Ann", "Änn 🏃", "Robert'); DROP TABLE members;--"):
        await stores.members.save_names([Named(1, 2, name, TODAY)])
    await stores.members.save_names([Named(9, 2, "Ann of nine", TODAY)])
    await save(stores, {2: 5, 3: 1})
    hers, nameless = await stores.scores.page(1, "all", TODAY, 10, 0)
    assert hers == Place(2, "Robert'); DROP TABLE members;--", 5)
    assert nameless.name == ""


async def test_a_score_that_has_expired_is_on_no_page_and_in_no_spread(stores):
    await save(stores, {1: 3}, board="streak", until=YESTERDAY)
    await save(stores, {2: 2}, board="streak", until=TODAY)
    assert await page(stores, board="streak") == [(2, 2)]
    assert await stores.scores.spread_now(1, "streak", TODAY) == Spread({2: 1})
    viewer, _ = await stores.scores.viewer(1, "streak", TODAY, 1)
    assert viewer.points == 0


async def test_saving_again_replaces_the_score(stores):
    await save(stores, {1: 3}, until=YESTERDAY)
    await save(stores, {1: 4})
    assert await page(stores) == [(1, 4)]


async def test_counts_are_shifted_up_and_down_and_nobody_is_not_counted(stores):
    await stores.scores.shift({(1, "all", 3): 2, (1, "all", 4): 1, (2, "all", 3): 7})
    await stores.scores.shift({(1, "all", 3): -1, (1, "all", 4): -1, (1, "all", 5): 1})
    assert await stores.scores.spreads(1, ["all", "2026-07"]) == {
        "all": Spread({3: 1, 5: 1}),
        "2026-07": Spread({}),
    }


async def test_nothing_to_write_is_no_statement(stores):
    await stores.scores.save([])
    await stores.scores.shift({(1, "all", 3): 0})
    await stores.scores.delete([])
    assert await stores.scores.spreads(1, ["all"]) == {"all": Spread({})}


async def mark(stores, member, **values):
    await stores.members.save_names([Named(1, member, f"m{member}", TODAY)])
    which = (members.c.club_id == 1) & (members.c.member_id == member)
    await stores.connection.execute(update(members).where(which).values(**values))


async def test_who_is_hidden_or_left_is_on_no_page_and_counted_apart(stores):
    await save(stores, {1: 5, 2: 4, 3: 4, 4: 3})
    await mark(stores, 1, is_hidden=True)
    await mark(stores, 3, left_at=NOON)
    assert await page(stores) == [(2, 4), (4, 3)]
    assert await stores.scores.unlisted(1, "all", TODAY) == Spread({5: 1, 4: 1})
    assert (await stores.scores.viewer(1, "all", TODAY, 1))[0].is_hidden
    assert not (await stores.scores.viewer(1, "all", TODAY, 2))[0].is_hidden


async def test_a_viewer_whom_nobody_knows_has_nothing(stores):
    viewer, name = await stores.scores.viewer(1, "all", TODAY, 5)
    assert (viewer.points, viewer.is_hidden, viewer.joined, name) == (0, False, None, "")


async def test_newcomers_are_those_who_began_since_and_are_named(stores):
    await save(stores, {1: 5, 2: 4, 3: 3})
    for member, joined in ((1, YESTERDAY), (2, TODAY), (3, TODAY), (4, TODAY)):
        await mark(stores, member, joined_on=joined)
    await mark(stores, 3, is_hidden=True)
    found = await stores.scores.newcomers(1, "all", TODAY, TODAY, 10)
    assert sorted(found) == [0, 4]
    assert len(await stores.scores.newcomers(1, "all", TODAY, TODAY, 1)) == 1


async def test_a_page_is_read_from_the_index_alone(stores, engine):
    """Else a large club would be sorted for each board."""
    if engine == "postgresql":
        await stores.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN"
    else:
        explain = "EXPLAIN QUERY PLAN"
    rows = await stores.connection.execute(
        text(
            f"{explain} SELECT member_id, points FROM scores WHERE club_id = 1 AND board = 'all' "
            "AND (until IS NULL OR until >= '2026-07-02') ORDER BY points DESC, member_id LIMIT 10"
        )
    )
    plan = " ".join(str(column) for row in rows for column in row)
    assert "ix_scores_rank" in plan
    assert "Sort" not in plan
    assert "B-TREE" not in plan


async def test_hidden_members_are_found_by_their_own_index(stores, engine):
    is_hidden = "is_hidden" if engine == "postgresql" else "is_hidden = 1"
    explain = "EXPLAIN" if engine == "postgresql" else "EXPLAIN QUERY PLAN"
    if engine == "postgresql":
        await stores.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    rows = await stores.connection.execute(
        text(
            f"{explain} SELECT member_id FROM members WHERE club_id = 1 "
            f"AND ({is_hidden} OR left_at IS NOT NULL)"
        )
    )
    assert "ix_members_unlisted" in " ".join(str(column) for row in rows for column in row)
