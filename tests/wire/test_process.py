"""The real bot starts, answers, stops and survives as its operator expects."""

from __future__ import annotations

import re
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from .conftest import TOKEN, Start
from .discord_stand_in import DiscordStandIn
from .model import Guild, User
from .process import BotProcess, eventually

pytestmark = pytest.mark.slow  # each starts the real process


async def complaint(process: BotProcess) -> list[str]:
    """What a bot that cannot start tells its operator."""
    async with process:
        assert await process.wait(10) > 0
        assert "Traceback" not in process.output
        assert TOKEN not in process.output
        return process.stderr


async def sentence(process: BotProcess) -> str:
    lines = await complaint(process)
    assert len(lines) == 1, lines
    return lines[0]


async def set_up(discord: DiscordStandIn, club: Guild, coach: User) -> None:
    options = {"channel": club.channels[1], "time": "07:00", "timezone": "Europe/London"}
    await discord.slash("club setup", options, user=coach, guild=club)


async def test_without_a_token_one_line_says_which_setting_and_where_to_get_one(
    start: Start,
) -> None:
    line = await sentence(start(DISCORD_TOKEN=None))
    assert "DISCORD_TOKEN" in line
    assert "discord.com/developers" in line


async def test_a_token_that_discord_refuses_is_one_line_without_the_token(
    discord: DiscordStandIn, start: Start
) -> None:
    discord.token = "another"
    line = await sentence(start(LOG_LEVEL="ERROR"))  # else the log comes first
    assert "DISCORD_TOKEN" in line
    assert [request.status for request in discord.requests] == [401]


