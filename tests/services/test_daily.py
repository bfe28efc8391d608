import asyncio
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.challenge import LONGEST_DELAY, NONCE_HOLDS, PostState, Reason
from bot.domain.rotation import pick_daily
from bot.errors import AlreadyPosted, ClubPaused, NotSetUp, ZoneGone
from bot.services.daily import Challenge, Daily
from tests.services.helpers import (
    ANN,
    BEN,
    CHANNEL,
    CLUB,
    DAY,
    TODAY,
    change,
    done,
    post_of,
    rows,
    set_up,
    utc,
    with_only,
)

TOMORROW = TODAY + DAY
RETRY_AFTER = LONGEST_DELAY * 1.25
DUE = utc(2026, 7, 3, 6)  # when the club that is set up on Thursday first posts

pytestmark = pytest.mark.usefixtures("london")


@pytest.fixture
async def claimed(app, clock):
    """The challenge of Friday, claimed at its time."""
    clock.now = DUE
    return await app.daily.claim(CLUB)


class TestAClaim:
    async def test_is_due_at_its_moment_and_not_before(self, app, clock):
        clock.now = DUE - timedelta(seconds=1)
        assert await app.daily.due() == []
        assert await app.daily.claim(CLUB) is None
        clock.now = DUE
        assert await app.daily.due() == [CLUB]
        challenge = await app.daily.claim(CLUB)
        post = challenge.post
        assert (post.day, post.due_at, post.channel_id) == (TOMORROW, DUE, CHANNEL)
        assert (post.state, post.reason, post.message_id) == (PostState.CLAIMED, None, None)
        assert challenge.exercise == pick_daily(app.catalogue, challenge.club, TOMORROW)
        club = (await app.clubs.status(CLUB)).club
        assert challenge.club == replace(club, next_due=DUE)
        assert club.next_due == DUE + DAY
        assert await post_of(app, TOMORROW) == post

    async def test_is_given_to_one_of_twenty_who_ask_at_once(self, app, clock):
        clock.now = DUE
        claims = await asyncio.gather(*(app.daily.claim(CLUB) for _ in range(20)))
        assert sum(claim is not None for claim in claims) == 1
        assert await app.daily.due() == []

    async def test_is_given_to_one_of_two_processes(self, app, other_process, clock):
        clock.now = DUE
        claims = await asyncio.gather(
            *(daily.claim(CLUB) for daily in (app.daily, other_process.daily) for _ in range(10))
        )
        assert sum(claim is not None for claim in claims) == 1

    async def test_makes_the_next_day_due_next(self, claimed, app):
        assert (await app.clubs.status(CLUB)).club.next_due == DUE + DAY

    async def test_counts_who_did_the_move_already(self, app, clock):
        clock.now = DUE
        move = (await app.daily.today(CLUB)).exercise
        other = next(e for e in app.catalogue if e != move)
        await done(app, TOMORROW, ANN, slug=move.slug)
        await done(app, TOMORROW, BEN, slug=other.slug)
        assert (await app.daily.claim(CLUB)).done_by == 1

    @pytest.mark.parametrize(("hours", "is_posted"), [(0, True), (6, True), (6.001, False)])
    async def test_comes_late_within_the_catch_up_window_only(self, app, clock, hours, is_posted):
        clock.now = DUE + timedelta(hours=hours)
        assert (await app.daily.claim(CLUB) is not None) is is_posted
        post = await post_of(app, TOMORROW)
        expected = (PostState.CLAIMED, None) if is_posted else (PostState.SKIPPED, Reason.MISSED)
        assert (post.state, post.reason) == expected
        assert await app.daily.due() == []

    async def test_after_ten_days_away_is_todays_and_the_others_are_skipped(self, app, clock):
        clock.now = DUE + timedelta(days=10, hours=1)
        challenge = await app.daily.claim(CLUB)
        assert challenge.post.day == TOMORROW + 10 * DAY
        missed = [await post_of(app, TOMORROW + n * DAY) for n in range(10)]
        assert {(p.state, p.reason) for p in missed} == {(PostState.SKIPPED, Reason.MISSED)}
        assert [p.due_at for p in missed] == [DUE + n * DAY for n in range(10)]
        assert await app.daily.due() == []
        assert await app.daily.unfinished() == []

    async def test_of_a_server_that_is_no_club_is_refused(self, app):
        with pytest.raises(NotSetUp):
            await app.daily.claim(9)

    async def test_of_a_paused_club_is_nothing(self, app, clock):
        await app.clubs.pause(CLUB)
        clock.now = DUE + DAY
        assert await app.daily.claim(CLUB) is None
        assert await post_of(app, TOMORROW) is None

    async def test_of_a_club_with_a_broken_zone_leaves_the_others_alone(self, app, settings, clock):
        await set_up(app, club_id=8, time="06:59")
        await set_up(app, club_id=9)
        rows(settings, "UPDATE clubs SET zone = 'Europe/Atlantis' WHERE id = 8")
        clock.now = DUE
        assert sorted(await app.daily.due()) == [8, 9, CLUB]
        with pytest.raises(ZoneGone):
            await app.daily.claim(8)
        for club_id in (9, CLUB):
            assert (await app.daily.claim(club_id)).post.day == TOMORROW
        assert await app.daily.due() == [8]

    async def test_that_fails_half_way_is_made_again(self, app, clock, monkeypatch):
        async def fail(*_):
            raise RuntimeError("planted")

        clock.now = DUE
        monkeypatch.setattr("bot.storage.clubs.ClubStore.set_next_due", fail)
        with pytest.raises(RuntimeError, match="planted"):
            await app.daily.claim(CLUB)
        assert await post_of(app, TOMORROW) is None
        monkeypatch.undo()
        assert await app.daily.claim(CLUB) is not None


