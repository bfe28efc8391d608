import asyncio
import sys

import discord
import pytest
from sqlalchemy import update

from bot.app import open_app
from bot.client import Bot
from bot.pace import ASIDE, Pace
from bot.services.daily import Daily
from bot.storage.database import Database
from bot.storage.tables import clubs
from bot.ui import posting
from bot.ui.challenge_card import ChallengeCard
from tests.conftest import text_of
from tests.simcord_gaps import delete_channel, deny_bot, disconnect_from, raise_server_errors


async def second_club(world):
    """Set up another server at the same time; return its channel."""
    guild = world.env.create_guild("Hill Harriers")
    channel = guild.create_text_channel("hips")
    manager = guild.create_role("Coach", permissions=discord.Permissions(manage_guild=True))
    coach = guild.add_member(world.env.create_user("hilda"), roles=[manager])
    await coach.slash(
        channel, "club setup", channel=channel, time="07:00", timezone="Europe/London"
    )
    return channel


async def test_it_comes_at_seven_local_time_and_not_before(club, clock):
    clock.advance(hours=17, minutes=59, seconds=59)
    await club.tick()
    assert club.messages == []

    clock.advance(seconds=1)
    await club.tick()
    [card] = club.messages
    assert "Friday 3 July" in text_of(card)


async def test_a_tick_after_the_post_does_nothing(posted, clock):
    before = len(posted.env.http_requests)
    for _ in range(3):
        clock.advance(minutes=5)
        await posted.tick()

    assert len(posted.messages) == 1
    assert len(posted.env.http_requests) == before


async def test_nothing_is_claimed_while_somebody_who_asks_is_answered(club, clock, monkeypatch):
    now = 100.0
    pace = Pace(clock=lambda: now)
    monkeypatch.setattr(club.env.bot, "pace", pace)
    clock.advance(hours=18)
    pace.step_aside()
    ticking = asyncio.create_task(club.tick())
    await asyncio.sleep(10 * ASIDE)
    assert await club.app.daily.due() == [club.club_id]

    now += ASIDE
    await ticking
    assert len(club.messages) == 1


async def test_the_next_day_brings_another_move(posted, clock):
    clock.advance(days=1)
    await posted.tick()

    friday, saturday = (text_of(card) for card in posted.messages)
    assert "Friday 3 July" in friday
    assert "Saturday 4 July" in saturday
    assert friday.splitlines()[0] != saturday.splitlines()[0]


async def test_the_message_carries_a_nonce_that_discord_enforces(posted, clock):
    clock.advance(days=1)
    await posted.tick()

    friday, saturday = posted.requests("POST", "/messages")
    assert friday["enforce_nonce"] is saturday["enforce_nonce"] is True
    assert friday["nonce"] != saturday["nonce"]
    assert len(friday["nonce"]) <= 25


async def test_the_tally_is_written_once_however_many_clicked(posted):
    [card] = posted.messages
    for member in (posted.ann, posted.ben, posted.coach, posted.ann):
        await member.click(card, label="Done")
    assert posted.requests("PATCH", f"/messages/{card.id}") == []

    await posted.tick()
    await posted.tick()

    assert len(posted.requests("PATCH", f"/messages/{card.id}")) == 1
    assert posted.say("challenge.done_by", n=3) in text_of(posted.messages[-1])


async def test_another_move_done_does_not_change_the_tally(posted):
    slug = text_of(posted.messages[-1])
    other = next(e for e in posted.app.catalogue if e.name not in slug)
    card = await posted.ann.slash(posted.channel, "exercise", name=other.slug)
    await posted.ann.click(card.response, label="Done")
    await posted.tick()

    assert posted.say("challenge.done_by_none") in text_of(posted.messages[-1])


