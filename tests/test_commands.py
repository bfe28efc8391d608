"""What Discord is told of the commands, and what keeps coaches' commands to coaches."""

import re

import discord
import pytest
import simcord

from bot.client import Bot
from bot.errors import MayNotManage

MANAGE_SERVER = discord.Permissions(manage_guild=True).value
SUBCOMMAND, GROUP = 1, 2


@pytest.fixture
def told(world) -> list[dict]:
    """The commands as Discord was told them."""
    [commands] = world.requests("PUT", "/commands")
    return commands


def walk(commands: list[dict], path: str = ""):
    """Yield every command, group and option with its path."""
    for command in commands:
        name = f"{path} {command['name']}".strip()
        yield name, command
        yield from walk(command.get("options", []), name)


def test_every_command_and_option_is_described(told):
    for path, item in walk(told):
        description = item["description"]
        assert 3 < len(description) <= 100, path  # discord.py makes "…" of a missing docstring
        assert description[0].isupper(), path


def test_commands_end_like_sentences_and_options_do_not(told):
    for path, item in walk(told):
        if "default_member_permissions" in item:
            is_sentence = item["name"] != "club"  # a group, which Discord shows nowhere
        else:
            is_sentence = item["type"] == SUBCOMMAND
        assert item["description"].endswith(".") is is_sentence, path


def test_names_fit_discord(told):
    assert len(told) <= 100
    for path, item in walk(told):
        assert re.fullmatch(r"[a-z0-9_-]{1,32}", item["name"]), path
        assert len(item.get("options", [])) <= 25, path
        assert len(item.get("choices", [])) <= 25, path
        for choice in item.get("choices", []):
            assert 1 <= len(choice["name"]) <= 100, path


def test_required_options_come_first(told):
    for path, item in walk(told):
        options = [o for o in item.get("options", []) if o["type"] not in (SUBCOMMAND, GROUP)]
        needed = [option.get("required", False) for option in options]
        assert needed == sorted(needed, reverse=True), path


def test_only_club_needs_manage_server_and_only_in_servers(told):
    needs = {c["name"]: c["default_member_permissions"] for c in told}
    assert {name: bits for name, bits in needs.items() if bits is not None} == {
        "club": MANAGE_SERVER
    }

    [club] = [command for command in told if command["name"] == "club"]
    assert club["contexts"] == [0]


def test_what_needs_no_club_can_be_installed_by_a_user_and_used_anywhere(told):
    anywhere = {c["name"] for c in told if c["contexts"] == [0, 1, 2]}

    assert anywhere == {"exercise", "exercises", "why", "routine", "privacy", "help", "about"}
    for command in told:
        installs = command["integration_types"] or []
        assert (1 in installs) is (command["name"] in anywhere), command["name"]


async def test_members_are_offered_no_command_of_coaches(club):
    mine = club.ann.available_commands(club.channel)

    assert "today" in mine
    assert not [name for name in mine if name.startswith("club")]
    with pytest.raises(simcord.SetupError, match="default-member-permissions"):
        await club.ann.slash(club.channel, "club status")


async def test_a_member_whom_an_admin_shows_the_commands_is_told_who_may_use_them(club):
    [command] = [c for c in await club.env.bot.tree.fetch_commands() if c.name == "club"]
    club.guild.set_command_permissions(command, {club.ann: True})
    names = [n for n in club.ann.available_commands(club.channel) if n.startswith("club ")]
    assert len(names) >= 4
    before = await club.app.clubs.status(club.club_id)

    needed = {
        "club setup": {"channel": club.channel, "time": "09:00", "timezone": "Europe/Berlin"},
        "club exercise add": {"muscle": "calves"},
        "club exercise import": {"file": ("pack.toml", b"")},
        "club exercise retire": {"name": "hill bounds"},
        "club void": {"member": club.ben, "entry": "2026-07-02:a-march"},
    }
    for name in names:
        refused = await club.ann.slash(club.channel, name, **needed.get(name, {}))

        owner = club.guild.owner.id
        assert refused.response.content == club.say("error.may_not_manage", owner=owner), name
        assert refused.ephemeral, name
        simcord.assert_error(club.env, MayNotManage)
    assert await club.app.clubs.status(club.club_id) == before


async def restart(world, bot: Bot) -> None:
    await world.env.bot.close()
    await world.env.restart_bot(bot)


async def test_an_unchanged_bot_tells_discord_its_commands_once(club, app):
    bot = Bot(app, is_ticking=False)
    await restart(club, bot)

    assert len(club.requests("PUT", "/commands")) == 1
    assert (await club.ann.slash(club.channel, "about")).acknowledged
    await bot.close()


class Reworded(Bot):
    """A bot of which one description has changed."""

    async def load_extension(self, name: str, *, package: str | None = None) -> None:
        await super().load_extension(name, package=package)
        if name == "cogs.help":
            self.tree.get_command("about").description = "See something else."


async def test_a_changed_description_is_told_once_more(club, app):
    for _ in range(2):
        bot = Reworded(app, is_ticking=False)
        await restart(club, bot)

    first, second = club.requests("PUT", "/commands")
    assert "See something else." not in str(first)
    assert "See something else." in str(second)
    await bot.close()


async def test_a_failed_sync_is_tried_again_at_the_next_start(club, app):
    club.env.inject_error("PUT", "/applications/*/commands", status=500)
    with pytest.raises(discord.HTTPException):
        await restart(club, bot := Reworded(app, is_ticking=False))
    await bot.close()
    assert len(club.requests("PUT", "/commands")) == 2

    async with simcord.run(bot := Reworded(app, is_ticking=False)) as env:
        assert [c for c in env.http_requests if c.method == "PUT"]
    await bot.close()
