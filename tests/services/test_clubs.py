import asyncio
from datetime import date, time, timedelta
from itertools import product

import pytest

from bot.domain.challenge import PostState
from bot.domain.rotation import pick_daily
from bot.domain.streaks import Target
from bot.errors import (
    BadDate,
    BadTime,
    BadWeekday,
    BadZone,
    EveryoneRole,
    MissingPermission,
    NotSetUp,
    Problems,
    RaceOutOfReach,
    UnknownRace,
    UserError,
)
from bot.services.clubs import Training
from tests.services.helpers import (
    ANN,
    CHANNEL,
    CLUB,
    COACH,
    DAY,
    TODAY,
    change,
    done,
    post_of,
    rows,
    set_up,
    utc,
)

MONDAY = date(2026, 6, 29)
NEXT_MONDAY = date(2026, 7, 6)
TOMORROW_AT_SEVEN = utc(2026, 7, 3, 6)  # in London


class TestSettingUp:
    async def test_saves_what_the_coach_chose(self, app, clock):
        saved = await set_up(app, time="7.30 pm", timezone="new york", role_id=5, target=4)
        club = saved.club
        assert (club.id, club.channel_id, club.role_id) == (CLUB, CHANNEL, 5)
        assert (club.zone, club.post_time) == ("America/New_York", time(19, 30))
        assert (club.set_up_by, club.set_up_at) == (COACH, clock.now)
        assert saved.before is None
        assert saved.club.next_due == utc(2026, 7, 2, 23, 30)
        status = await app.clubs.status(CLUB)
        assert (status.club, status.latest) == (club, None)

    async def test_after_todays_time_begins_with_tomorrow(self, london, app):
        assert london.club.next_due == TOMORROW_AT_SEVEN
        assert await app.daily.due() == []

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"time": "25:00"}, BadTime),
            ({"timezone": "Middle Earth"}, BadZone),
            ({"role_id": CLUB}, EveryoneRole),
            ({"missing": ("view_channel", "send_messages")}, MissingPermission),
        ],
    )
    async def test_with_one_mistake_names_it_and_saves_nothing(self, app, settings, wrong, error):
        with pytest.raises(error):
            await set_up(app, **wrong)
        assert rows(settings, "SELECT * FROM clubs") == rows(settings, "SELECT * FROM targets")

    async def test_with_every_mistake_names_all_and_leaves_the_club_as_it_was(self, london, app):
        wrong = {"time": "x", "timezone": "", "role_id": CLUB, "missing": ("send_messages",)}
        with pytest.raises(Problems) as error:
            await set_up(app, **wrong, channel_id=9, target=7)
        kinds = [type(problem) for problem in error.value.problems]
        assert kinds == [BadTime, BadZone, EveryoneRole, MissingPermission]
        assert error.value.problems[-1].values == {
            "permissions": ("send_messages",),
            "channel": 9,
        }
        status = await app.clubs.status(CLUB)
        assert status.club == london.club

    async def test_twice_at_once_lets_the_last_win_and_shows_what_it_replaced(self, app):
        saves = await asyncio.gather(
            *(set_up(app, coach_id=n, channel_id=n, role_id=n) for n in (1, 2))
        )
        last = next(saved for saved in saves if saved.before)
        first = next(saved for saved in saves if not saved.before)
        assert last.before == first.club
        assert (await app.clubs.status(CLUB)).club == last.club

    async def test_by_many_at_once_in_two_processes_goes_one_after_the_other(
        self, app, other_process
    ):
        saves = await asyncio.gather(
            *(set_up(app, channel_id=n) for n in range(1, 9)),
            *(set_up(other_process, channel_id=n) for n in range(9, 17)),
        )
        replaced = [saved.before.channel_id for saved in saves if saved.before]
        assert len(replaced) == len(set(replaced)) == 15
        [last] = {saved.club.channel_id for saved in saves} - set(replaced)
        assert (await app.clubs.status(CLUB)).club.channel_id == last

    async def test_again_keeps_the_rules_of_the_club(self, london, app):
        await change(app, day_end_hour=5, credit_days=4, catch_up=timedelta(hours=1))
        club = (await set_up(app, time="8")).club
        assert (club.day_end_hour, club.credit_days) == (5, 4)
        assert club.catch_up == timedelta(hours=1)
        assert club == (await app.clubs.status(CLUB)).club

    async def test_again_without_a_role_pings_nobody_any_more(self, app):
        await set_up(app, role_id=5)
        assert (await set_up(app)).club.role_id is None

    async def test_concerns_no_other_club(self, london, app):
        await set_up(app, club_id=9, time="8", timezone="Asia/Tokyo", target=7)
        assert (await app.clubs.status(CLUB)).club == london.club


