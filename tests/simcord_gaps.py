"""Closes gaps of simcord 3.2.1; it touches private names, so the version is pinned."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import discord
import simcord
import simcord.http.client as http_client
from simcord import actors, intents, interactions
from simcord.backend import serializers
from simcord.backend.models import Overwrite
from simcord.env import Env


@contextmanager
def interaction_context(
    *,
    locale: str | None = None,
    guild_locale: str | None = None,
    user_install: bool = False,
    private: bool = False,
) -> Iterator[None]:
    """Give interactions a locale, one of the server, a user installation or a private channel."""
    real = interactions.base_payload

    def patched(backend, **kwargs):
        record, payload = real(backend, **kwargs)
        if locale:
            payload["locale"] = locale
        if guild_locale:
            payload["guild_locale"] = guild_locale
        if user_install:
            payload["authorizing_integration_owners"] = {"1": str(kwargs["user_id"])}
        if private:
            payload["context"] = 2
        return record, payload

    interactions.base_payload = patched
    try:
        yield
    finally:
        interactions.base_payload = real


def raise_server_errors(monkeypatch) -> None:
    """Make a 5xx a DiscordServerError, as the real client raises after its retries."""
    real = http_client._raise_for

    def patched(error):
        if error.status >= 500:
            raise discord.DiscordServerError(
                http_client._FakeResponse(error.status), error.to_json()
            )
        real(error)

    monkeypatch.setattr(http_client, "_raise_for", patched)


def fast_settle(idle: float = 0.001) -> None:
    """Wait a millisecond, not fifty, where only a done-callback is left."""
    Env._settle_internal.__kwdefaults__["idle"] = idle


async def click_at_once(
    members: Sequence[simcord.MemberActor], message: discord.Message, label: str
) -> list[simcord.InteractionResult]:
    """Let all members click before the bot has answered one; simcord's own clicks take turns."""
    env = members[0]._env
    records = []
    for member in members:
        stored = actors._visible_message(member, message)
        button = actors._find_component(stored.components, types=(2,), custom_id=None, label=label)
        record, payload = interactions.base_payload(
            env.backend,
            type=3,
            channel_id=stored.channel_id,
            guild_id=member.guild.id,
            user_id=member.id,
            data={"custom_id": button["custom_id"], "component_type": 2},
        )
        payload["message"] = dict(serializers.message_payload(env.backend, stored))
        record.source_message_id = stored.id
        env.backend.emit("INTERACTION_CREATE", payload)
        records.append(record)
    await env.settle()
    return [simcord.InteractionResult(env, record) for record in records]


async def delete_channel(channel: simcord.ChannelHandle) -> None:
    """Let somebody delete the channel."""
    channel._env.backend.delete_channel(channel.id)
    await channel._env.settle()


async def delete_role(role: simcord.RoleHandle) -> None:
    """Let somebody delete the role."""
    role._env.backend.delete_role(role.guild.id, role.id)
    await role._env.settle()


async def rename(member: simcord.MemberActor, nick: str) -> None:
    """Give the member another name in this server."""
    member._env.backend.edit_member(member.guild.id, member.id, {"nick": nick})
    await member._env.settle()


async def edit_often(channel: simcord.ChannelHandle, times: int) -> None:
    """Let somebody edit the channel so often before the bot has looked once."""
    for _ in range(times):
        channel._env.backend.announce_channel_update(channel.id)
    await channel._env.settle()


async def edit_server(guild: simcord.GuildHandle, **changes: object) -> None:
    """Let somebody change the server's settings."""
    guild._env.backend.edit_guild(guild.id, changes)
    await guild._env.settle()


def disconnect_from(env: simcord.Env, guild_id: int) -> None:
    """Make the server one of those that another process of the bot is connected to."""
    del env.bot._connection._guilds[guild_id]


async def hide(env: simcord.Env, guild_id: int) -> None:
    """Let an outage of Discord hide the server."""
    env.backend.emit("GUILD_DELETE", {"id": str(guild_id), "unavailable": True})
    await env.settle()


async def allow_bot_by_role(channel: simcord.ChannelHandle) -> None:
    """Lift what was denied to the bot in the channel, and tell it only of the role it was given.

    Discord tells a bot of its own roles without the members intent, simcord does not.
    """
    env = channel._env
    env.backend.get_channel(channel.id).overwrites = []
    payload = {"guild_id": str(channel.guild.id), "user": {"id": str(env.bot.user.id)}}
    before = intents.EVENT_INTENTS.pop("GUILD_MEMBER_UPDATE")
    env.backend.emit("GUILD_MEMBER_UPDATE", payload)
    intents.EVENT_INTENTS["GUILD_MEMBER_UPDATE"] = before
    await env.settle()


def guild_create(guild: simcord.GuildHandle) -> dict[str, Any]:
    """Return what Discord sends when the server arrives."""
    backend = guild._env.backend
    return dict(serializers.guild_create_payload(backend, backend.get_guild(guild.id)))


async def deny_bot(channel: simcord.ChannelHandle, **permissions: bool) -> None:
    """Take the permissions named, as in `send_messages=True`, from the bot in the channel."""
    env = channel._env
    deny = discord.Permissions(**permissions).value
    overwrite = Overwrite(target_id=env.bot.user.id, type=1, allow=0, deny=deny)
    env.backend.set_overwrite(channel.id, overwrite)
    await env.settle()