async def test_a_deleted_card_does_not_stop_the_ticks(posted, clock, caplog):
    [card] = posted.messages
    await posted.ann.click(card, label="Done")
    posted.env.backend.delete_message(posted.channel.id, card.id)
    await posted.tick()
    assert "stays as it is" in caplog.text
    assert posted.app.daily.take_outdated() == []

    clock.advance(days=1)
    await posted.tick()
    assert len(posted.messages) == 1


async def test_one_clubs_deleted_channel_does_not_stop_another_club(club, clock):
    other = await second_club(club)
    await delete_channel(club.channel)
    clock.advance(hours=18)
    await club.tick()

    assert len([m for m in other.history() if not m.flags.ephemeral]) == 1
    failed = (await club.app.clubs.status(club.club_id)).latest
    assert (failed.state, failed.reason) == ("failed", "channel_gone")


async def test_one_clubs_bug_does_not_stop_another_club(club, clock, monkeypatch, caplog):
    other = await second_club(club)
    real = Daily.claim

    async def claim(self, club_id: int):
        if club_id == club.club_id:
            raise RuntimeError("planted")
        return await real(self, club_id)

    monkeypatch.setattr(Daily, "claim", claim)
    clock.advance(hours=18)
    await club.tick()

    assert len([m for m in other.history() if not m.flags.ephemeral]) == 1
    assert f"club {club.club_id}: the daily challenge failed" in caplog.text


async def test_a_row_that_means_nothing_is_logged_once_and_again_when_it_is_something_else(
    club, clock, caplog
):
    async def corrupt(**values):
        async with club.app.database.write() as stores:
            await stores.connection.execute(update(clubs).values(values))

    def failures():
        return caplog.text.count(f"club {club.club_id}: the daily challenge failed")

    await corrupt(day_end_hour=99)
    clock.advance(hours=18)
    for n in range(3):
        await club.tick()
        assert failures() == 1, n
    await corrupt(zone="Europe/London", day_end_hour=-3)
    await corrupt(races="tomorrow")
    await club.tick()
    await club.tick()
    assert failures() == 2

    await corrupt(day_end_hour=3, races="")
    await club.tick()
    assert len(club.messages) == 1


async def test_a_tick_without_a_database_is_logged_and_the_next_one_works(
    club, clock, monkeypatch, caplog
):
    clock.advance(hours=18)
    with monkeypatch.context() as broken:

        def read(self):
            raise OSError("disk gone")

        broken.setattr(Database, "read", read)
        await club.tick()
    assert "a tick failed" in caplog.text

    await club.tick()
    assert len(club.messages) == 1


async def test_a_forbidden_post_is_recorded_and_not_tried_again(club, clock):
    await deny_bot(club.channel, send_messages=True)
    clock.advance(hours=18)
    for _ in range(3):
        await club.tick()
        clock.advance(minutes=3)

    failed = (await club.app.clubs.status(club.club_id)).latest
    assert (failed.state, failed.reason) == ("failed", "forbidden")
    path = f"/channels/{club.channel.id}/messages"
    assert len(club.requests("POST", path)) == 2  # the second one without the picture


async def test_a_message_refused_even_without_its_picture_is_recorded_as_rejected(club, clock):
    club.env.inject_error("POST", "/channels/*/messages", status=400, code=50035, times=2)
    clock.advance(hours=18)
    await club.tick()

    failed = (await club.app.clubs.status(club.club_id)).latest
    assert (failed.state, failed.reason) == ("failed", "rejected")


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_trouble_at_discord_is_retried_a_minute_later_with_the_same_nonce(
    club, clock, monkeypatch, status
):
    raise_server_errors(monkeypatch)
    club.env.inject_error("POST", "/channels/*/messages", status=status)
    clock.advance(hours=18)
    await club.tick()
    clock.advance(seconds=59)
    await club.tick()
    claimed = (await club.app.clubs.status(club.club_id)).latest
    assert claimed.state == "claimed"
    assert len(club.requests("POST", "/messages")) == 1

    clock.now = claimed.retry_at
    await club.tick()

    first, second = club.requests("POST", "/messages")
    assert first["nonce"] == second["nonce"]
    assert len(club.messages) == 1
    assert (await club.app.clubs.status(club.club_id)).latest.state == "sent"


