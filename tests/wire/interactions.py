"""What a user's client sends when they use a command or press a button."""

from __future__ import annotations

from typing import Any

from .model import PAYLOADS, Channel, Guild, Json, NotPossible, Reply, Role, User, walk

SUBCOMMAND, GROUP, INTEGER, NUMBER = 1, 2, 4, 10
RESOLVED = {User: "users", Channel: "channels", Role: "roles"}


def command_data(
    commands: dict[str, Json], path: str, given: Json, user: User, focused: str | None = None
) -> Json:
    """The data of ``/path given``, built from what the bot registered."""
    first, *subcommands = path.split()
    if first not in commands:
        raise NotPossible(f"the bot has not registered /{first} here, only {sorted(commands)}")
    command = commands[first]
    needed = int(command["default_member_permissions"] or 0)
    if user.permissions & needed != needed:
        raise NotPossible(f"/{first} is hidden from {user.name}, who lacks a permission it needs")
    options, nesting = command["options"], []
    for name in subcommands:
        option = next((o for o in options if o["name"] == name and o["type"] <= GROUP), None)
        if option is None:
            raise NotPossible(f"/{path} does not exist, only {[o['name'] for o in options]}")
        options = option.get("options") or []
        nesting.append({"name": name, "type": option["type"]})
    known = {option["name"]: option for option in options}
    if focused is None and not sendable(known, given):
        raise NotPossible(f"Discord lets nobody send /{path} {given}; it takes {options}")
    resolved: Json = {}
    values = [option_value(known[name], value, resolved) for name, value in given.items()]
    if focused is not None:
        next(value for value in values if value["name"] == focused)["focused"] = True
    for level in reversed(nesting):
        values = [{**level, "options": values}]
    data: Json = {"id": command["id"], "name": first, "type": 1, "options": values}
    return data if focused else {**data, "resolved": resolved}


def usable_in_direct_message(command: Json) -> bool:
    # discord.py's guild_only says only the older dm_permission, allowed_contexts says contexts.
    return 1 in command["contexts"] if command["contexts"] else command["dm_permission"]


def sendable(known: dict[str, Json], given: Json) -> bool:
    """Whether Discord's client would send these options."""
    required = {name for name, option in known.items() if option.get("required")}
    needs_subcommand = any(option["type"] <= GROUP for option in known.values())
    complete = required <= given.keys() <= known.keys() and not needs_subcommand
    return complete and all(accepts(known[name], value) for name, value in given.items())


def accepts(option: Json, value: Any) -> bool:
    if option.get("choices"):
        return value in [choice["value"] for choice in option["choices"]]
    if option["type"] in (INTEGER, NUMBER):
        return bool(option.get("min_value", value) <= value <= option.get("max_value", value))
    return True


def option_value(option: Json, value: Any, resolved: Json) -> Json:
    """An option as it travels; people, channels and roles as an id and a resolved object."""
    if type(value) in RESOLVED:
        resolved.setdefault(RESOLVED[type(value)], {})[str(value.id)] = value.json()
        if isinstance(value, User):
            member = {key: part for key, part in value.member().items() if key != "user"}
            resolved.setdefault("members", {})[str(value.id)] = member
        value = str(value.id)
    return {"name": option["name"], "type": option["type"], "value": value}


def component_data(message: Json, label: str | None, custom_id: str | None) -> Json:
    """The data of a click on the one button that matches."""
    buttons = [c for c in walk(message["components"]) if "custom_id" in c]
    matching = [
        button
        for button in buttons
        if label in (None, button.get("label")) and custom_id in (None, button["custom_id"])
    ]
    if len(matching) != 1 or matching[0].get("disabled"):
        raise NotPossible(f"{label or custom_id} cannot be pressed among {buttons}")
    button = matching[0]
    own = {"custom_id": button["custom_id"], "component_type": button["type"]}
    return {**own, "id": button["id"]}


def interaction_event(reply: Reply, data: Json, bot: User) -> Json:
    """The data of INTERACTION_CREATE; the answer will arrive in ``reply``."""
    channel, guild = reply.channel, reply.channel.guild
    own: Json = {"id": str(reply.id), "type": reply.interaction_type, "token": reply.token}
    own |= {"application_id": str(bot.id), "data": data, "locale": reply.user.locale}
    own |= {"channel_id": str(channel.id), "channel": channel.json()}
    own |= {"app_permissions": str(int(channel.bot_permissions)), "context": 0 if guild else 1}
    own |= {"authorizing_integration_owners": {"0": str(guild.id if guild else 0)}}
    own |= {"message": reply.source} if reply.source else {}
    own |= in_guild(guild, reply.user) if guild else {"user": reply.user.json()}
    return {**PAYLOADS["interaction"], **own}


def in_guild(guild: Guild, user: User) -> Json:
    partial = {"id": str(guild.id), "locale": guild.locale, "features": []}
    own = {"guild_id": str(guild.id), "guild": partial, "guild_locale": guild.locale}
    return {**own, "member": user.member()}
