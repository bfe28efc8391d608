"""A coach asks for a challenge that may be in the channel already: an attempt has no outcome."""

import pytest

from tests.cogs.test_daily import lose_the_reply
from tests.simcord_gaps import deny_bot

pytestmark = pytest.mark.slow


async def post_now(club, **settings):
    """Set the club up so, and ask for today's challenge; return what the coach is told."""
    saved = await club.set_up(**settings)
    asked = await club.coach.click(saved.response, label=club.say("club.post_now"))
    return asked.response.content


async def latest(club):
    return (await club.app.clubs.status(club.club_id)).latest


async def give_up(club):
    """Let the bot come back to an attempt of which it may not see the outcome."""
    await deny_bot(club.channel, read_message_history=True)
    await club.tick()
    assert (await latest(club)).reason == "uncertain"


def cards(channel):
    return [m.id for m in channel.history() if m.author.bot and not m.flags.ephemeral]


async def test_however_often_it_is_asked_it_rather_posts_nothing_than_twice(club, clock):
    message = await lose_the_reply(club, clock)
    await give_up(club)
    for _ in range(3):
        assert "Read Message History" in await post_now(club)
    assert cards(club.channel) == [message.id]
    assert (await latest(club)).reason == "uncertain"


async def test_what_was_skipped_as_missed_after_a_lost_reply_is_looked_for_first(club, clock):
    message = await lose_the_reply(club, clock)
    clock.advance(hours=7)
    await club.tick()
    assert (await latest(club)).reason == "missed"

    await post_now(club)
    assert (await latest(club)).message_id == message.id
    assert cards(club.channel) == [message.id]


async def test_what_was_missed_without_an_attempt_is_posted_though_the_bot_may_not_look(
    club, clock
):
    await deny_bot(club.channel, read_message_history=True)
    clock.advance(hours=26)
    await club.tick()
    assert (await latest(club)).reason == "missed"

    assert club.say("club.posted_now", channel=club.channel.id) == await post_now(club)
    assert cards(club.channel) == [(await latest(club)).message_id]


@pytest.mark.parametrize("may_look", [False, True])
async def test_in_a_new_channel_it_first_looks_into_the_one_before(club, clock, may_look):
    message = await lose_the_reply(club, clock)
    await give_up(club)
    await deny_bot(club.channel, read_message_history=not may_look)
    other = club.guild.create_text_channel("hips2")

    told = await post_now(club, channel=other)
    assert f"<#{club.channel.id}>" in told
    assert (club.say("club.posted_now", channel=club.channel.id) == told) is may_look
    assert (await latest(club)).message_id == (message.id if may_look else None)
    assert cards(club.channel) == [message.id]
    assert cards(other) == []


async def test_what_is_not_in_the_channel_before_comes_into_the_new_one(club, clock):
    clock.advance(hours=18)
    await club.app.daily.claim(club.club_id)  # and the process dies before it is sent
    clock.advance(hours=1)
    await give_up(club)
    await deny_bot(club.channel, read_message_history=False)
    other = club.guild.create_text_channel("hips2")

    assert await post_now(club, channel=other) == club.say("club.posted_now", channel=other.id)
    assert cards(other) == [(await latest(club)).message_id]
    assert cards(club.channel) == []