async def test_trouble_that_outlasts_the_catch_up_is_given_up_as_skipped(club, clock, monkeypatch):
    raise_server_errors(monkeypatch)
    club.env.inject_error("POST", "/channels/*/messages", status=500, times=None)
    clock.advance(hours=18)
    await club.tick()
    clock.advance(hours=6, minutes=1)
    await club.tick()
    await club.tick()

    skipped = (await club.app.clubs.status(club.club_id)).latest
    assert (skipped.state, skipped.reason) == ("skipped", "missed")
    assert len(club.requests("POST", "/messages")) == 1


async def test_a_bot_that_was_away_catches_up_within_six_hours_and_only_with_the_last(club, clock):
    clock.advance(days=3, hours=18 + 5)
    await club.tick()

    [card] = club.messages
    assert "Monday 6 July" in text_of(card)


async def test_a_tally_that_discord_would_not_take_is_written_a_minute_later(posted, clock):
    [card] = posted.messages
    await posted.ann.click(card, label="Done")
    posted.env.inject_error("PATCH", "/channels/*/messages/*", status=500)
    for _ in range(3):
        await posted.tick()
    assert len(posted.requests("PATCH", f"/messages/{card.id}")) == 1
    clock.advance(minutes=1)
    await posted.tick()

    assert posted.say("challenge.done_by", n=1) in text_of(posted.messages[-1])


async def test_a_tally_outlives_a_restart_between_done_and_tick(posted, settings, clock):
    [card] = posted.messages
    await posted.ann.click(card, label="Done")
    await posted.env.bot.close()
    async with open_app(settings, clock) as fresh:
        bot = Bot(fresh, is_ticking=False)
        await posted.env.restart_bot(bot)
        await posted.tick()
        shown = text_of(posted.messages[-1])
        await bot.close()

    assert posted.say("challenge.done_by", n=1) in shown


async def lose_the_reply(club, clock):
    """Let the post reach its channel, but the bot die before it hears of that; an hour passes."""
    clock.advance(hours=18)
    challenge = await club.app.daily.claim(club.club_id)
    card = ChallengeCard(challenge, club.say)
    message = await club.put(card, nonce=challenge.post.nonce)
    clock.advance(hours=1)
    return message


async def test_a_post_whose_reply_was_lost_is_found_in_the_channel(club, clock):
    message = await lose_the_reply(club, clock)
    await club.ben.send(club.channel, "morning!")
    await club.tick()

    post = (await club.app.clubs.status(club.club_id)).latest
    assert (post.state, post.message_id) == ("sent", message.id)
    assert [m.id for m in club.messages if m.author.bot] == [message.id]


async def test_a_post_whose_reply_was_lost_is_found_however_much_was_written_since(club, clock):
    message = await lose_the_reply(club, clock)
    for _ in range(101):
        await club.ben.send(club.channel, "morning!")
    await club.tick()

    post = (await club.app.clubs.status(club.club_id)).latest
    assert (post.state, post.message_id) == ("sent", message.id)
    assert [m.id for m in club.messages if m.author.bot] == [message.id]


async def test_a_clock_set_back_while_a_reply_is_lost_doubles_nothing(club, clock):
    message = await lose_the_reply(club, clock)  # an hour ago, by which Discord has forgotten
    clock.advance(minutes=-58)  # what is the nonce's time, by this clock
    await club.tick()

    post = (await club.app.clubs.status(club.club_id)).latest
    assert (post.state, post.message_id) == ("sent", message.id)
    assert [m.id for m in club.messages if m.author.bot] == [message.id]