class TestATarget:
    @pytest.mark.parametrize(("target", "days"), [(None, 3), (5, 5)])
    async def test_counts_at_once_in_a_new_club(self, app, target, days):
        club = (await set_up(app, target=target)).club
        assert club.targets == (Target(MONDAY, days),)
        assert (await done(app)).streak.target == days

    async def test_that_is_new_counts_from_next_monday_on(self, london, app, clock):
        club = (await set_up(app, target=5)).club
        assert club.targets == (Target(MONDAY, 3), Target(NEXT_MONDAY, 5))
        assert [club.target_on(NEXT_MONDAY + n * DAY) for n in (-1, 0)] == [3, 5]
        assert (await done(app)).streak.target == 3
        clock.advance(days=4)
        assert (await done(app, NEXT_MONDAY)).streak.target == 5

    @pytest.mark.parametrize("then", [None, 5])
    async def test_that_stays_is_not_recorded_again(self, london, app, clock, then):
        await set_up(app, target=5)
        clock.advance(days=30)
        club = (await set_up(app, target=then)).club
        assert club.targets == (Target(MONDAY, 3), Target(NEXT_MONDAY, 5))

    async def test_changed_back_in_the_same_week_changes_nothing(self, london, app):
        await set_up(app, target=5)
        club = (await set_up(app, target=3)).club
        assert club.target_on(NEXT_MONDAY) == 3
        assert (await app.clubs.status(CLUB)).club == club

    async def test_never_changes_a_streak_that_was_earned(self, london, app, clock):
        await change(app, credit_days=7)
        for n in range(3):
            await done(app, MONDAY + n * DAY)
        await set_up(app, target=7)
        clock.advance(days=7)
        progress = await app.practice.progress(CLUB, ANN)
        assert (progress.streak.weeks, progress.streak.target) == (1, 7)


async def post_all_due(app):
    """Do what a tick does, and return the club and day of each challenge that went out."""
    posted = []
    for club_id in await app.daily.due():
        if challenge := await app.daily.claim(club_id):
            await app.daily.sent(challenge, 1)
            posted.append((club_id, challenge.post.day))
    return posted


class TestChangingTheTime:
    @pytest.mark.parametrize("then", ["09:00", "00:30"])  # within the catch-up window, and before
    async def test_to_an_hour_that_has_gone_by_posts_at_once(self, app, clock, then):
        await set_up(app, time="20:00")
        saved = await set_up(app, time=then)  # it is 13:00 in London
        assert saved.club.next_due == clock.now
        assert await post_all_due(app) == [(CLUB, TODAY)]
        assert (await post_of(app, TODAY)).due_at == clock.now

    async def test_of_a_club_that_begins_tomorrow_does_not_begin_today(self, london, app):
        assert (await set_up(app, time="09:00")).club.next_due == utc(2026, 7, 3, 8)

    async def test_of_a_paused_club_posts_nothing_for_an_hour_gone_by(self, app):
        await set_up(app, time="20:00")
        await app.clubs.pause(CLUB)
        assert (await set_up(app, time="09:00")).club.next_due == utc(2026, 7, 3, 8)

    async def test_after_a_post_ahead_of_time_waits_for_tomorrow(self, app):
        await set_up(app, time="20:00")
        await app.daily.claim_now(CLUB)
        assert (await set_up(app, time="09:00")).club.next_due == utc(2026, 7, 3, 8)

    async def test_to_a_later_hour_today_waits_for_it(self, app, clock):
        await set_up(app, time="14:00")
        assert (await set_up(app, time="15:00")).club.next_due == utc(2026, 7, 2, 14)

    @pytest.mark.parametrize("then", ["05:00", "09:00", "14:00", "23:00"])
    async def test_after_the_post_brings_no_second_one(self, london, app, clock, then):
        clock.now = TOMORROW_AT_SEVEN
        assert await post_all_due(app) == [(CLUB, TODAY + DAY)]
        clock.advance(hours=2)
        await set_up(app, time=then)
        posted = []
        for _ in range(40):
            posted += await post_all_due(app)
            clock.advance(hours=1)
        assert posted == [(CLUB, TODAY + 2 * DAY)]

    @pytest.mark.slow
    @pytest.mark.parametrize("hour", [1, 19])
    async def test_neither_loses_nor_doubles_a_day(self, app, clock, hour):
        clock.now = utc(2026, 7, 1, 3)
        times = ["00:00", "03:00", "07:00", "12:00", "23:00"]
        pairs = dict(enumerate(product(times, times), start=1))
        for club_id, (before, _) in pairs.items():
            await set_up(app, club_id=club_id, time=before)
        posted = []
        while clock.now < utc(2026, 7, 3, 23):
            if clock.now == utc(2026, 7, 2, hour):
                for club_id, (_, then) in pairs.items():
                    await set_up(app, club_id=club_id, time=then)
            posted += await post_all_due(app)
            clock.advance(hours=1)
        days = (TODAY, TODAY + DAY)
        assert sorted(post for post in posted if post[1] in days) == sorted(product(pairs, days))


