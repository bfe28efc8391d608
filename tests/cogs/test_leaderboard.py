import pytest
import simcord

from bot.domain.exercise import Level
from bot.domain.standings import Kind
from bot.errors import HalfASeason, NoSeason, SeasonBackwards, SeasonTooLong
from bot.ui import membership
from tests.conftest import labels_of, picture_of, text_of
from tests.simcord_gaps import rename

pytestmark = pytest.mark.slow


async def do(world, member_id: int, name: str) -> None:
    """Let the member do a move on the club day that the clock shows."""
    day = await world.app.practice.day(world.club_id)
    await world.app.practice.mark_done(
        world.club_id, member_id, name, "monster-steps", day, Level.STANDARD
    )


async def runners(world, number: int) -> list[int]:
    """Let so many more join the server and do a move; return their ids."""
    ids = []
    for n in range(number):
        runner = world.guild.add_member(world.env.create_user(f"runner{n}"))
        await do(world, runner.id, f"runner{n}")
        ids.append(runner.id)
    return ids


async def board(world, viewer=None, **options) -> list[str]:
    shown = await (viewer or world.ann).slash(world.channel, "leaderboard", **options)
    return text_of(shown.response).splitlines()


def rows_of(lines: list[str]) -> list[str]:
    return [line for line in lines if "\u2068" in line]


async def test_an_empty_board_invites(club):
    title, text = await board(club)

    assert title == f"## {club.say('leaderboard.week')}"
    assert text == club.say("board.empty_sessions")


@pytest.mark.parametrize(
    ("period", "sessions"), [("week", 1), ("month", 2), ("all time", 3), (None, 1)]
)
async def test_each_period_counts_its_own_sessions(club, clock, period, sessions):
    clock.advance(days=-2)  # the last day of June, a Tuesday
    await do(club, club.ann.id, "ann")
    clock.advance(days=2)
    await do(club, club.ann.id, "ann")
    clock.advance(days=4)  # Monday
    await do(club, club.ann.id, "ann")

    lines = await board(club, **({"period": period} if period else {}))

    members = club.say("leaderboard.members", n=1)
    assert club.say("leaderboard.club", n=sessions, members=members) in lines


async def test_the_club_comes_first_and_ties_share_a_place(club, clock):
    for _ in range(2):
        await do(club, club.ann.id, "ann")
        await do(club, club.ben.id, "ben")
        clock.advance(days=1)
    await do(club, club.coach.id, "carol")

    lines = await board(club)

    assert lines[1] == "**Together: 5 sessions** by 3 members"
    rows = rows_of(lines)
    assert [row.split()[0] for row in rows] == ["🥇", "🥇", "🥉"]
    assert any(row.endswith("**\u2068ann\u2069** · 2 sessions") for row in rows)
    assert rows[2].endswith(" \u2068carol\u2069 · 1 session")


async def test_the_next_page_opens_in_place_and_you_see_where_you_are_on_each(club, clock):
    others = await runners(club, 12)
    clock.advance(days=1)
    for number, member in enumerate(others):
        await do(club, member, f"runner{number}")
    await do(club, club.ann.id, "ann")
    shown = await club.ann.slash(club.channel, "leaderboard")

    lines = text_of(shown.response).splitlines()
    assert "**Together: 25 sessions** by 13 members" in lines
    assert len(rows_of(lines)) == 11
    assert lines[lines.index(club.say("leaderboard.you")) + 1].startswith(
        "**13.** **\u2068ann\u2069**"
    )
    assert club.say("board.page", page=1, pages=2, n=13) in lines
    assert club.say("browse.previous") not in labels_of(shown.response)

    turned = await club.ann.click(shown.response, label=club.say("browse.next"))

    lines = text_of(turned.response).splitlines()
    assert [row.split()[0] for row in rows_of(lines)] == ["🥇", "🥇", "**13.**"]
    assert club.say("leaderboard.you") not in lines
    assert labels_of(turned.response)[0] == club.say("browse.previous")
    assert turned.response.id == shown.response.id


async def test_whoever_turns_the_page_of_a_shared_board_gets_their_own(club):
    await runners(club, 11)
    await do(club, club.ann.id, "ann")
    await do(club, club.ben.id, "ben")
    await club.ann.slash(club.channel, "leaderboard", share=True)
    [public] = club.messages
    before = text_of(public)
    assert club.say("leaderboard.you") not in before
    assert "**\u2068ann" not in before

    answer = await club.ben.click(public, label=club.say("browse.next"))

    assert answer.ephemeral
    assert "**\u2068ben\u2069**" in text_of(answer.response)
    assert text_of(club.messages[0]) == before


async def test_a_viewer_without_a_session_has_no_row(club):
    await do(club, club.ben.id, "ben")

    lines = await board(club)

    assert club.say("leaderboard.you") not in lines
    assert len(rows_of(lines)) == 1