async def test_a_database_that_cannot_be_opened_is_one_line(start: Start, tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "x.db"
    line = await sentence(start(DATABASE_URL=f"sqlite+aiosqlite:///{missing}"))
    assert "DATABASE_URL" in line


async def test_all_wrong_settings_are_named_at_once(start: Start) -> None:
    lines = await complaint(start(SHARD_COUNT="many", LOG_LEVEL="LOUD"))
    assert any("SHARD_COUNT" in line and "many" in line for line in lines)
    assert any("LOG_LEVEL" in line and "LOUD" in line for line in lines)


async def test_a_mistyped_name_in_the_env_file_is_named_with_the_right_one(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(f"DISCORD_TOKN={TOKEN}\n")
    lines = await complaint(start(DISCORD_TOKEN=None))
    assert any(re.search(r"DISCORD_TOKN\b.*DISCORD_TOKEN\b", line) for line in lines)


async def test_discord_out_of_reach_is_one_line(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    nowhere = f"http://127.0.0.1:{port}/api/v10"
    line = await sentence(start(DISCORD_API_BASE=nowhere, LOG_LEVEL="ERROR"))
    assert nowhere in line


async def test_commands_are_synced_once_and_not_at_the_next_start(
    discord: DiscordStandIn, club: Guild, runner: User, start: Start
) -> None:
    for _ in range(2):
        async with start() as bot:
            await bot.until(discord.connected())
            await discord.slash("exercise", {"name": "monster-steps"}, user=runner, guild=club)
            assert discord.syncs == 1


async def test_an_exercise_is_shown_and_the_token_reaches_no_log(
    discord: DiscordStandIn, club: Guild, runner: User, start: Start
) -> None:
    async with start(LOG_LEVEL="DEBUG") as bot:
        await bot.until(discord.connected())
        reply = await discord.slash("exercise", {"name": "monster-steps"}, user=runner, guild=club)
        assert "Monster steps" in reply.text
        bot.terminate()
        await bot.wait(5)
        assert "/users/@me" in bot.output  # the library's requests are in the log
        assert TOKEN not in bot.output


async def test_discord_sends_back_what_can_be_pressed_and_no_plain_sentence(
    discord: DiscordStandIn, club: Guild, coach: User, runner: User, start: Start
) -> None:
    async with start() as bot:
        await bot.until(discord.connected())
        await set_up(discord, club, coach)
        card = await discord.slash("today", user=runner, guild=club)
        done = await discord.click(card, label="Done", user=runner)
        assert "it counts for today" in done.text
    statuses = [r.status for r in discord.requests if r.path.endswith("/callback")]
    assert statuses == [200, 200, 204]


async def test_a_confirmed_done_survives_a_killed_process(
    discord: DiscordStandIn, club: Guild, coach: User, runner: User, start: Start
) -> None:
    async with start() as bot:
        await bot.until(discord.connected())
        await set_up(discord, club, coach)
        before = await discord.slash("me", user=runner, guild=club)
        challenge = await discord.slash("today", user=runner, guild=club)
        await discord.click(challenge, label="Done", user=runner)
        bot.kill()
        await bot.wait(5)
    async with start() as bot:
        await bot.until(discord.connected())
        after = await discord.slash("me", user=runner, guild=club)
        assert "1 session" in after.text
        assert "1 session" not in before.text


async def test_a_set_goes_on_after_a_killed_process_and_its_tokens_reach_no_log(
    discord: DiscordStandIn, club: Guild, runner: User, start: Start, file: Path
) -> None:
    async with start(LOG_LEVEL="DEBUG") as bot:
        await bot.until(discord.connected())
        card = await discord.slash("exercise", {"name": "clamshell"}, user=runner, guild=club)
        begun = await discord.click(card, label="Follow along", user=runner)
        bot.kill()
        await bot.wait(5)
        output = bot.output
    with closing(sqlite3.connect(file)) as connection, connection:  # nobody waits for a minute
        earlier = "strftime('%Y-%m-%d %H:%M:%f', due_at, '-60 seconds')"
        connection.execute(f"UPDATE guides SET due_at = {earlier}")
    async with start(LOG_LEVEL="DEBUG") as bot:
        await bot.until(discord.connected())
        await bot.until(eventually(lambda: "Step 2 of 8" in begun.text))
        paused = await discord.click(begun, label="Pause", user=runner)
        assert "On hold" in paused.text
        assert "/webhooks/" in bot.output
        output += bot.output
    assert begun.token not in output
    assert paused.token not in output


@pytest.mark.parametrize("stop", [BotProcess.terminate, BotProcess.interrupt])
async def test_a_signal_stops_the_bot_cleanly(
    discord: DiscordStandIn,
    club: Guild,
    start: Start,
    file: Path,
    stop: Callable[[BotProcess], None],
) -> None:
    async with start() as bot:
        await bot.until(discord.connected())
        stop(bot)
        assert await bot.wait(5) == 0
        assert "Traceback" not in bot.output
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


async def test_a_process_runs_the_shards_it_is_told_at_the_gateway_it_is_told(
    discord: DiscordStandIn, club: Guild, start: Start
) -> None:
    told = discord.gateway_url
    discord.gateway_url = "ws://127.0.0.1:1/nobody-listens"  # what the API answers from now on
    async with start(DISCORD_GATEWAY_URL=told, SHARD_COUNT="4", SHARD_IDS="2") as bot:
        await bot.until(discord.connected())
        assert discord.gateway.shards == [[2, 4]]


async def test_a_developers_server_gets_the_commands_at_once(
    discord: DiscordStandIn, club: Guild, runner: User, start: Start
) -> None:
    async with start(DEV_GUILD_ID=str(club.id)) as bot:
        await bot.until(discord.connected())
        assert [r.path for r in discord.requests if r.method == "PUT"] == [
            f"/applications/{discord.bot.id}/guilds/{club.id}/commands"
        ]
        reply = await discord.slash("exercise", {"name": "monster-steps"}, user=runner, guild=club)
        assert "Monster steps" in reply.text


async def test_asked_to_stop_twice_it_ends_at_once(
    discord: DiscordStandIn, club: Guild, start: Start
) -> None:
    async with start() as bot:
        await bot.until(discord.connected())
        bot.terminate()
        bot.interrupt()  # another signal: of two that are the same the system may make one
        assert await bot.wait(4) in (0, 1)  # 0 if the first was done before the second came
        assert "Traceback" not in bot.output
