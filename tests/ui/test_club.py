import pytest
from discord import ui

from bot.domain.challenge import Reason
from bot.ui.permissions import remedy
from tests.conftest import text_of
from tests.simcord_gaps import delete_channel, deny_bot


async def post_now(world, card, member=None):
    return await (member or world.coach).click(card, label=world.say("club.post_now"))


async def test_post_now_posts_todays_challenge_ahead_of_its_time(world):
    saved = await world.set_up()
    answer = await post_now(world, saved.response)

    assert answer.ephemeral
    assert answer.response.content == world.say("club.posted_now", channel=world.channel.id)
    [card] = world.messages
    assert "Thursday 2 July" in text_of(card)


async def test_a_second_press_posts_nothing(world):
    saved = await world.set_up()
    await post_now(world, saved.response)
    again = await post_now(world, saved.response)

    assert again.response.content == world.say("error.already_posted")
    assert len(world.messages) == 1


async def test_posted_ahead_the_day_gets_no_second_post(world, clock):
    clock.advance(hours=16)  # five in the morning
    saved = await world.set_up()
    await post_now(world, saved.response)
    clock.advance(hours=2)
    await world.tick()

    assert len(world.messages) == 1
    clock.advance(days=1)
    await world.tick()
    assert len(world.messages) == 2


async def test_somebody_without_manage_server_is_told_who_can(world):
    saved = await world.set_up()
    shared = world.env.bot.get_partial_messageable(world.channel.id)
    await shared.send(view=ui.LayoutView.from_message(saved.response.message))

    answer = await post_now(world, world.messages[-1], world.ann)

    owner = world.guild.owner.id
    assert answer.response.content == world.say("error.may_not_manage", owner=owner)
    assert answer.ephemeral
    assert len(world.messages) == 1


async def test_a_paused_club_is_not_posted_to(world):
    saved = await world.set_up()
    await world.coach.slash(world.channel, "club pause")
    answer = await post_now(world, saved.response)

    assert answer.response.content == world.say("error.club_paused")
    assert world.messages == []


@pytest.mark.parametrize("reason", ["forbidden", "channel_gone"])
async def test_a_post_that_cannot_be_sent_is_explained_and_can_be_tried_again(world, reason):
    office = world.guild.create_text_channel("office")
    hips = world.guild.create_text_channel("hips2")
    wanted = {"time": "07:00", "timezone": "Europe/London"}
    saved = await world.coach.slash(office, "club setup", channel=hips, **wanted)
    if reason == "forbidden":
        await deny_bot(hips, send_messages=True)
    else:
        await delete_channel(hips)

    answer = await post_now(world, saved.response)

    club = (await world.app.clubs.status(world.club_id)).club
    problem = remedy(Reason(reason), club, world.say)
    assert reason == "channel_gone" or "**Send Messages**" in problem
    assert answer.response.content == world.say("club.not_posted", problem=problem)
    again = await world.coach.slash(office, "club setup", channel=world.channel, **wanted)
    await post_now(world, again.response)
    assert len(world.messages) == 1
