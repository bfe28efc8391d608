import contextlib
import itertools
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.days import DAY, Calendar, check_credit, creditable, parse_time, week_of
from bot.errors import BadTime, TooEarly, TooLate

# Half-hour and midnight changes of clock, a date skipped long ago, half-hour and whole offsets.
ZONES = [
    "Africa/Cairo",
    "America/Havana",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
]
HALF_HOURS = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
HALF_HOUR = timedelta(minutes=30)

each_zone = pytest.mark.parametrize("zone", ZONES)


def calendar(zone="Europe/London", post_time=time(7), day_end_hour=3):
    return Calendar(zone=ZoneInfo(zone), post_time=post_time, day_end_hour=day_end_hour)


def local(zone, *when, fold=0):
    return datetime(*when, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@cache
def clock_changes(zone):
    """The days from 2024 to 2028 on which the zone's offset changes, and one plain day."""
    days = [date(2024, 1, 1) + n * DAY for n in range(5 * 366)]
    offsets = [datetime.combine(day, time(12), ZoneInfo(zone)).utcoffset() for day in days]
    changes = [d for d, a, b in zip(days[1:], offsets, offsets[1:], strict=False) if a != b]
    return [date(2026, 7, 2), *changes]


calendars = st.builds(
    calendar,
    zone=st.sampled_from(ZONES),
    post_time=st.sampled_from(HALF_HOURS),
    day_end_hour=st.integers(0, 6),
)


@st.composite
def calendars_and_nows(draw):
    """A calendar and an instant within two days of a change of its clock."""
    cal = draw(calendars)
    day = draw(st.sampled_from(clock_changes(cal.zone.key)))
    off = draw(st.integers(-48 * 3600, 48 * 3600))
    return cal, datetime.combine(day, time(0), UTC) + timedelta(seconds=off)


class TestTheClubDay:
    @pytest.mark.parametrize(
        ("hour", "minute", "day"),
        [(2, 59, 1), (3, 0, 2), (12, 0, 2), (23, 59, 2)],
    )
    def test_ends_at_the_day_end_hour(self, hour, minute, day):
        now = local("Europe/London", 2026, 7, 2, hour, minute)
        assert calendar().day(now) == date(2026, 7, day)

    @pytest.mark.parametrize(("hour", "day"), [(0, 2), (6, 1)])
    def test_ends_when_the_club_says(self, hour, day):
        now = local("Europe/London", 2026, 7, 2, 5, 59)
        assert calendar(day_end_hour=hour).day(now) == date(2026, 7, day)

    def test_begins_at_the_post_in_a_club_that_posts_before_the_day_ends(self):
        early = calendar(post_time=time(1, 30))
        posted = local("Europe/London", 2026, 7, 2, 1, 30)
        assert early.begin(date(2026, 7, 2)) == early.due(date(2026, 7, 2)) == posted
        assert early.day(posted) == date(2026, 7, 2)
        assert early.day(posted - timedelta(seconds=1)) == date(2026, 7, 1)

    def test_does_not_come_back_in_a_repeated_hour(self):
        one = calendar("America/New_York", post_time=time(7), day_end_hour=1)
        passes = [local("America/New_York", 2026, 11, 1, 0, 59)]
        passes += [local("America/New_York", 2026, 11, 1, 1, 30, fold=fold) for fold in (0, 1)]
        assert [one.day(now).day for now in passes] == [31, 1, 1]

    @given(calendars_and_nows(), st.integers(0, 72 * 3600))
    def test_never_runs_backwards(self, pair, seconds):
        cal, now = pair
        assert cal.day(now) <= cal.day(now + timedelta(seconds=seconds))

    @given(calendars_and_nows())
    def test_lasts_from_its_beginning_to_the_next(self, pair):
        cal, now = pair
        day = cal.day(now)
        assert cal.begin(day) <= now < cal.begin(day + DAY)

    @given(calendars_and_nows())
    def test_begins_before_its_challenge_is_due(self, pair):
        cal, now = pair
        day = cal.day(now)
        assert cal.begin(day) <= cal.due(day)


class TestTheDueMoment:
    @each_zone
    def test_comes_once_a_day_and_in_order_whatever_the_clocks_do(self, zone):
        days = [date(2024, 1, 1) + n * DAY for n in range(5 * 366)]
        for post_time in (time(0), time(0, 30), time(2), time(7)):
            moments = [calendar(zone, post_time).due(day) for day in days]
            gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
            assert min(gaps) >= timedelta(hours=23)
            assert max(gaps) <= timedelta(hours=25)

    @each_zone
    def test_is_the_first_moment_that_the_wall_clock_shows_it_or_moves_forward(self, zone):
        for day in (d + n * DAY for d in clock_changes(zone) for n in (-1, 0, 1)):
            noon = datetime.combine(day, time(12), UTC)
            steps = [noon + n * HALF_HOUR for n in range(-56, 56)]
            shown = [now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for now in steps]
            jump = max(b - a for a, b in itertools.pairwise(shown)) - HALF_HOUR
            for post_time in HALF_HOURS:
                wall = datetime.combine(day, post_time)
                expected = wall if wall in shown else wall + jump
                assert calendar(zone, post_time).due(day) == steps[shown.index(expected)]

    @pytest.mark.parametrize(
        ("zone", "day", "post_time", "utc"),
        [
            ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "01:30"),  # 02:30 is skipped: 03:30
            ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "00:30"),  # the first of two
            ("Australia/Lord_Howe", date(2026, 10, 4), time(2), "15:30"),  # skips half an hour
            ("Asia/Beirut", date(2026, 3, 29), time(0), "22:00"),  # midnight is skipped
        ],
    )
    def test_on_a_day_of_change_is(self, zone, day, post_time, utc):
        assert f"{calendar(zone, post_time).due(day):%H:%M}" == utc

    @given(calendars_and_nows())
    @example((calendar("Pacific/Apia"), datetime(2011, 12, 30, 9, tzinfo=UTC)))  # no 30th there
    def test_that_comes_next_is_the_first_one_ahead(self, pair):
        cal, now = pair
        last, upcoming = cal.last_due(now), cal.next_due(now)
        assert cal.due(last) <= now < upcoming
        assert cal.last_due(upcoming - timedelta(microseconds=1)) == last
        assert cal.due(cal.last_due(upcoming)) == upcoming

    @given(calendars_and_nows())
    def test_at_the_very_moment_counts_as_due(self, pair):
        cal, now = pair
        upcoming = cal.next_due(now)
        assert cal.next_due(upcoming) > upcoming
        assert cal.last_due(upcoming) == cal.last_due(now) + DAY


