"""Of a server, the bot keeps next to nothing: that is what lets one process serve thousands."""

import asyncio
import itertools

import pytest
from discord import ui
from discord.http import HTTPClient

from bot.lean import sweep_seldom
from bot.ui.done import DoneButton
from bot.ui.exercise_card import RungButton
from tests.conftest import labels_of
from tests.simcord_gaps import edit_often, edit_server, guild_create

PARTS = "channels", "roles", "members", "threads", "emojis", "stickers", "scheduled_events"


def kept(world) -> int:
    """How much is kept of the server, in channels, roles, members and the like."""
    server = world.env.bot.get_guild(world.club_id)
    return sum(len(getattr(server, part)) for part in PARTS)


async def test_of_a_server_that_arrives_only_its_few_settings_are_kept(world):
    del world.env.bot._connection._guilds[world.club_id]
    arriving = guild_create(world.guild)
    assert arriving["channels"] and arriving["roles"] and arriving["members"]
    world.env.backend.emit("GUILD_CREATE", arriving)
    await world.env.settle()

    server = world.env.bot.get_guild(world.club_id)
    assert (server.name, server.owner_id) == ("Riverside Runners", world.guild.owner.id)
    assert str(server.preferred_locale) == "en-US"
    assert kept(world) == 0


async def test_nothing_that_happens_in_a_server_fills_it_up_again(world):
    channel = world.guild.create_text_channel("later")
    world.guild.create_role("Later")
    world.guild.create_voice_channel("Later")
    world.guild.create_emoji("later")
    thread = {"id": "5", "type": 11, "name": "talk", "guild_id": str(world.club_id)}
    world.env.backend.emit("THREAD_CREATE", {**thread, "parent_id": str(channel.id)})
    await world.ann.send(channel, "hello")
    await edit_often(channel, 2)
    await edit_server(world.guild, name="Hillside Runners")

    assert world.env.bot.get_guild(world.club_id).name == "Hillside Runners"
    assert kept(world) == 0
    assert world.env.bot.get_channel(channel.id) is None


async def test_a_click_and_a_command_keep_no_more_than_the_bot_itself(posted):
    await posted.ann.click(posted.messages[-1], label=posted.say("challenge.done"))
    await posted.ben.slash(posted.channel, "leaderboard")
    assert kept(posted) <= 1


async def test_a_private_answer_with_buttons_leaves_nothing_behind(club):
    before = asyncio.all_tasks()
    card = await club.ann.slash(club.channel, "today")
    assert labels_of(card.response)
    await club.ann.click(card.response, label="Done")
    assert asyncio.all_tasks() == before
    assert club.env.bot._connection._view_store._views == {}


async def test_message_and_channel_are_built_only_for_a_button_that_looks_at_them(
    club, monkeypatch
):
    seen = {}
    for button in (DoneButton, RungButton):

        async def note(self, interaction, click=button.click):
            seen[type(self)] = interaction.message, interaction.channel
            await click(self, interaction)

        monkeypatch.setattr(button, "click", note)
    card = (await club.ann.slash(club.channel, "today")).response
    await club.ann.click(card, label=club.say("level.harder"))
    await club.ann.click(card, label=club.say("card.done"))

    assert seen[DoneButton] == (None, None)
    message, channel = seen[RungButton]
    assert (message.id, channel.id) == (card.id, club.channel.id)


@pytest.mark.parametrize("kept", [ui.Button(custom_id="plain"), ui.Select(custom_id="select")])
async def test_a_view_with_a_part_that_lives_in_it_is_kept(simcord_env, kept):
    view = ui.View(timeout=None).add_item(kept)
    simcord_env.bot._connection.store_view(view, 7)
    assert simcord_env.bot.persistent_views == [view]


async def test_a_modal_is_kept_until_it_comes_back(simcord_env):
    modal = ui.Modal(title="How was it?", custom_id="feedback")
    simcord_env.bot._connection.store_view(modal)
    assert simcord_env.bot._connection._view_store._modals == {"feedback": modal}
    modal.stop()


async def test_rate_limits_of_quiet_channels_are_forgotten_once_a_minute():
    http, clock = HTTPClient(asyncio.get_running_loop()), itertools.count(step=0.1)
    sweep_seldom(http, lambda: next(clock))
    most = 0
    for n in range(5000):
        http.get_ratelimit(str(n))._last_request -= 3600
        most = max(most, len(http._buckets))
    assert 256 < most < 1000