async def test_with_too_much_to_look_through_it_rather_posts_nothing_than_twice(
    club, clock, monkeypatch
):
    monkeypatch.setattr(posting, "HISTORY", 3)
    message = await lose_the_reply(club, clock)
    for _ in range(3):
        await club.ben.send(club.channel, "morning!")
    await club.tick()

    post = (await club.app.clubs.status(club.club_id)).latest
    assert (post.state, post.reason) == ("skipped", "uncertain")
    assert [m.id for m in club.messages if m.author.bot] == [message.id]


async def test_done_works_on_a_card_whose_message_was_never_recorded(club, clock):
    await lose_the_reply(club, clock)
    done = await club.ann.click(club.messages[-1], label=club.say("challenge.done"))
    assert "✅" in done.response.content


async def test_an_attempt_that_never_reached_discord_is_made_again_later(club, clock):
    clock.advance(hours=18)
    await club.app.daily.claim(club.club_id)  # and the process dies
    clock.advance(hours=1)
    await club.tick()

    assert len(club.messages) == 1
    assert (await club.app.clubs.status(club.club_id)).latest.state == "sent"


@pytest.mark.parametrize("is_elsewhere", [False, True])
async def test_where_the_bot_may_not_look_it_rather_posts_nothing_than_twice(
    club, clock, is_elsewhere
):
    message = await lose_the_reply(club, clock)
    await deny_bot(club.channel, read_message_history=True)
    if is_elsewhere:
        disconnect_from(club.env, club.club_id)
    await club.tick()

    post = (await club.app.clubs.status(club.club_id)).latest
    assert (post.state, post.reason) == ("skipped", "uncertain")
    assert [m.id for m in club.messages] == [message.id]
    status = text_of((await club.coach.slash(club.channel, "club status")).response)
    assert "Read Message History" in status


async def test_while_discord_does_not_show_what_is_in_the_channel_the_post_waits(club, clock):
    message = await lose_the_reply(club, clock)
    club.env.inject_error("GET", "/channels/*/messages", status=503)
    await club.tick()
    claimed = (await club.app.clubs.status(club.club_id)).latest
    assert claimed.state == "claimed"

    clock.now = claimed.retry_at
    await club.tick()
    post = (await club.app.clubs.status(club.club_id)).latest
    assert (post.state, post.message_id) == ("sent", message.id)
    assert len(club.messages) == 1


async def test_an_ordinary_post_is_one_request(club, clock):
    clock.advance(hours=18)
    before = len(club.env.http_requests)
    await club.tick()
    assert [c.method for c in club.env.http_requests[before:]] == ["POST"]


@pytest.mark.slow
async def test_a_stop_waits_for_what_is_being_sent(club, clock):
    clock.advance(hours=18)
    cog = club.env.bot.get_cog("DailyCog")
    ticking = asyncio.create_task(cog.tick())
    while (await club.app.clubs.status(club.club_id)).latest is None:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await club.env.bot.close()
    await ticking

    post = (await club.app.clubs.status(club.club_id)).latest
    assert post.state == "sent"


async def test_a_card_that_a_member_shared_is_not_taken_for_the_challenge(club, clock):
    clock.advance(hours=18)
    challenge = await club.app.daily.claim(club.club_id)  # and the process dies
    shared = await club.ann.slash(
        club.channel, "exercise", name=challenge.exercise.slug, share=True
    )
    clock.advance(hours=1)
    await club.tick()

    post = (await club.app.clubs.status(club.club_id)).latest
    assert post.state == "sent"
    assert post.message_id not in (None, shared.response.id)


async def test_an_attempt_that_discord_leaves_unanswered_ends_before_the_next_one(
    club, clock, monkeypatch, caplog
):
    async def silence(*_):
        await asyncio.Event().wait()

    module = sys.modules[club.env.bot.get_cog("DailyCog").__module__]
    with monkeypatch.context() as outage:
        outage.setattr(module, "ATTEMPT", 0.01)
        outage.setattr(module, "send_challenge", silence)
        clock.advance(hours=18)
        await club.tick()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert f"club {club.club_id}: " in caplog.text

    clock.advance(minutes=2)
    await club.tick()
    assert len(club.messages) == 1