class TestATimeOfDay:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("07:00", time(7)),
            ("7", time(7)),
            ("7am", time(7)),
            (" 7 AM ", time(7)),
            ("7.30 pm", time(19, 30)),
            ("7:30 p.m.", time(19, 30)),
            ("19h30", time(19, 30)),
            ("1930", time(19, 30)),
            ("730", time(7, 30)),
            ("0", time(0)),
            ("23:59", time(23, 59)),
            ("noon", time(12)),
            ("Midday", time(12)),
            ("midnight", time(0)),
            ("12am", time(0)),
            ("12:30am", time(0, 30)),
            ("12pm", time(12)),
            ("11pm", time(23)),
        ],
    )
    def test_is_read_as_people_write_it(self, typed, expected):
        assert parse_time(typed) == expected

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            " ",
            "24:00",
            "25",
            "7:60",
            "7:5",
            "0am",
            "13pm",
            "19pm",
            "-7",
            "7:00:00",
            "morning",
            "12345",
            "7am pm",
            "7;00",
            "noon pm",
        ],
    )
    def test_that_does_not_exist_is_refused_as_typed(self, typed):
        with pytest.raises(BadTime) as error:
            parse_time(typed)
        assert error.value.values == {"time": typed}

    @given(st.times().map(lambda t: t.replace(second=0, microsecond=0)))
    def test_is_understood_in_every_usual_form(self, wanted):
        for form in ("%H:%M", "%H.%M", "%H%M", "%I:%M%p", "%I.%M %p"):
            assert parse_time(wanted.strftime(form)) == wanted

    @given(st.text(alphabet="0123456789:.h apm½٣", max_size=8))
    def test_is_either_understood_or_refused(self, typed):
        with contextlib.suppress(BadTime):
            assert isinstance(parse_time(typed), time)