class TestPausing:
    async def test_posts_nothing_until_resumed(self, london, app, clock):
        await app.clubs.pause(CLUB)
        status = await app.clubs.status(CLUB)
        assert status.club.paused_at == clock.now
        clock.advance(days=10)
        assert await post_all_due(app) == []
        resumed = await app.clubs.resume(CLUB)
        assert resumed == utc(2026, 7, 13, 6)
        assert (await app.clubs.status(CLUB)).club.next_due == resumed
        assert await post_all_due(app) == []
        clock.now = resumed
        assert await post_all_due(app) == [(CLUB, date(2026, 7, 13))]

    async def test_before_the_first_post_leaves_no_trace_of_its_days(self, london, app, clock):
        await app.clubs.pause(CLUB)
        clock.advance(days=5)
        await app.clubs.resume(CLUB)
        clock.advance(days=1)
        await post_all_due(app)
        assert await post_of(app, TODAY + DAY) is None
        assert (await post_of(app, TODAY + 6 * DAY)).state is PostState.SENT

    async def test_twice_keeps_the_first_moment(self, london, app, clock):
        await app.clubs.pause(CLUB)
        clock.advance(hours=1)
        await app.clubs.pause(CLUB)
        paused_at = (await app.clubs.status(CLUB)).club.paused_at
        assert paused_at == clock.now - timedelta(hours=1)

    async def test_resuming_a_club_that_runs_changes_nothing(self, london, app):
        assert await app.clubs.resume(CLUB) == london.club.next_due
        assert (await app.clubs.status(CLUB)).club == london.club

    async def test_resuming_a_club_whose_post_is_due_does_not_lose_it(self, london, app, clock):
        clock.now = TOMORROW_AT_SEVEN
        await app.clubs.resume(CLUB)
        assert await post_all_due(app) == [(CLUB, TODAY + DAY)]

    async def test_keeps_every_setting_and_target(self, london, app):
        await app.clubs.pause(CLUB)
        await app.clubs.resume(CLUB)
        assert (await app.clubs.status(CLUB)).club == london.club

    async def test_still_counts_what_members_do(self, london, app):
        await app.clubs.pause(CLUB)
        assert (await done(app)).is_new

    async def test_ends_when_the_club_is_set_up_again(self, london, app):
        await app.clubs.pause(CLUB)
        saved = await set_up(app, time="15:00")
        assert saved.before.is_paused
        assert not saved.club.is_paused
        assert saved.club.next_due == utc(2026, 7, 2, 14)


@pytest.mark.parametrize("ask", ["status", "pause", "resume"])
async def test_a_server_that_is_no_club_is_told_so(app, ask):
    with pytest.raises(NotSetUp):
        await getattr(app.clubs, ask)(CLUB)


async def test_one_problem_is_raised_as_itself_and_none_not_at_all():
    Problems.raise_any([])
    with pytest.raises(BadTime):
        Problems.raise_any([BadTime(time="x")])
    assert issubclass(Problems, UserError)