class TestARetry:
    async def test_waits_a_while_and_keeps_the_nonce(self, claimed, app, clock):
        assert await app.daily.unfinished() == []
        for attempts in (2, 3, 4):
            clock.now += RETRY_AFTER
            assert await app.daily.unfinished() == [(CLUB, TOMORROW)]
            again = await app.daily.retry(CLUB, TOMORROW)
            assert (again.post.attempts, again.post.attempted_at) == (attempts, clock.now)
            assert again.exercise == claimed.exercise
            assert again.post.nonce == claimed.post.nonce
            assert await app.daily.unfinished() == []

    @pytest.mark.parametrize(("later", "is_uncertain"), [(0, False), (1, True)])
    async def test_is_uncertain_once_discord_may_have_forgotten_the_nonce(
        self, claimed, app, clock, later, is_uncertain
    ):
        clock.now += NONCE_HOLDS + timedelta(microseconds=later)
        assert (await app.daily.retry(CLUB, TOMORROW)).is_uncertain is is_uncertain

    async def test_stops_after_the_catch_up_window(self, claimed, app, clock):
        clock.now = DUE + timedelta(hours=6)
        assert (await app.daily.retry(CLUB, TOMORROW)).post.nonce == claimed.post.nonce
        clock.now += RETRY_AFTER
        assert await app.daily.retry(CLUB, TOMORROW) is None
        post = await post_of(app, TOMORROW)
        assert (post.state, post.reason) == (PostState.SKIPPED, Reason.MISSED)
        clock.advance(hours=1)
        assert await app.daily.unfinished() == []

    async def test_of_a_day_without_a_post_does_nothing(self, app):
        assert await app.daily.retry(CLUB, TODAY) is None
        assert await post_of(app, TODAY) is None

    async def test_does_nothing_once_the_post_is_sent(self, claimed, app, clock):
        await app.daily.sent(claimed, 77)
        clock.now += RETRY_AFTER
        assert await app.daily.unfinished() == []
        assert await app.daily.retry(CLUB, TOMORROW) is None
        post = await post_of(app, TOMORROW)
        assert (post.state, post.message_id) == (PostState.SENT, 77)

    @pytest.mark.parametrize("reason", [r for r in Reason if r is not Reason.MISSED])
    async def test_does_nothing_once_the_post_failed(self, claimed, app, clock, reason):
        await app.daily.failed(claimed.post, reason)
        clock.now += RETRY_AFTER
        assert await app.daily.unfinished() == []
        assert await app.daily.retry(CLUB, TOMORROW) is None
        assert await app.daily.claim(CLUB) is None
        latest = (await app.clubs.status(CLUB)).latest
        assert (latest.state, latest.reason) == (PostState.FAILED, reason)

    async def test_survives_a_restart(self, claimed, app, clock):
        clock.now += RETRY_AFTER
        restarted = Daily(app.database, app.moves, clock)
        assert await restarted.unfinished() == [(CLUB, TOMORROW)]
        assert (await restarted.retry(CLUB, TOMORROW)).post.nonce == claimed.post.nonce