async def test_the_board_is_private_unless_it_is_shared(club):
    await board(club)
    assert club.messages == []

    await board(club, share=True)
    assert len(club.messages) == 1


async def test_a_hostile_name_is_harmless_on_the_board(club):
    await rename(club.ann, "\u202e**@everyone**\n<@1> [x](http://e.vil)")
    card = await club.ann.slash(club.channel, "today")
    await club.ann.click(card.response, label="Done")

    [row] = rows_of(await board(club, club.ben))

    assert "@everyone" not in row
    assert "<@" not in row.replace("\\<", "")
    assert "http://" not in row
    assert "\u202e" not in row
    assert r"\*\*" in row
    assert row.count("\u2068") == row.count("\u2069") == 1


async def test_the_board_shows_the_name_somebody_has_now(club, clock):
    for name in ("Ann", "Anna"):
        await rename(club.ann, name)
        card = await club.ann.slash(club.channel, "today")
        await club.ann.click(card.response, label="Done")
        clock.advance(days=1)

    assert "Anna" in rows_of(await board(club, club.ben))[0]


async def test_whoever_left_the_server_is_gone_from_the_board_and_still_counts(club):
    await do(club, club.ann.id, "ann")
    await do(club, club.ben.id, "ben")
    club.guild.remove_member(club.ben)

    lines = await board(club)

    assert len(rows_of(lines)) == 1
    assert "**Together: 2 sessions** by 2 members" in lines


async def test_those_who_make_room_are_looked_for_too(club):
    gone = 10**17  # ids that were never in this server stand in for those who left it
    for n in range(12):
        await do(club, gone + n, f"gone{n}")
    await do(club, club.ben.id, "ben")

    lines = await board(club)

    assert [row.split("\u2068")[1].split("\u2069")[0] for row in rows_of(lines)] == ["ben"]


async def test_discord_is_asked_about_each_name_once_an_hour(club):
    await do(club, club.ben.id, "ben")
    now = [0.0]
    club.env.bot.membership = membership.Membership(club.env.bot, lambda: now[0])
    asked = f"/members/{club.ben.id}"

    for _ in range(3):
        await board(club)
    assert len(club.requests("GET", asked)) == 1

    now[0] = membership.HOLDS
    await board(club)
    assert len(club.requests("GET", asked)) == 2


@pytest.mark.parametrize(
    "trouble", [{"status": 403, "code": 50001}, {"status": 404, "code": 10004}]
)
async def test_who_cannot_be_asked_about_stays_on_the_board(club, trouble):
    await do(club, club.ben.id, "ben")
    club.env.inject_error("GET", "/guilds/*/members/*", times=None, **trouble)

    assert len(rows_of(await board(club))) == 1


async def test_the_other_boards_are_a_tap_away(club, clock):
    await do(club, club.ann.id, "ann")
    shown = await club.ann.slash(club.channel, "leaderboard")

    for kind in (Kind.STREAK, Kind.CONSISTENCY, Kind.GOAL, Kind.SESSIONS):
        shown = await club.ann.click(shown.response, label=club.say(f"board.go_{kind}"))
        title = "leaderboard.week" if kind is Kind.SESSIONS else f"board.title_{kind}"
        assert text_of(shown.response).splitlines()[0] == f"## {club.say(title)}"


async def test_streaks_and_consistency_are_told_in_weeks_and_percent(club, clock):
    await club.set_up(target=1)
    clock.advance(weeks=1)
    for _ in range(3):
        await do(club, club.ann.id, "ann")
        clock.advance(weeks=1)

    assert rows_of(await board(club, board="streak"))[0].endswith("· 3 weeks")
    assert rows_of(await board(club, board="consistency"))[0].endswith("· 100\u00a0%")


async def test_the_goal_leads_the_board_with_a_bar(club):
    await club.coach.slash(club.channel, "club goal", sessions=4)
    await do(club, club.ann.id, "ann")
    bar = "▰▰" + "▱" * 8

    goal = club.say("board.goal", n=1, target=4, bar=bar)
    assert (await board(club))[1] == goal

    lines = await board(club, board="club goal")
    assert lines[1] == goal
    assert club.say("board.your_part", n=1) in lines
    assert club.say("board.chosen") in lines


async def test_a_goal_that_is_reached_is_celebrated_with_a_full_bar(club):
    await club.coach.slash(club.channel, "club goal", sessions=1)
    await do(club, club.ann.id, "ann")
    await do(club, club.ben.id, "ben")

    reached = club.say("board.goal_reached", n=2, target=1, bar="▰" * 10)
    assert (await board(club, board="club goal"))[1] == reached


