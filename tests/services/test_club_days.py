"""Every club day has one post, whatever the coach changes and however long the bot is away."""

import contextlib
import itertools
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.domain.challenge import Reason
from bot.errors import AlreadyPosted, ClubPaused
from tests.services.helpers import DAY, post_of, rows, set_up, utc

START = utc(2026, 7, 1, 12)
FIRST_CLUB = itertools.count(5000)

# East and west of the date line, half hours, and a change of clocks within the days of a test.
ZONES = [
    "Etc/GMT+12",
    "Pacific/Honolulu",
    "America/St_Johns",
    "Europe/London",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
]
TIMES = ["00:00", "02:30", "07:00", "12:00", "19:00", "23:30"]
OUTCOMES = ["sent", "sent", "lost", "refused", "forbidden", "crashed"]

set_ups = st.tuples(st.just("set_up"), st.sampled_from(ZONES), st.sampled_from(TIMES))
asked = st.tuples(st.sampled_from(["pause", "resume", "post_now", "mend", "leave", "return_"]))
nothing = st.just(("tick", "sent"))
minutes = st.one_of(st.integers(0, 180), st.integers(0, 30 * 60), st.integers(0, 12 * 24 * 60))
# What the coach does, and what the tick meets that comes so many minutes later.
turns = st.tuples(st.one_of(set_ups, set_ups, asked, nothing), minutes, st.sampled_from(OUTCOMES))
histories = st.lists(turns, min_size=5, max_size=20)


class History:
    """One club, and what reached its channel: when, and of which day."""

    def __init__(self, app, clock):
        self.app = app
        self.clock = clock
        self.club_id = next(FIRST_CLUB)
        self.sent = []
        clock.now = START

    async def set_up(self, zone, time):
        await set_up(self.app, club_id=self.club_id, timezone=zone, time=time)

    async def tick(self, outcome="sent"):
        """Do what the bot does every few seconds."""
        daily = self.app.daily
        if self.club_id in await daily.due():
            await self._send(await daily.claim(self.club_id), outcome)
        for club_id, day in await daily.unfinished():
            if club_id == self.club_id:
                await self._send(await daily.retry(club_id, day), outcome)

    async def post_now(self):
        with contextlib.suppress(AlreadyPosted, ClubPaused):
            await self._send(await self.app.daily.claim_now(self.club_id), "sent")

    async def mend(self):
        await self._send(await self.app.daily.mend(self.club_id), "sent")

    async def pause(self):
        await self.app.clubs.pause(self.club_id)

    async def resume(self):
        await self.app.clubs.resume(self.club_id)

    async def leave(self):
        await self.app.clubs.left(self.club_id)

    async def return_(self):
        await self.app.clubs.returned(self.club_id)

    async def _send(self, challenge, outcome):
        """Do to the challenge what Discord may: take it, lose the answer, refuse, be down."""
        if challenge is None:
            return
        post, daily = challenge.post, self.app.daily
        is_there = post.day in [day for _, day in self.sent]
        if outcome == "refused":
            await daily.failed(post, Reason.REJECTED)
        elif outcome == "forbidden" and not is_there:
            await daily.failed(post, Reason.FORBIDDEN)
        elif outcome != "crashed":
            if not is_there:  # else it is recognised by its nonce, or found
                self.sent.append((self.clock.now, post.day))
            if outcome != "lost":
                await daily.sent(challenge, 1)

    async def play(self, turns):
        await self.set_up("Europe/London", "07:00")
        for (name, *values), minutes, outcome in turns:
            await getattr(self, name)(*values)
            self.clock.advance(minutes=minutes)
            await self.tick(outcome)
        for go_on in (self.return_, self.resume, self.mend):
            await go_on()
        before = len(self.sent)
        for _ in range(30):
            self.clock.advance(hours=4)
            await self.tick()
        assert len(self.sent) >= before + 2  # in five days, of which a move west may cost three

    async def check(self):
        query = f"SELECT day, state FROM posts WHERE club_id = {self.club_id} ORDER BY day"
        found = [(date.fromisoformat(d), state) for d, state in rows(self.app.settings, query)]
        days = [day for day, _ in found]
        assert days == [days[0] + n * DAY for n in range(len(days))]
        assert {state for _, state in found} <= {"sent", "skipped", "failed"}
        posted = [day for _, day in self.sent]
        assert all(earlier < later for earlier, later in itertools.pairwise(posted))
        assert {day for day, state in found if state == "sent"} <= set(posted) <= set(days)


@pytest.fixture
def engine():
    return "sqlite"


