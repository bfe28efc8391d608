from datetime import UTC, timedelta

import pytest

from bot.domain.challenge import PostState, Reason
from tests.storage.samples import BIG, IN_TOKYO, NOON, TODAY, post

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
async def posts(database):
    async with database.write() as stores:
        yield stores.posts


@pytest.mark.parametrize(
    "changes",
    [{}, {"state": PostState.SKIPPED, "reason": Reason.MISSED}],
    ids=["claimed", "skipped"],
)
async def test_a_post_comes_back_as_it_was_added(posts, changes):
    assert await posts.add(post(**changes), NOON) is True
    assert await posts.get(BIG, TODAY) == post(**changes)


async def test_a_day_takes_one_post_and_keeps_the_first(posts):
    await posts.add(post(), NOON)
    assert await posts.add(post(slug="monster-steps", channel_id=5), NOON) is False
    assert await posts.get(BIG, TODAY) == post()


@pytest.mark.parametrize("other", [{"club_id": 1}, {"day": TOMORROW}])
async def test_another_club_or_day_is_free(posts, other):
    await posts.add(post(), NOON)
    assert await posts.get(**{"club_id": BIG, "day": TODAY, **other}) is None
    assert await posts.add(post(**other), NOON) is True


async def test_the_due_instant_comes_back_aware_and_in_utc(posts):
    await posts.add(post(due_at=IN_TOKYO), NOON)
    due_at = (await posts.get(BIG, TODAY)).due_at
    assert due_at == NOON
    assert due_at.tzinfo is UTC


@pytest.mark.parametrize("reason", list(Reason))
async def test_an_outcome_replaces_the_claim_of_that_day_alone(posts, reason):
    for day in (TODAY, TOMORROW):
        await posts.add(post(day=day), NOON)
    settled = post(
        state=PostState.FAILED,
        reason=reason,
        message_id=BIG,
        channel_id=4,
        due_at=NOON + timedelta(hours=1),
    )
    await posts.update(settled, PostState.CLAIMED, NOON)
    assert await posts.get(BIG, TODAY) == settled
    assert await posts.get(BIG, TOMORROW) == post(day=TOMORROW)


async def test_the_latest_post_is_that_of_the_latest_day(posts):
    assert await posts.latest(BIG) is None
    for day in (TODAY, TOMORROW, TODAY - timedelta(days=3)):
        await posts.add(post(day=day), NOON)
    await posts.add(post(club_id=1, day=TOMORROW + timedelta(days=1)), NOON)
    assert await posts.latest(BIG) == post(day=TOMORROW)


async def test_unfinished_are_the_old_claims_the_oldest_attempt_first(posts):
    for n, state in enumerate(PostState):
        await posts.add(post(club_id=n, state=state), NOON - timedelta(hours=1))
    await posts.add(post(club_id=10), NOON - timedelta(hours=2))
    await posts.add(post(club_id=11), NOON)
    await posts.add(post(club_id=12), NOON + timedelta(seconds=1))
    assert await posts.unfinished(IN_TOKYO) == [(10, TODAY), (0, TODAY), (11, TODAY)]


async def test_another_attempt_makes_a_claim_young_again(posts):
    await posts.add(post(), NOON)
    await posts.update(post(), PostState.CLAIMED, NOON + timedelta(minutes=5))
    assert await posts.unfinished(NOON + timedelta(minutes=4)) == []
    assert await posts.unfinished(NOON + timedelta(minutes=5)) == [(BIG, TODAY)]