async def test_the_daily_card_tells_how_far_the_club_is(posted):
    await posted.coach.slash(posted.channel, "club goal", sessions=2)
    await posted.ann.click(posted.messages[-1], label="Done")
    await posted.tick()

    line = posted.say("board.goal", n=1, target=2, bar="▰" * 5 + "▱" * 5)
    assert f"-# {line}" in text_of(posted.messages[-1]).splitlines()


async def test_a_club_may_switch_ranking_off_and_on(club):
    await do(club, club.ann.id, "ann")
    await club.coach.slash(club.channel, "club ranking", on=False)

    lines = await board(club)
    assert rows_of(lines) == []
    assert club.say("board.no_ranking") in lines
    assert club.say("board.yours", points="1 session") in lines

    await club.coach.slash(club.channel, "club ranking", on=True)
    assert len(rows_of(await board(club))) == 1


async def test_a_season_is_chosen_by_its_days_and_has_a_board(club):
    await do(club, club.ann.id, "ann")
    refused = await club.ann.slash(club.channel, "leaderboard", period="season")
    simcord.assert_error(club.env, NoSeason)
    assert refused.response.content == club.say("error.no_season")

    saved = await club.coach.slash(club.channel, "club season", start="1 June", end="31 August")
    days = {"first": "1 June 2026", "last": "31 August 2026"}
    assert saved.response.content == club.say("club.season_now", **days)

    lines = await board(club, period="season")
    assert lines[0] == f"## {club.say('board.title_season', **days)}"
    assert len(rows_of(lines)) == 1


@pytest.mark.parametrize(
    ("days", "error", "values"),
    [
        ({"start": "1 June"}, HalfASeason, {}),
        ({"start": "1 June 2026", "end": "1 July 2027"}, SeasonTooLong, {}),
        (
            {"start": "1 June", "end": "1 May 2026"},
            SeasonBackwards,
            {"first": "Monday 1 June", "last": "Friday 1 May"},
        ),
    ],
)
async def test_a_season_that_makes_no_sense_is_explained(club, days, error, values):
    refused = await club.coach.slash(club.channel, "club season", **days)

    simcord.assert_error(club.env, error)
    assert refused.response.content == club.say(error.key, **values)


async def test_the_status_tells_what_the_coach_decided_about_the_boards(club):
    shown = text_of((await club.coach.slash(club.channel, "club status")).response)
    assert club.say("club.goal_suggested") in shown
    assert club.say("club.ranking") in shown

    await club.coach.slash(club.channel, "club goal", sessions=40)
    await club.coach.slash(club.channel, "club ranking", on=False)
    await club.coach.slash(club.channel, "club season", start="1 June", end="31 August")

    shown = text_of((await club.coach.slash(club.channel, "club status")).response)
    assert club.say("club.goal_chosen", n=40) in shown
    assert club.say("club.no_ranking") in shown
    assert club.say("club.season", first="1 June 2026", last="31 August 2026") in shown


@pytest.mark.parametrize(
    ("sessions", "answer"),
    [(40, "club.goal_now"), (0, "club.goal_off"), (None, "club.goal_soon")],
)
async def test_a_goal_is_saved_and_said(club, sessions, answer):
    options = {} if sessions is None else {"sessions": sessions}
    saved = await club.coach.slash(club.channel, "club goal", **options)
    assert saved.response.content == club.say(answer, n=40)


async def test_a_newcomer_is_told_how_they_do_among_newcomers(club):
    ids = await runners(club, 4)
    await do(club, club.ann.id, "ann")

    assert club.say("board.cohort", place=1, n=5) in await board(club)
    assert len(ids) == 4


async def test_the_picture_is_described_place_by_place(club, clock):
    await do(club, club.ben.id, "*Ben*")
    clock.advance(days=1)
    await do(club, club.ben.id, "*Ben*")
    await do(club, club.ann.id, "ann")

    shown = await club.ann.slash(club.channel, "leaderboard")

    size, description = await picture_of(shown.response)
    assert size[0] == 1100
    assert description == (
        "Leaderboard: this week. Together: 3 sessions by 2 members. "
        "1. *Ben* · 2 sessions. 2. ann · 1 session."
    )


async def test_another_board_brings_its_own_picture_in_place(club, clock):
    await club.set_up(target=1)
    clock.advance(weeks=1)
    await do(club, club.ann.id, "ann")
    shown = await club.ann.slash(club.channel, "leaderboard")

    turned = await club.ann.click(shown.response, label=club.say("board.go_streak"))

    _, description = await picture_of(turned.response)
    assert description == "Leaderboard: streaks. 1 member is on a streak. 1. ann · 1 week."
    goal = await club.ann.click(turned.response, label=club.say("board.go_goal"))
    assert goal.response.attachments == []


async def test_an_empty_board_has_no_picture(club):
    shown = await club.ann.slash(club.channel, "leaderboard")
    assert shown.response.attachments == []
