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
    assert await posts.add(post(**changes)) is True
    assert await posts.get(BIG, TODAY) == post(**changes)


async def test_a_day_takes_one_post_and_keeps_the_first(posts):
    await posts.add(post())
    assert await posts.add(post(slug="monster-steps", channel_id=5)) is False
    assert await posts.get(BIG, TODAY) == post()


@pytest.mark.parametrize("other", [{"club_id": 1}, {"day": TOMORROW}])
async def test_another_club_or_day_is_free(posts, other):
    await posts.add(post())
    assert await posts.get(**{"club_id": BIG, "day": TODAY, **other}) is None
    assert await posts.add(post(**other)) is True


async def test_the_due_instant_comes_back_aware_and_in_utc(posts):
    await posts.add(post(due_at=IN_TOKYO))
    due_at = (await posts.get(BIG, TODAY)).due_at
    assert due_at == NOON
    assert due_at.tzinfo is UTC


@pytest.mark.parametrize("reason", list(Reason))
async def test_an_outcome_replaces_the_claim_of_that_day_alone(posts, reason):
    for day in (TODAY, TOMORROW):
        await posts.add(post(day=day))
    settled = post(
        state=PostState.FAILED,
        reason=reason,
        message_id=BIG,
        channel_id=4,
        due_at=NOON + timedelta(hours=1),
        attempts=3,
        attempted_at=NOON + timedelta(hours=2),
    )
    await posts.update(settled, PostState.CLAIMED)
    assert await posts.get(BIG, TODAY) == settled
    assert await posts.get(BIG, TOMORROW) == post(day=TOMORROW)


async def test_the_latest_post_is_that_of_the_latest_day(posts):
    assert await posts.latest(BIG) is None
    for day in (TODAY, TOMORROW, TODAY - timedelta(days=3)):
        await posts.add(post(day=day))
    await posts.add(post(club_id=1, day=TOMORROW + timedelta(days=1)))
    assert await posts.latest(BIG) == post(day=TOMORROW)


def attempt(at, **changes):
    return post(attempted_at=at, **changes)


async def test_unfinished_are_the_claims_whose_delay_is_over_the_longest_waiting_first(posts):
    for n, state in enumerate(PostState):
        await posts.add(attempt(NOON - timedelta(hours=1), club_id=n, state=state))
    await posts.add(attempt(NOON - timedelta(hours=2), club_id=10))
    waiting = attempt(NOON, club_id=11)
    await posts.add(waiting)
    assert await posts.unfinished(IN_TOKYO) == [(10, TODAY), (0, TODAY)]
    assert await posts.unfinished(waiting.retry_at - timedelta(microseconds=1)) == [
        (10, TODAY),
        (0, TODAY),
    ]
    assert (11, TODAY) in await posts.unfinished(waiting.retry_at)


async def test_another_attempt_makes_a_claim_wait_longer(posts):
    await posts.add(post())
    again = attempt(NOON + timedelta(minutes=5), attempts=2)
    await posts.update(again, PostState.CLAIMED)
    assert again.retry_at - again.attempted_at > post().retry_at - post().attempted_at
    assert await posts.unfinished(again.retry_at - timedelta(seconds=1)) == []
    assert await posts.unfinished(again.retry_at) == [(BIG, TODAY)]