class TestPostingNow:
    async def test_leaves_nothing_more_to_post_that_day(self, app, clock):
        clock.now = DUE - timedelta(hours=1)
        challenge = await app.daily.claim_now(CLUB)
        assert (challenge.post.day, challenge.post.due_at) == (TOMORROW, clock.now)
        await app.daily.sent(challenge, 77)
        clock.now = DUE
        assert await app.daily.claim(CLUB) is None
        assert (await post_of(app, TOMORROW)).message_id == 77
        clock.now += DAY
        assert (await app.daily.claim(CLUB)).post.day == TOMORROW + DAY

    @pytest.mark.parametrize("outcome", ["claimed", "sent"])
    async def test_twice_is_refused(self, claimed, app, outcome):
        if outcome == "sent":
            await app.daily.sent(claimed, 77)
        before = await post_of(app, TOMORROW)
        with pytest.raises(AlreadyPosted):
            await app.daily.claim_now(CLUB)
        assert await post_of(app, TOMORROW) == before

    async def test_is_given_to_one_of_twenty_who_ask_at_once(self, app):
        asked = (app.daily.claim_now(CLUB) for _ in range(20))
        claims = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(isinstance(claim, AlreadyPosted) for claim in claims) == 19

    async def test_is_given_to_one_of_two_processes(self, app, other_process):
        asked = (p.daily.claim_now(CLUB) for p in (app, other_process) for _ in range(10))
        claims = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(isinstance(claim, AlreadyPosted) for claim in claims) == 19

    async def test_and_at_its_time_in_two_processes_is_one(self, app, other_process, clock):
        clock.now = DUE
        claims = await asyncio.gather(
            app.daily.claim(CLUB), other_process.daily.claim_now(CLUB), return_exceptions=True
        )
        assert sum(isinstance(claim, Challenge) for claim in claims) == 1
        assert (await app.clubs.status(CLUB)).club.next_due == DUE + DAY

    async def test_works_after_the_day_was_skipped(self, app, clock):
        clock.now = DUE + timedelta(hours=7)
        assert await app.daily.claim(CLUB) is None
        challenge = await app.daily.claim_now(CLUB)
        assert challenge.post.state is PostState.CLAIMED
        assert challenge.post.reason is None
        assert challenge.post == await post_of(app, TOMORROW)
        clock.now += RETRY_AFTER
        again = await app.daily.retry(CLUB, TOMORROW)
        assert again.post.nonce == challenge.post.nonce

    async def test_after_a_failure_goes_to_the_channel_chosen_since(self, claimed, app):
        await app.daily.failed(claimed.post, Reason.CHANNEL_GONE)
        await set_up(app, channel_id=4)
        challenge = await app.daily.claim_now(CLUB)
        assert (challenge.post.channel_id, challenge.post.reason) == (4, None)
        assert challenge.exercise == claimed.exercise

    async def test_is_refused_while_the_club_is_paused(self, app):
        await app.clubs.pause(CLUB)
        with pytest.raises(ClubPaused):
            await app.daily.claim_now(CLUB)
        assert await post_of(app, TODAY) is None

    async def test_is_refused_where_there_is_no_club(self, app):
        with pytest.raises(NotSetUp):
            await app.daily.claim_now(9)


class TestTheMoveOfADay:
    @pytest.mark.parametrize("outcome", ["claimed", "sent", "skipped"])
    async def test_stays_once_it_is_posted_whatever_the_library_becomes(
        self, app, library, clock, outcome
    ):
        day = TOMORROW + 5 * DAY
        clock.now = DUE + 5 * DAY + timedelta(hours=7 if outcome == "skipped" else 0)
        challenge = await app.daily.claim(CLUB)
        if outcome == "sent":
            await app.daily.sent(challenge, 77)
        slug = (await post_of(app, day)).slug
        club = (await app.clubs.status(CLUB)).club
        others = set()
        for left_out in app.catalogue:
            if left_out.slug != slug:
                smaller = Catalogue(e for e in app.catalogue if e != left_out)
                later = Daily(app.database, with_only(app, library, smaller), clock)
                assert (await later.today(CLUB)).exercise.slug == slug
                assert (await later.posted(CLUB, day)).exercise.slug == slug
                others.add(pick_daily(smaller, club, day).slug)
        assert others - {slug}  # what it would have become

    async def test_is_told_before_it_is_posted_and_is_what_will_be_posted(self, app, clock):
        clock.now = DUE - timedelta(hours=1)
        before = await app.daily.today(CLUB)
        assert before.day == TOMORROW
        clock.now = DUE
        challenge = await app.daily.claim(CLUB)
        assert (challenge.exercise, challenge.post.day) == (before.exercise, before.day)

    async def test_that_has_no_post_has_no_challenge(self, app):
        assert await app.daily.posted(CLUB, TODAY) is None

    async def test_of_a_server_that_is_no_club_is_refused(self, app):
        for ask in (app.daily.today(9), app.daily.posted(9, TODAY)):
            with pytest.raises(NotSetUp):
                await ask


