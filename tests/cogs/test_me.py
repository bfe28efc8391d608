from bot.domain.exercise import Level
from tests.conftest import text_of


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


async def test_this_week_stands_against_the_target(club, clock):
    await do(club, clock)  # a Thursday
    clock.advance(days=1)
    await do(club, clock)

    text = await me(club)
    assert "**This week: 2 of 3 days** (Thursday, Friday)" in text
    assert "**No streak yet:** 3 days in one week start it." in text
    assert "**2 sessions** in all, 2 this month" in text


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