TODAY = date(2026, 7, 2)


@pytest.mark.parametrize(
    ("age", "days_back"), [(0, 0), (0, 1), (1, 1), (7, 7)], ids=lambda n: f"{n}"
)
def test_a_card_may_be_credited_while_it_is_young_enough(age, days_back):
    assert check_credit(TODAY - age * DAY, TODAY, days_back, calendar()) is None


@pytest.mark.parametrize(("age", "days_back"), [(1, 0), (2, 1), (8, 7)])
def test_an_older_card_is_too_late(age, days_back):
    with pytest.raises(TooLate):
        check_credit(TODAY - age * DAY, TODAY, days_back, calendar())


@pytest.mark.parametrize("days_back", [0, 1, 7])
def test_tomorrows_card_is_too_early(days_back):
    with pytest.raises(TooEarly):
        check_credit(TODAY + DAY, TODAY, days_back, calendar())


@given(st.dates(min_value=date(1, 1, 8)))
def test_a_week_begins_on_its_monday(day):
    monday = week_of(day)
    assert monday.isoweekday() == 1
    assert monday <= day <= monday + 6 * DAY


def test_a_challenge_is_never_due_before_its_day_begins():
    troll = Calendar(zone=ZoneInfo("Antarctica/Troll"), post_time=time(3), day_end_hour=2)
    spring = date(2026, 3, 29)  # the clock jumps two hours
    assert troll.begin(spring) <= troll.due(spring)


@pytest.mark.parametrize(("days_back", "oldest"), [(0, 31), (1, 29), (2, 28)])
def test_a_date_that_the_zone_skipped_is_not_counted_back(days_back, oldest):
    apia, today = calendar("Pacific/Apia"), date(2011, 12, 31)  # after the 29th
    assert check_credit(date(2011, 12, oldest), today, days_back, apia) is None
    with pytest.raises(TooLate):
        check_credit(date(2011, 12, oldest) - DAY, today, days_back, apia)


def test_a_date_that_a_zone_skipped_is_no_day():
    apia = Calendar(zone=ZoneInfo("Pacific/Apia"), post_time=time(7))
    hours = [datetime(2011, 12, 30, hour, tzinfo=UTC) for hour in range(24)]
    days = [apia.day(hour) for hour in hours]
    assert days == sorted(days)
    assert days[-1] == date(2011, 12, 31)


@pytest.mark.parametrize("days_back", range(8))
@pytest.mark.parametrize(("zone", "today"), [("UTC", (2026, 7, 2)), ("Pacific/Apia", (2012, 1, 3))])
def test_the_days_that_can_be_credited_are_those_that_are_let_pass(days_back, zone, today):
    calendar = Calendar(zone=ZoneInfo(zone), post_time=time(7))
    days = creditable(date(*today), days_back, calendar)
    assert len(days) == days_back + 1
    assert days == sorted(days, reverse=True)
    for n in range(-2, 12):
        day = date(*today) - n * DAY
        if day in days:
            check_credit(day, date(*today), days_back, calendar)
        elif day in calendar.days(day, day):  # a date that there was at all
            with pytest.raises((TooLate, TooEarly)):
                check_credit(day, date(*today), days_back, calendar)