async def test_outdated_cards_are_taken_once_however_many_clicked(app):
    for day in (TODAY, TODAY, TOMORROW):
        app.daily.outdate(CLUB, day)
    assert app.daily.take_outdated() == [(CLUB, TODAY), (CLUB, TOMORROW)]
    assert app.daily.take_outdated() == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "post_time", "start"),
    [
        ("America/New_York", "02:30", utc(2026, 3, 1)),  # skipped on 8 March
        ("Australia/Lord_Howe", "01:45", utc(2026, 3, 25)),  # twice on 5 April
        ("America/Havana", "00:00", utc(2026, 10, 25)),  # twice on 1 November
        ("Africa/Cairo", "00:00", utc(2026, 4, 15)),  # skipped on 24 April
    ],
)
async def test_every_day_has_one_post_whatever_clocks_and_outages_do(
    app, clock, zone, post_time, start
):
    rng = random.Random(1)
    clock.now = start
    club = (await set_up(app, club_id=9, timezone=zone, time=post_time)).club
    posted, ticks = [], []
    while clock.now < start + 25 * DAY:
        ticks.append(clock.now)
        if 9 in await app.daily.due() and (challenge := await app.daily.claim(9)):
            posted.append(challenge.post.day)
            await app.daily.sent(challenge, 1)
        clock.advance(minutes=rng.choice([1, 60, 300, 300, 1200, 3000]))
    calendar = club.calendar
    first, last = calendar.last_due(start) + DAY, calendar.last_due(ticks[-1])
    days = [first + n * DAY for n in range((last - first).days + 1)]
    window = timedelta(hours=6)
    in_time = [d for d in days if any(timedelta(0) <= t - calendar.due(d) <= window for t in ticks)]
    assert posted == in_time
    assert 3 < len(in_time) < len(days)
    for day in days:
        state = PostState.SENT if day in in_time else PostState.SKIPPED
        assert (await post_of(app, day, 9)).state is state


async def test_the_catch_up_window_is_the_clubs_own(app, clock):
    await change(app, catch_up=timedelta(minutes=10))
    clock.now = DUE + timedelta(minutes=11)
    assert await app.daily.claim(CLUB) is None
    assert (await post_of(app, TOMORROW)).state is PostState.SKIPPED


async def test_a_stale_outcome_never_unsends(app, claimed, clock):
    clock.advance(seconds=RETRY_AFTER.total_seconds())
    again = await app.daily.retry(CLUB, claimed.post.day)
    await app.daily.sent(again, 77)
    await app.daily.failed(claimed.post, Reason.FORBIDDEN)
    post = await post_of(app, claimed.post.day)
    assert (post.state, post.message_id) == (PostState.SENT, 77)


async def test_a_club_paused_since_is_not_posted_to_by_a_retry(app, claimed, clock):
    await app.clubs.pause(CLUB)
    clock.advance(seconds=RETRY_AFTER.total_seconds())
    assert await app.daily.retry(CLUB, claimed.post.day) is None
    post = await post_of(app, claimed.post.day)
    assert (post.state, post.reason) == (PostState.SKIPPED, Reason.PAUSED)


async def test_posting_ahead_of_time_announces_tomorrows(app):
    await set_up(app, time="20:00")
    await app.daily.claim_now(CLUB)
    assert (await app.clubs.status(CLUB)).club.next_due == utc(2026, 7, 3, 19)


async def test_a_move_that_left_the_library_does_not_break_its_day(app, library, claimed, clock):
    smaller = Catalogue(e for e in app.catalogue if e != claimed.exercise)
    later = Daily(app.database, with_only(app, library, smaller), clock)
    today = await later.today(CLUB)
    assert today.exercise in smaller
    assert (await later.posted(CLUB, today.day)).exercise == today.exercise


async def test_two_processes_do_not_take_up_the_same_claim_one_after_the_other(app, claimed, clock):
    clock.now += RETRY_AFTER
    other = Daily(app.database, app.moves, clock)
    assert await app.daily.unfinished() == await other.unfinished() == [(CLUB, TOMORROW)]
    assert await app.daily.retry(CLUB, TOMORROW) is not None
    clock.advance(seconds=1)
    assert await other.retry(CLUB, TOMORROW) is None


@pytest.mark.parametrize("attempts", [1, 2])
async def test_a_failure_after_a_lost_reply_leaves_it_uncertain_where_the_post_is(
    app, claimed, clock, attempts
):
    post = claimed.post
    if attempts == 2:  # whose first reply may have been lost
        clock.now += RETRY_AFTER
        post = (await app.daily.retry(CLUB, TOMORROW)).post
    await app.daily.failed(post, Reason.FORBIDDEN)
    assert (await app.daily.mend(CLUB)).is_uncertain is (attempts == 2)


async def test_posting_now_after_a_retry_failed_looks_first(app, claimed, clock):
    clock.now += RETRY_AFTER
    again = await app.daily.retry(CLUB, TOMORROW)
    await app.daily.failed(again.post, Reason.REJECTED)
    assert (await app.daily.claim_now(CLUB)).is_uncertain
