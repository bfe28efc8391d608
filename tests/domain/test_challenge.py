from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.challenge import (
    FIRST_DELAY,
    LONGEST_DELAY,
    NONCE_HOLDS,
    Post,
    PostState,
    retry_delay,
)

snowflakes = st.integers(1, 2**64 - 1)
days = st.dates(date(2024, 1, 1), date(2098, 12, 31))


def nonce(club_id, day):
    return Post(
        club_id=club_id,
        day=day,
        slug="a-march",
        channel_id=1,
        due_at=datetime(2026, 7, 2, tzinfo=UTC),
        attempted_at=datetime(2026, 7, 2, tzinfo=UTC),
        state=PostState.CLAIMED,
    ).nonce


def test_the_longest_nonce_fits_what_discord_takes():
    assert len(nonce(2**64 - 1, date(2026, 12, 31))) <= 25


@given(st.tuples(snowflakes, days), st.tuples(snowflakes, days))
def test_a_nonce_belongs_to_one_club_and_day(one, other):
    assert (nonce(*one) == nonce(*other)) == (one == other)


@given(snowflakes, days)
def test_neighbours_in_club_day_month_and_year_have_different_nonces(club, day):
    days = [day + timedelta(days=n) for n in (0, 1, 31, 365, 366)]
    assert len({nonce(c, d) for c in (club, club + 1) for d in days}) == 10


@given(st.integers(0, 2**63 - 1))
def test_a_retry_waits_longer_each_time_up_to_a_bound(club_id):
    delays = [retry_delay(club_id, attempts) for attempts in range(1, 12)]
    assert delays[:5] == sorted(delays[:5])
    assert delays[0] >= FIRST_DELAY
    assert max(delays) <= LONGEST_DELAY * 1.25


def test_clubs_do_not_all_come_back_at_the_same_moment():
    assert len({retry_delay(club_id, 5) for club_id in range(1000)}) > 200


def test_the_first_retry_comes_while_discord_still_knows_the_nonce():
    assert max(retry_delay(club_id, 1) for club_id in range(1000)) < NONCE_HOLDS
