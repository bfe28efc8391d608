"""The stand-in for Discord answers discord.py as Discord does."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import aiohttp
import pytest
from discord import (
    AllowedMentions,
    AutoShardedClient,
    Embed,
    File,
    Forbidden,
    Intents,
    Interaction,
    LoginFailure,
    MediaGalleryItem,
    NotFound,
    Object,
    Permissions,
    Role,
    TextChannel,
    app_commands,
    ui,
)
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from .conftest import TOKEN
from .discord_stand_in import DiscordStandIn, NoReply
from .model import File as Upload
from .model import Guild, NotPossible, Permission, User

PNG = b"\x89PNG\r\n\x1a\n"


class CountButton(ui.DynamicItem[ui.Button], template=r"count:(?P<done>\d+)"):
    def __init__(self, done: int) -> None:
        super().__init__(ui.Button(label="Count", custom_id=f"count:{done}"))
        self.done = done

    @classmethod
    async def from_custom_id(cls, _: Interaction, __: ui.Item, match: re.Match[str]) -> CountButton:
        return cls(int(match["done"]))

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.edit_message(view=Card(self.done + 1))


class Card(ui.LayoutView):
    def __init__(self, done: int) -> None:
        super().__init__(timeout=None)
        gallery = ui.MediaGallery(MediaGalleryItem("attachment://steps.png"))
        row = ui.ActionRow(CountButton(done))
        self.add_item(ui.Container(ui.TextDisplay(f"{done} times"), gallery, row))


class Client(AutoShardedClient):
    def __init__(self, **options: Any) -> None:
        mentions = AllowedMentions.none()
        super().__init__(intents=Intents(guilds=True), allowed_mentions=mentions, **options)
        self.tree = app_commands.CommandTree(self)
        for command in (card, think, colour, silence, club_commands):
            self.tree.add_command(command)

    async def before_identify_hook(self, _: int | None, *, initial: bool = False) -> None:
        """Not wait the five seconds that discord.py waits to identify a second time."""

    async def setup_hook(self) -> None:
        self.add_dynamic_items(CountButton)
        await self.tree.sync()


@app_commands.command()
async def card(interaction: Interaction) -> None:
    """A card with a button and a picture."""
    await interaction.response.send_message(view=Card(0), file=File(io.BytesIO(PNG), "steps.png"))


@app_commands.command()
async def think(interaction: Interaction) -> None:
    """An answer that takes its time."""
    await interaction.response.defer(thinking=True, ephemeral=True)
    await interaction.edit_original_response(content="Here it is.")
    await interaction.followup.send("And more.")


@app_commands.command()
async def colour(interaction: Interaction, name: str) -> None:
    """A colour."""
    await interaction.response.send_message(name)


@colour.autocomplete("name")
async def colours(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=c, value=c) for c in ("red", "green") if typed in c]


@app_commands.command()
async def silence(_: Interaction) -> None:
    """No answer."""


club_commands = app_commands.Group(
    name="club",
    description="For coaches.",
    guild_only=True,
    default_permissions=Permissions(manage_guild=True),
)


@club_commands.command()
async def setup(
    interaction: Interaction,
    channel: TextChannel,
    role: Role,
    day_end: app_commands.Range[int, 0, 6],
) -> None:
    """Set up the club."""
    may_post = channel.permissions_for(interaction.guild.me).send_messages
    content = f"{channel.name} {role.name} {day_end} {interaction.user.name} {may_post}"
    await interaction.response.send_message(content, ephemeral=True)


@pytest.fixture
async def client(
    discord: DiscordStandIn, club: Guild, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Client]:
    point_discord_py_at(discord, monkeypatch)
    club.channels[1].denied = Permission.SEND_MESSAGES
    async with Client() as client:
        running = asyncio.create_task(client.start(TOKEN))
        await discord.connected()
        yield client
    await running


def point_discord_py_at(discord: DiscordStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", discord.api_base)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", URL(discord.gateway_url))


async def test_a_slash_command_is_answered_with_all_its_words(
    discord: DiscordStandIn, client: Client, club: Guild, runner: User
) -> None:
    reply = await discord.slash("card", user=runner, guild=club)
    assert (reply.type, reply.text, reply.ephemeral) == (4, "0 times", False)
    assert discord.channel_messages(club.channels[0]) == [reply.message]


async def test_an_uploaded_picture_is_shown_under_its_address(
    discord: DiscordStandIn, client: Client, club: Guild, runner: User
) -> None:
    reply = await discord.slash("card", user=runner, guild=club)
    (attachment,) = reply.message["attachments"]
    (picture,) = reply.components[0]["components"][1]["items"]
    assert picture["media"]["url"] == attachment["url"]
    assert discord.requests[-1].files[0].data == PNG


async def test_a_button_works_that_the_running_client_has_never_sent(
    discord: DiscordStandIn, client: Client, club: Guild, runner: User
) -> None:
    card = Card(6).to_components()
    fields, files = {"components": card, "flags": 1 << 15}, [Upload("steps.png", "image/png", PNG)]
    message = discord.create_message(club.channels[1], fields, files)
    reply = await discord.click(message, label="Count", user=runner)
    assert (reply.type, reply.text) == (7, "7 times")
    again = await discord.click(reply, custom_id="count:7", user=runner)
    assert again.text == "8 times"
    assert discord.channel_messages(club.channels[1]) == [message]


async def test_a_button_that_is_not_there_cannot_be_pressed(
    discord: DiscordStandIn, client: Client, club: Guild, runner: User
) -> None:
    reply = await discord.slash("card", user=runner, guild=club)
    with pytest.raises(NotPossible, match="Undo"):
        await discord.click(reply, label="Undo", user=runner)


async def test_a_deferred_answer_is_the_edit_that_ends_the_wait(
    discord: DiscordStandIn, client: Client, club: Guild, runner: User
) -> None:
    reply = await discord.slash("think", user=runner, guild=club)
    assert (reply.type, reply.text, reply.ephemeral) == (5, "Here it is.", True)
    assert discord.channel_messages(club.channels[0]) == []


async def test_a_command_works_in_a_direct_message(
    discord: DiscordStandIn, client: Client, runner: User
) -> None:
    reply = await discord.slash("colour", {"name": "red"}, user=runner)
    assert (reply.channel, reply.content) == (discord.direct_channel(runner), "red")


async def test_choices_are_offered_while_typing(
    discord: DiscordStandIn, client: Client, club: Guild, runner: User
) -> None:
    choices = await discord.autocomplete("colour", {"name": "gr"}, "name", user=runner, guild=club)
    assert [choice["value"] for choice in choices] == ["green"]


async def test_options_of_a_subcommand_arrive_as_what_they_are(
    discord: DiscordStandIn, client: Client, club: Guild, coach: User
) -> None:
    options = {"channel": club.channels[0], "role": club.roles[0], "day_end": 3}
    reply = await discord.slash("club setup", options, user=coach, guild=club)
    assert reply.text == "general Runners 3 coach True"


async def test_the_client_sees_and_feels_what_a_channel_denies_it(
    discord: DiscordStandIn, client: Client, club: Guild, coach: User
) -> None:
    options = {"channel": club.channels[1], "role": club.roles[0], "day_end": 3}
    reply = await discord.slash("club setup", options, user=coach, guild=club)
    assert reply.text == "challenge Runners 3 coach False"
    with pytest.raises(Forbidden):
        await client.get_channel(club.channels[1].id).send("no")


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("unknown", {}),
        ("club", {}),
        ("club unknown", {}),
        ("colour", {}),
        ("colour", {"name": "red", "unknown": 1}),
        ("club setup", {"channel": None, "role": None, "day_end": 7}),
    ],
)
async def test_nobody_sends_what_the_client_did_not_register(
    discord: DiscordStandIn, client: Client, club: Guild, coach: User, command: str, options: dict
) -> None:
    with pytest.raises(NotPossible):
        await discord.slash(command, options, user=coach, guild=club)


async def test_a_command_is_hidden_from_who_may_not_use_it(
    discord: DiscordStandIn, client: Client, club: Guild, runner: User, coach: User
) -> None:
    with pytest.raises(NotPossible, match="hidden"):
        await discord.slash("club setup", user=runner, guild=club)
    with pytest.raises(NotPossible, match="not registered"):
        await discord.slash("club setup", user=coach)


async def test_a_missing_answer_is_noticed(
    discord: DiscordStandIn, client: Client, club: Guild, runner: User
) -> None:
    discord.acknowledge_within = 0.05
    with pytest.raises(NoReply, match="no answer to silence"):
        await discord.slash("silence", user=runner, guild=club)


async def test_a_nonce_is_posted_once(discord: DiscordStandIn, client: Client, club: Guild) -> None:
    channel = client.get_channel(club.channels[0].id)
    first, second = [await channel.send("today", nonce="club-1-2026-07-01") for _ in range(2)]
    other = await channel.send("today", nonce="club-1-2026-07-02")
    elsewhere = await client.get_channel(club.channels[0].id).send("today")
    assert first.id == second.id != other.id != elsewhere.id
    assert len(discord.channel_messages(club.channels[0])) == 3


async def test_a_nonce_is_forgotten_in_time(
    discord: DiscordStandIn, client: Client, club: Guild
) -> None:
    channel = client.get_channel(club.channels[0].id)
    first = await channel.send("today", nonce="1")
    discord.nonce_holds = 0
    assert (await channel.send("today", nonce="1")).id != first.id


async def test_only_who_may_read_the_history_finds_messages_in_it(
    discord: DiscordStandIn, client: Client, club: Guild
) -> None:
    channel = client.get_channel(club.channels[0].id)
    first, second, third = [await channel.send(text) for text in ("1", "2", "3")]
    assert [m.id async for m in channel.history(limit=2)] == [third.id, second.id]
    assert [m.id async for m in channel.history(before=second)] == [first.id]
    assert [m.id async for m in channel.history(after=first, limit=1)] == [second.id]
    club.channels[0].denied = Permission.READ_MESSAGE_HISTORY
    assert [m.id async for m in channel.history()] == []


async def test_a_message_can_be_edited_and_fetched(
    discord: DiscordStandIn, client: Client, club: Guild
) -> None:
    channel = client.get_channel(club.channels[0].id)
    message = await channel.send("first", embed=Embed(title="kept"))
    await message.edit(content="second")
    fetched = await channel.fetch_message(message.id)
    assert (fetched.content, fetched.embeds[0].title) == ("second", "kept")
    assert [m.id async for m in channel.history()] == [message.id]
    with pytest.raises(NotFound):
        await channel.fetch_message(1)


async def test_the_client_can_write_to_a_user(
    discord: DiscordStandIn, client: Client, runner: User
) -> None:
    channel = await client.create_dm(Object(runner.id))
    await channel.send("a reminder")
    (message,) = discord.channel_messages(discord.direct_channel(runner))
    assert message["content"] == "a reminder"


@pytest.mark.parametrize(("apply", "posted"), [(False, 1), (True, 2)])
async def test_a_fault_is_answered_once_and_takes_effect_only_if_told(
    discord: DiscordStandIn, client: Client, club: Guild, apply: bool, posted: int
) -> None:
    channel = client.get_channel(club.channels[0].id)
    discord.fault("POST", "/messages$", 403, code=50013, apply=apply)
    with pytest.raises(Forbidden) as caught:
        await channel.send("first")
    await channel.send("second")
    assert caught.value.code == 50013
    assert len(discord.channel_messages(club.channels[0])) == posted


async def test_commands_keep_their_ids_when_synced_again(
    discord: DiscordStandIn, client: Client, club: Guild
) -> None:
    before = {name: command["id"] for name, command in discord.commands[0].items()}
    await client.tree.sync()
    assert {name: command["id"] for name, command in discord.commands[0].items()} == before
    assert discord.syncs == 2


async def test_the_client_finds_its_application_club_and_channel(
    discord: DiscordStandIn, client: Client, club: Guild
) -> None:
    assert (await client.application_info()).id == client.user.id == discord.bot.id
    assert (await client.fetch_guild(club.id, with_counts=False)).name == club.name
    assert (await client.fetch_channel(club.channels[1].id)).name == "challenge"


async def test_an_answer_can_be_lost_after_the_request_took_effect(
    discord: DiscordStandIn, client: Client, club: Guild
) -> None:
    channel = client.get_channel(club.channels[0].id)
    discord.fault("POST", "/messages$", 0, apply=True)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await channel.send("first")
    assert len(discord.channel_messages(club.channels[0])) == 1


async def test_an_answer_can_be_nonsense(
    discord: DiscordStandIn, client: Client, club: Guild
) -> None:
    path = f"{discord.api_base}/users/@me"
    page = b"<html>Sorry</html>"
    discord.fault("GET", "/users/@me$", 200, body=page, content_type="text/html")
    async with aiohttp.ClientSession() as http:
        answer = await http.get(path, headers={"Authorization": f"Bot {TOKEN}"})
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert await answer.read() == page


@pytest.mark.parametrize("applied", [False, True])
async def test_a_request_is_held_before_or_after_it_takes_effect(
    discord: DiscordStandIn, client: Client, club: Guild, applied: bool
) -> None:
    held = discord.hold("POST", "/messages$", applied=applied)
    sending = asyncio.create_task(client.get_channel(club.channels[0].id).send("hello"))
    await held.arrived.wait()
    assert len(discord.channel_messages(club.channels[0])) == applied
    held.release()
    assert (await sending).content == "hello"


async def test_a_request_that_is_dropped_goes_no_further(
    discord: DiscordStandIn, client: Client, club: Guild
) -> None:
    held = discord.hold("POST", "/messages$")
    sending = asyncio.create_task(client.get_channel(club.channels[0].id).send("hello"))
    await held.arrived.wait()
    held.drop()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await sending
    assert discord.channel_messages(club.channels[0]) == []


@pytest.mark.parametrize(
    "interrupt",
    [
        lambda discord: discord.gateway.ask_to_reconnect(),
        lambda discord: discord.gateway.invalidate(resumable=True),
        lambda discord: discord.gateway.drop(),
    ],
)
async def test_a_client_resumes_and_is_told_what_it_missed(
    discord: DiscordStandIn,
    client: Client,
    club: Guild,
    runner: User,
    interrupt: Callable[[DiscordStandIn], Coroutine[Any, Any, None]],
) -> None:
    await interrupt(discord)
    assert (await discord.slash("card", user=runner, guild=club)).text == "0 times"
    await discord.resumed()
    assert len(discord.gateway.shards) == 1
    assert len(discord.channel_messages(club.channels[0])) == 1


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_client_whose_session_is_gone_identifies_anew(
    discord: DiscordStandIn, client: Client, club: Guild, runner: User, at_once: bool
) -> None:
    if at_once:
        await discord.gateway.invalidate(resumable=False)
    else:  # it hears of it when it wants to resume
        discord.gateway.forget()
        await discord.gateway.drop()
    await discord.connected()
    assert (await discord.slash("card", user=runner, guild=club)).text == "0 times"
    assert len(discord.gateway.shards) == 2


async def test_a_client_leaves_a_connection_that_has_fallen_silent(
    discord: DiscordStandIn, club: Guild, runner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_discord_py_at(discord, monkeypatch)
    discord.gateway.heartbeat_interval = 0.1
    async with Client(heartbeat_timeout=0.3) as client:
        running = asyncio.create_task(client.start(TOKEN))
        await discord.connected()
        discord.gateway.freeze()
        assert (await discord.slash("card", user=runner, guild=club)).text == "0 times"
        await discord.resumed()
    await running


async def test_a_club_is_the_business_of_one_shard(
    discord: DiscordStandIn, runner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_discord_py_at(discord, monkeypatch)
    clubs = [discord.add_guild(f"Club {n}", channels=["general"]) for n in range(6)]
    async with Client(shard_count=2, shard_ids=[1]) as client:
        running = asyncio.create_task(client.start(TOKEN))
        await discord.connected()
        mine = [club for club in clubs if (club.id >> 22) % 2 == 1]
        others = [club for club in clubs if club not in mine]
        assert sorted(guild.id for guild in client.guilds) == [club.id for club in mine]
        await discord.slash("card", user=runner, guild=mine[0])
        with pytest.raises(NotPossible, match="no bot"):
            await discord.slash("card", user=runner, guild=others[0])
    await running


async def test_a_wrong_token_is_refused_by_rest_and_gateway(
    discord: DiscordStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    point_discord_py_at(discord, monkeypatch)
    async with Client() as client:
        with pytest.raises(LoginFailure):
            await client.start("wrong")
    assert discord.requests[-1].headers["Authorization"] == "Bot wrong"
    async with aiohttp.ClientSession() as http, http.ws_connect(discord.gateway_url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 0}})
        assert (await socket.receive()).data == 4004


async def test_a_request_outside_of_the_model_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="GET /voice/regions is not modelled"):
        async with DiscordStandIn(TOKEN) as discord, aiohttp.ClientSession() as http:
            headers = {"Authorization": f"Bot {TOKEN}"}
            await http.get(f"{discord.api_base}/voice/regions", headers=headers)