class TestWhatIsAnnounced:
    async def test_is_tomorrow_once_todays_is_posted(self, app, clock, london):
        clock.now = utc(2026, 7, 3, 6)
        await app.daily.claim(CLUB)
        assert (await set_up(app, time="20:00")).club.next_due == utc(2026, 7, 4, 19)

    async def test_a_pause_between_due_and_tick_costs_no_post(self, app, clock, london):
        clock.now = utc(2026, 7, 3, 6, 0, 1)
        await app.clubs.pause(CLUB)
        assert await app.daily.due() == []
        await app.clubs.resume(CLUB)
        assert await app.daily.due() == [CLUB]

    async def test_nothing_is_owed_for_the_days_of_a_pause(self, app, clock, london):
        await app.clubs.pause(CLUB)
        clock.now = utc(2026, 7, 5, 7)
        assert await app.clubs.resume(CLUB) == utc(2026, 7, 6, 6)

    async def test_resuming_a_club_that_runs_tells_when_its_post_is_due(self, app, clock, london):
        clock.now = utc(2026, 7, 3, 6, 0, 1)
        assert await app.clubs.resume(CLUB) == utc(2026, 7, 3, 6)


async def train(app, **typed):
    return await app.clubs.train(Training(club_id=CLUB, **typed))


class TestTheTrainingOfAClub:
    async def test_is_saved_and_what_is_left_out_stays(self, london, app):
        await train(app, long_run="Sat, Sun", race="12 Sep")
        club = await train(app, race="2026-08-01")
        assert (club.long_runs, club.races) == ({5, 6}, (date(2026, 8, 1), date(2026, 9, 12)))
        club = await train(app, long_run="none", remove_race="2026-09-12")
        assert (club.long_runs, club.races) == (set(), (date(2026, 8, 1),))
        assert (await app.clubs.status(CLUB)).club == club
        assert await train(app) == club

    async def test_survives_a_new_set_up(self, london, app):
        trained = await train(app, long_run="Sun", race="12 Sep")
        club = (await set_up(app, time="8")).club
        assert (club.long_runs, club.races) == (trained.long_runs, trained.races)

    @pytest.mark.parametrize(
        ("typed", "error"),
        [
            ({"long_run": "So"}, BadWeekday),
            ({"race": "11/12/2026"}, BadDate),
            ({"race": "2026-07-01"}, RaceOutOfReach),
            ({"remove_race": "12 Sep"}, UnknownRace),
        ],
    )
    async def test_with_a_mistake_is_refused_whole(self, london, app, typed, error):
        with pytest.raises(error):
            await train(app, **{"long_run": "Sun", "race": "5 Sep", **typed})
        assert (await app.clubs.status(CLUB)).club == london.club

    async def test_with_every_mistake_names_all(self, london, app):
        with pytest.raises(Problems) as error:
            await train(app, long_run="x", race="y", remove_race="z")
        kinds = [type(problem) for problem in error.value.problems]
        assert kinds == [BadWeekday, BadDate, BadDate]

    async def test_of_a_server_that_is_no_club_is_refused(self, app):
        with pytest.raises(NotSetUp):
            await train(app, long_run="Sun")
        assert await app.clubs.races(CLUB) == ()

    async def test_shows_only_races_to_come(self, london, app, clock):
        await train(app, race="3 July")
        await train(app, race="12 Sep")
        clock.advance(days=2)
        assert await app.clubs.races(CLUB) == (date(2026, 9, 12),)

    async def test_changes_later_days_and_none_that_is_posted(self, london, app, clock):
        clock.now = TOMORROW_AT_SEVEN
        friday = (await app.daily.claim(CLUB)).post
        before = [pick_daily(app.catalogue, london.club, friday.day + n * DAY) for n in range(8)]
        club = await train(app, long_run="Fri", race="2026-07-04")
        after = [pick_daily(app.catalogue, club, friday.day + n * DAY) for n in range(8)]
        assert after[0].is_mobility != before[0].is_mobility
        assert (await app.daily.today(CLUB)).exercise.slug == friday.slug == before[0].slug
        assert (await app.daily.posted(CLUB, friday.day)).exercise.slug == friday.slug
        clock.advance(days=1)
        saturday = await app.daily.claim(CLUB)
        assert saturday.exercise == after[1] != before[1]
        assert saturday.exercise.is_mobility  # the race

    async def test_a_plan_goes_on_through_a_new_set_up_years_later(self, london, app, clock):
        clock.advance(days=800)
        club = (await set_up(app, target=5, timezone="Auckland")).club
        assert club.began == london.club.began == MONDAY
