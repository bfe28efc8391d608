import pytest
import simcord

from bot.errors import NotSetUp
from tests.conftest import text_of


async def test_today_shows_before_the_post_what_the_post_will_bring(club, clock):
    clock.advance(hours=17)  # six in the morning
    before = await club.ann.slash(club.channel, "today")
    clock.advance(hours=1)
    await club.tick()
    after = await club.ann.slash(club.channel, "today")

    assert text_of(before.response) == text_of(after.response)
    name = text_of(after.response).splitlines()[0].removeprefix("## ")
    assert f"## {club.say('challenge.title', name=name)}\n" in text_of(club.messages[-1])


async def test_todays_card_is_private_and_its_done_counts(club):
    card = await club.ann.slash(club.channel, "today")
    done = await club.ann.click(card.response, label="Done")

    assert card.ephemeral
    assert done.ephemeral
    assert club.say("done.week", done=1, target=3) in done.response.content
    assert [row[:2] for row in club.completions()] == [(club.ann.id, "2026-07-02")]


async def test_tomorrow_is_another_move(club, clock):
    today = await club.ann.slash(club.channel, "today")
    before = text_of(today.response)
    clock.advance(days=1)
    tomorrow = await club.ann.slash(club.channel, "today")

    assert text_of(tomorrow.response) != before


@pytest.mark.parametrize("command", ["today", "me", "leaderboard"])
async def test_without_a_club_members_are_told_to_ask_and_coaches_how(world, command):
    member = await world.ann.slash(world.channel, command)
    coach = await world.coach.slash(world.channel, command)

    simcord.assert_error(world.env, NotSetUp)
    assert member.response.content == world.say("error.not_set_up")
    assert coach.response.content == world.say("error.not_set_up_coach")
    assert member.ephemeral
    assert coach.ephemeral
