"""Reminders as members meet them: set, received, done, switched off, and closed to the bot."""

import logging

import discord
import pytest

from bot.app import open_app
from bot.client import Bot
from tests.conftest import labels_of, text_of

pytestmark = pytest.mark.slow

SENT = "/messages"


async def tick(world, **delta: float) -> None:
    """Let the metronome of the reminders tick once, so much later."""
    world.app.clock.advance(**delta)
    await world.env.bot.get_cog("RemindersCog").tick()
    await world.env.settle()


async def remind(world, member=None, **options):
    return await (member or world.ann).slash(world.channel, "remind", **options)


@pytest.fixture
async def reminded(club):
    """Ann asked at one in the afternoon to be reminded at half past seven, which it is now."""
    await remind(club, at="19:30")
    club.app.clock.advance(hours=6, minutes=30)
    return club


def inbox(world, member=None) -> list[discord.Message]:
    """What the bot has written to the member, oldest first."""
    channel = (member or world.ann).user.dm_channel
    return [m for m in channel.history() if not m.flags.ephemeral]


async def test_the_answer_says_when_and_offers_the_way_out(club):
    shown = await remind(club, at="7pm", days="Mon-Fri")
    assert shown.ephemeral
    text = text_of(shown.response)
    assert "**19:00**" in text
    assert "Monday, Tuesday, Wednesday, Thursday and Friday (Europe/London)" in text
    assert labels_of(shown.response) == [club.say("remind.off_button")]
    assert text_of((await remind(club)).response) == text
    off = await club.ann.click(shown.response, label=club.say("remind.off_button"))
    assert off.response.content == club.say("remind.off")
    assert text_of((await remind(club)).response) == club.say("remind.none")


async def test_at_its_time_the_move_comes_privately_once_with_done_on_it(reminded):
    await tick(reminded)
    await tick(reminded, seconds=30)
    [message] = inbox(reminded)
    move = (await reminded.app.daily.today(reminded.club_id)).exercise
    assert reminded.say("remind.message", name=move.name) in text_of(message)
    assert "Riverside Runners" in text_of(message)
    done = await reminded.ann.user.click(message, label=reminded.say("challenge.done_easier"))
    assert done.response.content.startswith("✅")
    assert reminded.completions() == [(reminded.ann.id, "2026-07-02", move.slug, "easier")]
    again = await reminded.ann.user.click(message, label=reminded.say("challenge.done"))
    assert "already counted" in again.response.content
    assert reminded.messages == []


async def test_who_has_done_their_move_hears_nothing(reminded):
    card = (await reminded.ann.slash(reminded.channel, "today")).response
    await reminded.ann.click(card, label="Done")
    await tick(reminded)
    assert inbox(reminded) == []


async def test_one_tap_on_the_message_turns_it_off(reminded):
    await tick(reminded)
    [message] = inbox(reminded)
    for _ in range(2):
        off = await reminded.ann.user.click(message, label=reminded.say("remind.off_button"))
        assert off.response.content == reminded.say("remind.off")
    await tick(reminded, days=1)
    assert len(inbox(reminded)) == 1


async def test_the_message_leads_to_the_posted_challenge(posted):
    await remind(posted, at="8")
    await tick(posted, hours=1)
    [message] = inbox(posted)
    [card] = posted.messages
    view = discord.ui.LayoutView.from_message(message)
    urls = [c.url for c in view.walk_children() if isinstance(c, discord.ui.Button) and c.url]
    assert urls == [card.jump_url]


async def test_closed_messages_switch_it_off_and_the_next_done_says_so_once(reminded):
    reminded.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    await tick(reminded)
    await tick(reminded, days=1)
    assert inbox(reminded) == []
    assert text_of((await remind(reminded)).response) == reminded.say("remind.closed")
    card = (await reminded.ann.slash(reminded.channel, "today")).response
    answers = [await reminded.ann.click(card, label="Done") for _ in range(2)]
    told = [reminded.say("remind.closed") in answer.response.content for answer in answers]
    assert told == [True, False]


@pytest.mark.parametrize(("status", "code"), [(403, 0), (429, 0), (500, 0)])
async def test_trouble_that_passes_is_tried_again_in_a_minute(reminded, caplog, status, code):
    reminded.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    with caplog.at_level(logging.WARNING):
        await tick(reminded)
    assert "did not take a reminder" in caplog.text
    await tick(reminded, seconds=59)
    assert inbox(reminded) == []
    await tick(reminded, seconds=1)
    assert len(inbox(reminded)) == 1


async def test_a_message_that_discord_refuses_is_not_tried_again_that_day(reminded, caplog):
    reminded.env.inject_error("POST", "/channels/*/messages", status=400, code=50035)
    await tick(reminded)
    assert "refused a reminder" in caplog.text
    await tick(reminded, minutes=1)
    assert inbox(reminded) == []
    await tick(reminded, days=1, minutes=-1)
    assert len(inbox(reminded)) == 1


async def test_after_a_crash_between_claim_and_send_the_next_start_sends_it(
    reminded, settings, clock
):
    [(club_id, member_id)] = await reminded.app.reminders.due()
    await reminded.app.reminders.claim(club_id, member_id)
    await reminded.env.bot.close()
    async with open_app(settings, clock) as fresh:
        bot = Bot(fresh, is_ticking=False)
        await reminded.env.restart_bot(bot)
        await tick(reminded)
        assert inbox(reminded) == []
        await tick(reminded, minutes=1)
        [message] = inbox(reminded)
        await reminded.ann.user.click(message, label=reminded.say("challenge.done"))
        assert len(reminded.completions()) == 1
        await bot.close()


async def test_after_a_crash_between_send_and_record_it_does_not_come_twice(reminded, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(type(reminded.app.reminders), "sent", _crash)
        await tick(reminded)
    assert len(inbox(reminded)) == 1
    await tick(reminded, minutes=1)
    sent = reminded.requests("POST", SENT)
    assert len({call["nonce"] for call in sent}) == 1
    assert all(call["enforce_nonce"] for call in sent)  # Discord then keeps the first; simcord not
    await tick(reminded, minutes=5)
    assert len(reminded.requests("POST", SENT)) == len(sent)


async def _crash(*_: object) -> None:
    raise OSError("the process ended here")


async def test_one_members_trouble_does_not_keep_it_from_the_others(reminded):
    clock = reminded.app.clock
    clock.advance(hours=-1)
    await remind(reminded, reminded.ben, at="19:30")
    clock.advance(hours=1)
    reminded.env.inject_error("POST", "/channels/*/messages", status=500)
    await tick(reminded)
    assert len(inbox(reminded)) + len(inbox(reminded, reminded.ben)) == 1


async def test_the_second_message_needs_no_new_channel(reminded):
    await tick(reminded)
    await tick(reminded, days=1)
    assert len(inbox(reminded)) == 2
    assert len(reminded.requests("POST", "/users/@me/channels")) == 1


async def test_days_and_zones_are_offered_as_one_types(club):
    offered = await club.ann.autocomplete(club.channel, "remind", "days", "")
    assert offered[0]["name"] == club.say("remind.every_day")
    [said] = await club.ann.autocomplete(club.channel, "remind", "days", "tue, thu")
    assert (said["name"], said["value"]) == ("Tuesday and Thursday", "tuesday, thursday")
    offered = await club.ann.autocomplete(club.channel, "remind", "timezone", "tokyo")
    assert offered[0]["value"] == "Asia/Tokyo"
