import pytest

from bot.domain.exercise import Level
from tests.conftest import picture_of, text_of
from tests.simcord_gaps import rename


async def do(world, member_id: int, name: str) -> None:
    """Let the member do a move on the club day that the clock shows."""
    day = await world.app.practice.day(world.club_id)
    await world.app.practice.mark_done(
        world.club_id, member_id, name, "monster-steps", day, Level.STANDARD
    )


async def board(world, viewer=None, **options) -> list[str]:
    shown = await (viewer or world.ann).slash(world.channel, "leaderboard", **options)
    return text_of(shown.response).splitlines()


async def test_an_empty_board_invites(club):
    title, text = await board(club)

    assert title == f"## {club.say('leaderboard.week')}"
    assert text == club.say("leaderboard.empty")


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
    assert lines[1] == club.say("leaderboard.club", n=sessions, members=members)


async def test_the_club_comes_first_and_ties_share_a_place(club, clock):
    for _ in range(2):
        await do(club, club.ann.id, "ann")
        await do(club, club.ben.id, "ben")
        clock.advance(days=1)
    await do(club, club.coach.id, "carol")

    _, together, *rows, _ = await board(club)

    assert together == "**Together: 5 sessions** by 3 members"
    assert [row.split()[0] for row in rows] == ["🥇", "🥇", "🥉"]
    assert rows[0].endswith("**\u2068ann\u2069** · 2 sessions")  # the viewer's own row
    assert rows[2].endswith(" \u2068carol\u2069 · 1 session")


async def test_below_the_fold_you_see_where_you_are(club, clock):
    for round_ in range(12):
        for member in range(round_, 12):
            await do(club, 1000 + member, f"runner{member}")
        clock.advance(days=1)
    await do(club, club.ann.id, "ann")

    _, together, *rows = await board(club, period="all time")

    assert "**Together: 79 sessions** by 13 members" in together
    assert [row.split()[0] for row in rows[:4]] == ["🥇", "🥈", "🥉", "**4.**"]
    assert rows[9].startswith("**10.**")
    assert rows[10] == club.say("leaderboard.you")
    assert rows[11].startswith("**12.** **\u2068ann\u2069** · 1 session")
    assert "1 session" in rows[11]


async def test_a_viewer_without_a_session_has_no_row(club):
    await do(club, club.ben.id, "ben")

    lines = await board(club)

    assert club.say("leaderboard.you") not in lines
    assert not any("ann" in line.split("·")[0] for line in lines[2:-1])


async def test_the_board_is_private_unless_it_is_shared(club):
    await board(club)
    assert club.messages == []

    await board(club, share=True)
    assert len(club.messages) == 1


async def test_a_hostile_name_is_harmless_on_the_board(club):
    await rename(club.ann, "\u202e**@everyone**\n<@1> [x](http://e.vil)")
    card = await club.ann.slash(club.channel, "today")
    await club.ann.click(card.response, label="Done")

    row = (await board(club, club.ben))[2]

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

    assert "Anna" in (await board(club, club.ben))[2]


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


async def test_an_empty_board_has_no_picture(club):
    shown = await club.ann.slash(club.channel, "leaderboard")
    assert shown.response.attachments == []