def trying(examples):
    """Let a test with a club of its own per example share the database."""
    return settings(
        deadline=None,
        derandomize=True,
        max_examples=examples,
        phases=[Phase.generate],  # shrinking takes minutes: leave that to who debugs
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


async def prove(app, clock, turns):
    history = History(app, clock)
    await history.play(turns)
    await history.check()


@pytest.mark.slow
@trying(4)
@given(turns=histories)
async def test_every_club_day_ends_up_with_one_post(app, clock, turns):
    await prove(app, clock, turns)


@pytest.mark.slow
@trying(100)
@given(turns=histories)
async def test_every_club_day_ends_up_with_one_post_however_often_one_tries(app, clock, turns):
    await prove(app, clock, turns)


@pytest.fixture
def history(app, clock):
    """A club that the tests below set up as they need it."""
    return History(app, clock)


async def states(history):
    query = f"SELECT day, state, reason FROM posts WHERE club_id = {history.club_id} ORDER BY day"
    found = rows(history.app.settings, query)
    return {int(day[-2:]): reason or state for day, state, reason in found}


async def at(history, *when):
    history.clock.now = utc(*when)
    await history.tick()


async def test_a_move_east_over_a_whole_day_records_that_day_as_left_out(history):
    await history.set_up("Etc/GMT+12", "07:00")
    await at(history, 2026, 7, 1, 19)  # Wednesday at seven there
    await at(history, 2026, 7, 2, 14)  # still Wednesday: it is two in the night
    await history.set_up("Pacific/Kiritimati", "07:00")  # where it is Friday, four o'clock
    await at(history, 2026, 7, 2, 17)
    assert await states(history) == {1: "sent", 2: "left_out", 3: "sent"}


async def test_a_move_west_into_a_day_that_was_posted_waits_for_one_that_was_not(history):
    history.clock.now = utc(2026, 7, 2, 18)
    await history.set_up("Pacific/Auckland", "07:00")
    await at(history, 2026, 7, 2, 19)  # Friday at seven there
    saved = await set_up(history.app, club_id=history.club_id, timezone="Pacific/Honolulu")
    assert saved.club.next_due == utc(2026, 7, 4, 17)  # Saturday at seven there
    assert not saved.may_post_now
    await at(history, 2026, 7, 3, 17)
    assert await states(history) == {3: "sent"}
    await at(history, 2026, 7, 4, 17)
    assert await states(history) == {3: "sent", 4: "sent"}


@pytest.mark.parametrize(("outcome", "becomes"), [("sent", "sent"), ("refused", "rejected")])
async def test_a_day_is_not_posted_after_a_later_one_had_its_turn(history, outcome, becomes):
    history.clock.now = utc(2026, 7, 2, 18)
    await history.set_up("Pacific/Auckland", "07:00")
    history.clock.now = utc(2026, 7, 2, 19)
    await history.tick("refused")  # Friday's
    history.clock.now = utc(2026, 7, 3, 19)
    await history.tick(outcome)  # Saturday's
    await history.set_up("Pacific/Honolulu", "07:00")  # where it is Friday
    with pytest.raises(AlreadyPosted):
        await history.app.daily.claim_now(history.club_id)
    assert await states(history) == {3: "rejected", 4: becomes}


async def test_trouble_that_ends_after_a_move_west_brings_no_earlier_day(history):
    history.clock.now = utc(2026, 7, 2, 18)
    await history.set_up("Pacific/Auckland", "07:00")
    history.clock.now = utc(2026, 7, 2, 19)
    await history.tick("refused")  # Friday's
    history.clock.now = utc(2026, 7, 3, 19)
    await history.tick("lost")  # Saturday's, which is there
    await history.set_up("Pacific/Honolulu", "07:00")  # where it is Friday
    post = await post_of(history.app, date(2026, 7, 4), history.club_id)
    await history.app.daily.failed(post, Reason.FORBIDDEN)
    assert await history.app.daily.mend(history.club_id) is None
    assert await states(history) == {3: "rejected", 4: "forbidden"}


async def test_a_claim_without_outcome_is_given_up_once_a_later_day_is_posted(history):
    await history.set_up("Pacific/Honolulu", "23:30")
    history.clock.now = utc(2026, 7, 2, 9, 30)
    await history.tick("crashed")  # Wednesday's
    history.clock.advance(minutes=1)
    await history.set_up("Pacific/Kiritimati", "23:30")  # where it is Thursday
    await history.post_now()
    history.clock.advance(minutes=30)
    await history.tick()
    assert await states(history) == {1: "left_out", 2: "sent"}


async def test_a_set_up_after_days_away_records_the_days_that_were_missed(history):
    await history.set_up("Europe/London", "07:00")
    await at(history, 2026, 7, 2, 6)
    history.clock.now = utc(2026, 7, 5, 8)
    await history.set_up("Europe/London", "19:00")
    await at(history, 2026, 7, 5, 18)
    assert list(await states(history)) == [2, 3, 4, 5]
    assert (await states(history))[5] == "sent"


async def test_the_days_of_a_pause_are_left_out(history):
    await history.set_up("Europe/London", "07:00")
    await at(history, 2026, 7, 2, 6)
    await history.pause()
    await at(history, 2026, 7, 4, 12)
    await history.resume()
    await at(history, 2026, 7, 5, 6)
    left_out = {3: "left_out", 4: "left_out"}
    assert await states(history) == {2: "sent", **left_out, 5: "sent"}


async def test_a_date_that_the_zone_skipped_is_not_even_missed(history):
    history.clock.now = utc(2011, 12, 28, 12)
    await history.set_up("Pacific/Apia", "07:00")
    await at(history, 2011, 12, 28, 17)
    history.clock.now = utc(2011, 12, 31, 17)  # New Year's Day there
    await history.tick()
    assert await states(history) == {28: "sent", 29: "missed", 31: "missed", 1: "sent"}
