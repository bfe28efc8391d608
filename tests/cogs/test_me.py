from bot.domain.exercise import Level
from bot.pictures import studio
from tests.conftest import picture_of, text_of
from tests.simcord_gaps import rename


async def do(world, clock, slug: str = "monster-steps") -> None:
    """Let Ann do the move on the club day that the clock shows."""
    day = await world.app.practice.day(world.club_id)
    await world.app.practice.mark_done(
        world.club_id, world.ann.id, "ann", slug, day, Level.STANDARD
    )


async def me(world) -> str:
    shown = await world.ann.slash(world.channel, "me")
    assert shown.ephemeral
    return text_of(shown.response)


async def test_somebody_new_is_invited(club):
    title, text = (await me(club)).splitlines()
    assert title == f"## {club.say('profile.title')}"
    assert text == club.say("profile.none")


async def test_somebody_new_has_no_picture(club):
    shown = await club.ann.slash(club.channel, "me")
    assert shown.response.attachments == []


async def test_the_picture_is_described_by_what_the_text_says(club, clock):
    await do(club, clock)
    shown = await club.ann.slash(club.channel, "me")

    size, description = await picture_of(shown.response)
    assert size[0] == 1100
    assert description.startswith("ann. This week: 1 of 3 days (Thursday).")
    assert "1 session in all" in description
    assert "Badge: 👟 First move." in description
    assert "**" not in description


async def test_without_its_picture_the_text_is_there_all_the_same(club, clock, monkeypatch):
    monkeypatch.setattr(studio, "PATIENCE", 0)
    await do(club, clock)
    shown = await club.ann.slash(club.channel, "me")
    assert shown.response.attachments == []
    assert "**1 session** in all" in text_of(shown.response)


async def test_a_picture_that_discord_refuses_is_left_out(club, clock, caplog):
    await do(club, clock)
    club.env.inject_error("POST", "/interactions/*/*/callback", status=413, code=40005)
    shown = await club.ann.slash(club.channel, "me")
    assert shown.response.attachments == []
    assert "**1 session** in all" in text_of(shown.response)
    assert "refused profile.png" in caplog.text


async def test_of_somebody_else_one_sees_what_the_leaderboard_shows(club, clock):
    await do(club, clock)
    clock.advance(days=4)  # Monday
    await do(club, clock)
    await rename(club.ann, "*Ann*")

    shown = await club.ben.slash(club.channel, "me", member=club.ann)

    assert shown.ephemeral
    title, text = text_of(shown.response).splitlines()
    assert title == "## \u2068\\*Ann\\*\u2069"
    assert text == "**2 sessions** in all, 2 this month, 1 this week"
    _, description = await picture_of(shown.response)
    assert description == "*Ann*. 2 sessions in all, 2 this month, 1 this week."


async def test_of_somebody_without_a_session_there_is_nothing_to_see(club):
    shown = await club.ben.slash(club.channel, "me", member=club.ann)
    assert text_of(shown.response).endswith("\nNothing counted yet.")
    assert shown.response.attachments == []


async def test_oneself_as_the_member_is_the_same_as_none(club, clock):
    await do(club, clock)
    shown = await club.ann.slash(club.channel, "me", member=club.ann)
    assert text_of(shown.response) == await me(club)


async def test_this_week_stands_against_the_target(club, clock):
    await do(club, clock)  # a Thursday
    clock.advance(days=1)
    await do(club, clock)

    text = await me(club)
    assert "**This week: 2 of 3 days** (Thursday, Friday)" in text
    assert "**No streak yet:** 3 days in one week start it." in text
    assert "**2 sessions** in all, 2 this month, 2 in the last half year" in text


async def test_weeks_at_the_target_make_a_streak(club, clock):
    clock.advance(days=4)  # Monday
    for week in range(3):
        for _ in range(3):
            await do(club, clock)
            clock.advance(days=1)
        text = await me(club)
        assert "3 days, target of 3 reached" in text
        weeks = "week" if week == 0 else "weeks"
        assert f"**Streak: {week + 1} {weeks}** at your club’s target" in text
        clock.advance(days=4)

    assert "**Streak: 3 weeks**" in await me(club)  # the new week has not broken it
    assert "**This week: 0 of 3 days**\n" in await me(club)

    clock.advance(days=7)
    assert "**No streak yet:** 3 days in one week start it. The best was 3." in await me(club)


async def test_two_moves_on_a_day_are_one_session_and_both_are_listed(club, clock):
    await do(club, clock)
    await do(club, clock, "a-march")
    clock.advance(days=1)
    await do(club, clock)

    text = await me(club)
    assert "**2 sessions** in all" in text
    assert "-# Done most: Monster steps × 2, A-march × 1" in text
