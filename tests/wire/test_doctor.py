"""`hipstride doctor` finds what is wrong with an installation, and nothing where all is well."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic.script import ScriptDirectory
from discord.http import Route

from bot.clock import utc_now
from bot.doctor import Finding, as_json, as_table, examine, has_problem
from bot.doctor.report import State
from bot.domain.challenge import Post, PostState, Reason
from bot.domain.club import Club
from bot.settings import SHIPPED_DATA, Settings
from bot.storage.database import MIGRATIONS, Database, open_database
from tests.postgres import Server, query
from tests.storage.test_sqlite import without_privileges

from .conftest import TOKEN
from .discord_stand_in import DiscordStandIn
from .model import Channel, Guild, Permission, User
from .process import BotProcess

pytestmark = pytest.mark.slow

TODAY = date(2026, 7, 2)
CHECKS = "settings", "library", "database", "posts", "clock", "token", "application", "gateway"


@pytest.fixture
def file(tmp_path: Path, migrated: Path) -> Path:
    return shutil.copy(migrated, tmp_path / "club.db")


@pytest.fixture(autouse=True)
def environment(
    discord: DiscordStandIn, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> pytest.MonkeyPatch:
    """An installation that is set up well, but for what the test changes."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("DISCORD_API_BASE", discord.api_base)
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{file}")
    monkeypatch.setattr(Route, "BASE", Route.BASE)  # the doctor changes it
    return monkeypatch


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    """Open as in a running bot."""
    database = await open_database(f"sqlite+aiosqlite:///{file}")
    yield database
    await database.close()


@pytest.fixture
def channel(club: Guild) -> Channel:
    return club.channels[1]


Record = Callable[..., Awaitable[None]]


@pytest.fixture
def record(database: Database, club: Guild, channel: Channel) -> Record:
    """Set the club up and record a post, so long after its time."""

    async def record(
        state: PostState = PostState.SENT,
        reason: Reason | None = None,
        *,
        overdue: timedelta = timedelta(hours=-1),
        begun: timedelta = timedelta(),
        paused_at: datetime | None = None,
    ) -> None:
        now = utc_now()
        wanted = Club(
            id=club.id,
            channel_id=channel.id,
            zone="Europe/London",
            post_time=time(7),
            paused_at=paused_at,
            set_up_by=1,
            set_up_at=now,
            next_due=now - overdue,
            targets=(),
        )
        post = Post(
            club_id=club.id,
            day=TODAY,
            slug="a-march",
            channel_id=channel.id,
            due_at=now,
            attempted_at=now - begun,
            state=state,
            reason=reason,
        )
        async with database.write() as stores:
            await stores.clubs.save(wanted)
            await stores.posts.add(post)

    return record


async def diagnosis() -> list[Finding]:
    findings = await examine(utc_now)
    for finding in findings:
        assert (finding.state == "ok") == (not finding.remedy), finding
    assert TOKEN not in as_json(findings)
    return findings


async def only(check: str, state: str = "problem") -> SimpleNamespace:
    """The one finding that is not ok, of this check and state."""
    [bad] = await all_bad()
    assert (bad.check, bad.state) == (check, state), bad
    return bad


async def all_bad() -> list[Finding]:
    return [finding for finding in await diagnosis() if finding.state != "ok"]


def doctor(tmp_path: Path, *options: str) -> BotProcess:
    names = [name.upper() for name in Settings.model_fields]
    own = {name: os.environ[name] for name in names if name in os.environ}
    return BotProcess(tmp_path, "doctor", *options, **own)


async def test_a_running_bot_in_a_club_that_is_set_up_is_well(
    discord: DiscordStandIn, club: Guild, coach: User, channel: Channel, tmp_path: Path
) -> None:
    process = doctor(tmp_path)
    async with BotProcess(tmp_path, **process.environment) as bot:
        await bot.until(discord.connected())
        options = {"channel": channel, "time": "07:00", "timezone": "Europe/London"}
        await discord.slash("club setup", options, user=coach, guild=club)
        async with process:
            assert await process.wait(10) == 0
    *lines, empty, last = process.stdout
    assert (empty, last) == ("", "All is well.")
    assert [line.split()[:2] for line in lines] == [["ok", check] for check in [*CHECKS, "club"]]
    assert process.stderr == []
    assert "Harriers" in lines[-1] and f"#{channel.name}" in lines[-1]
    assert TOKEN not in process.output


async def test_all_wrong_settings_are_found_at_once_and_json_is_all_that_is_printed(
    tmp_path: Path, environment
) -> None:
    environment.setenv("LOG_LEVEL", "LOUD")
    environment.setenv("SHARD_COUNT", "many")
    (tmp_path / ".env").write_text(f"DISCORD_TOKN={TOKEN}\n")
    async with doctor(tmp_path, "--json") as process:
        assert await process.wait(10) == 1
    found = json.loads("\n".join(process.stdout))
    assert process.stderr == []
    assert found == json.loads(as_json(await diagnosis()))
    assert [set(f) for f in found] == [{"check", "state", "subject", "finding", "remedy"}] * 4
    by_subject = {f["subject"]: f for f in found}
    assert by_subject["LOG_LEVEL"]["finding"] == "LOG_LEVEL in the environment is wrong: 'LOUD'."
    assert "DEBUG, INFO, WARNING or ERROR" in by_subject["LOG_LEVEL"]["remedy"]
    assert "many" in by_subject["SHARD_COUNT"]["finding"]
    assert by_subject["DISCORD_TOKN"]["remedy"] == "Did you mean DISCORD_TOKEN?"
    assert by_subject[""]["state"] == "warning"  # what was not looked at


async def test_every_broken_file_of_the_library_is_found(tmp_path: Path, environment) -> None:
    data = tmp_path / "data"
    shutil.copytree(SHIPPED_DATA, data)
    (data / "exercises" / "a-march.toml").write_text('name = "A march"\n[[')
    (data / "exercises" / "Wrong.toml").write_text("")
    (data / "topics" / "bad.toml").write_text("oops")
    (data / "locales" / "en-US.toml").write_text("[card")
    environment.setenv("DATA_DIR", str(data))
    bad = await all_bad()
    assert {(f.check, f.state) for f in bad} == {("library", "problem")}
    assert sorted(f.subject.partition(":")[0] for f in bad) == [
        "en-US.toml",
        "exercises/Wrong.toml",
        "exercises/a-march.toml",
        "topics/bad.toml",
    ]
    environment.setenv("DATA_DIR", str(tmp_path / "nowhere"))
    assert {(f.subject, f.state) for f in await all_bad()} == {("nowhere", "problem")}


async def test_a_missing_database_is_left_to_the_first_start(file) -> None:
    file.unlink()
    bad = await only("database", "warning")
    assert f"{file} does not exist yet: the first start will make it" in bad.finding
    assert not file.exists()
    file.touch()
    assert "is empty" in (await only("database", "warning")).finding
    assert file.stat().st_size == 0


async def test_a_database_in_a_folder_that_is_not_there_is_found(tmp_path: Path, environment):
    environment.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/no/club.db")
    bad, rest = await all_bad()
    assert f"no folder {tmp_path}/no" in bad.finding
    assert (bad.state, rest.state) == ("problem", "warning")
    assert "Clubs and their posts are not checked" in rest.finding


async def test_a_database_of_an_older_version_is_left_to_the_next_start(
    tmp_path: Path, monkeypatch
) -> None:
    newer = shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    text = f"revision, down_revision = 'later', {head!r}"
    (tmp_path / "migrations" / "versions" / "later.py").write_text(text)
    monkeypatch.setattr("bot.storage.checkup.MIGRATIONS", newer)
    bad, rest = await all_bad()
    assert (bad.state, rest.state) == ("warning", "warning")
    assert f"has the older version {head}" in bad.finding
    assert "Restart the bot" in bad.remedy


async def test_a_file_with_an_odd_name_is_read(file, tmp_path: Path, environment) -> None:
    odd = file.rename(tmp_path / "a club #1 at 100%.db")
    environment.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{odd}")
    assert await all_bad() == []


@pytest.fixture
def read_only(file: Path, environment: pytest.MonkeyPatch) -> Iterator[Path]:
    """The database in a folder that anybody may enter, unlike tmp_path, but nobody may write."""
    with tempfile.TemporaryDirectory() as folder:
        read_only = Path(shutil.copy(file, folder))
        environment.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{read_only}")
        environment.chdir(folder)
        Path(folder).chmod(0o755)
        read_only.chmod(0o444)
        yield read_only
        environment.undo()


async def test_a_file_that_may_not_be_written_is_found(read_only: Path) -> None:
    with without_privileges():
        bad, _ = await all_bad()
    assert f"{read_only} cannot be used: attempt to write a readonly database" in bad.finding
    assert "that this user may write to" in bad.remedy


@pytest.mark.parametrize(
    ("sql", "state", "found"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "problem", "newer Hipstride"),
        ("DROP TABLE alembic_version", "problem", "belongs to another program"),
        ("DROP TABLE posts", "problem", "no such table: posts"),
    ],
)
async def test_a_database_that_is_not_ours_is_found(file: Path, sql: str, state: str, found: str):
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(sql)
    bad, _ = await all_bad()
    assert (bad.check, bad.state) == ("database", state)
    assert found in bad.finding


async def test_a_file_that_is_no_database_is_found(file) -> None:
    file.write_text("Dear diary, today I ran. " * 50)
    bad, _ = await all_bad()
    assert "file is not a database" in bad.finding


@pytest.mark.parametrize(
    "value", ["day_end_hour = 99", "trouble = 'x'", "races = 'soon'", "post_time = 'seven'"]
)
async def test_a_value_that_means_nothing_is_found_and_the_other_clubs_are_checked(
    database: Database, file: Path, record: Record, value: str
) -> None:
    await record(overdue=timedelta(minutes=11))
    with closing(sqlite3.connect(file)) as connection, connection:
        copied = [row[1] for row in connection.execute("PRAGMA table_info(clubs)")][1:]
        names = ", ".join(copied)
        connection.execute(f"INSERT INTO clubs (id, {names}) SELECT 5, {names} FROM clubs")
        connection.execute(f"UPDATE clubs SET {value} WHERE id = 5")
    found = await diagnosis()
    [bad] = [f for f in found if f.subject == "club 5"]
    assert "A value in its row means nothing" in bad.finding
    assert "restore a backup" in bad.remedy
    assert any("overdue" in f.finding for f in found)


async def test_damage_is_found(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (NULL), (NULL)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 't (a)', 't (a NOT NULL)')")
    bad, rest = await all_bad()
    assert f"{file} is damaged: NULL value in t.a (and 1 more)." == bad.finding
    assert "restore a backup" in bad.remedy
    assert rest.state == "warning"


async def test_without_a_token_nothing_is_asked(discord: DiscordStandIn, environment) -> None:
    environment.delenv("DISCORD_TOKEN")
    bad = await only("token")
    assert bad.finding == "DISCORD_TOKEN is not set."
    assert discord.requests == []


async def test_a_refused_token_is_found_and_the_clock_still_checked(
    discord: DiscordStandIn,
) -> None:
    discord.token = "another"
    discord.clock_ahead = 20
    clock, token, rest = await all_bad()
    assert token.finding == "Discord refuses the token."
    assert "Reset Token" in token.remedy
    assert "behind Discord" in clock.finding
    assert "not checked" in rest.finding


async def test_an_unreachable_discord_is_found(environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    environment.setenv("DISCORD_API_BASE", f"http://127.0.0.1:{port}/api/v10")
    bad, _ = await all_bad()
    assert f"127.0.0.1:{port}" in bad.finding
    assert "DISCORD_API_BASE" in bad.remedy


async def test_another_web_server_in_discords_place_is_found(
    discord: DiscordStandIn, monkeypatch
) -> None:
    monkeypatch.setattr(discord.bot, "json", dict)
    bad, _ = await all_bad()
    assert bad.finding == f"What answers at {discord.api_base} is not Discord's API."


@pytest.mark.parametrize(
    ("ahead", "state", "found"),
    [(-30, "warning", r"(30|31) s ahead of"), (90, "problem", r"(89|90) s behind")],
)
async def test_a_skewed_clock_is_found(
    discord: DiscordStandIn, ahead: float, state: str, found: str
) -> None:
    discord.clock_ahead = ahead
    assert re.search(found, (await only("clock", state)).finding)


@pytest.mark.parametrize(("remaining", "state"), [(0, "problem"), (50, "warning")])
async def test_used_up_sessions_are_found(
    discord: DiscordStandIn, remaining: int, state: str
) -> None:
    discord.sessions_remaining = remaining
    bad = await only("gateway", state)
    assert f"{remaining} of 1000" in bad.finding
    assert "24 h" in bad.remedy


async def test_a_gateway_that_fails_is_a_finding_and_the_clubs_are_checked_all_the_same(
    discord: DiscordStandIn, record: Record
) -> None:
    await record()
    discord.fault("GET", "/gateway/bot", 403)
    assert "answers with an error" in (await only("gateway")).finding


async def test_an_application_that_discord_will_not_show_is_a_finding(
    discord: DiscordStandIn,
) -> None:
    discord.fault("GET", "/applications/@me", 403)
    assert "answers with an error" in (await only("application")).finding


async def test_what_is_wrong_in_the_developer_portal_is_found(discord: DiscordStandIn) -> None:
    discord.portal = {
        "flags": 1 << 18 | 1 << 15,
        "bot_require_code_grant": True,
        "interactions_endpoint_url": "https://example.org",
        "install_params": {"scopes": ["bot"], "permissions": "2048"},
    }
    bad = await all_bad()
    assert {f.check for f in bad} == {"application"}
    assert [f.state for f in bad] == ["problem", "problem", "warning", "warning"]
    assert "Guild Members, Message Content" in bad[2].finding
    assert "permissions=52224" in bad[3].remedy


async def test_missing_permissions_are_named(
    discord: DiscordStandIn, channel: Channel, record: Record
) -> None:
    await record()
    channel.denied = Permission.SEND_MESSAGES
    bad = await only("club")
    assert bad.finding == "In #challenge of “Harriers” the bot lacks Send Messages."
    channel.denied = Permission.EMBED_LINKS | Permission.ATTACH_FILES
    assert (await only("club")).finding.endswith("lacks Embed Links, Attach Files.")
    channel.denied = Permission.VIEW_CHANNEL
    assert (await only("club")).finding.endswith("lacks View Channel.")


async def test_a_channel_that_is_gone_and_a_server_without_the_bot_are_found(
    discord: DiscordStandIn, club: Guild, channel: Channel, record: Record
) -> None:
    await record()
    del discord.channels[channel.id]
    bad = await only("club")
    assert f"The channel {channel.id} no longer exists in “Harriers”." == bad.finding
    del discord.guilds[club.id]
    bad = await only("club")
    assert (bad.subject, bad.finding) == (f"club {club.id}", "The bot is not in this server.")
    assert f"client_id={discord.bot.id}" in bad.remedy


async def test_an_overdue_post_says_that_the_bot_is_not_running(record: Record) -> None:
    await record(overdue=timedelta(minutes=11))
    bad = await only("posts")
    assert "overdue: the bot is not running" in bad.finding
    assert "hipstride run" in bad.remedy


@pytest.mark.parametrize(
    ("record_of", "state", "found"),
    [
        ({"state": PostState.FAILED, "reason": Reason.FORBIDDEN}, "problem", "did not let"),
        ({"state": PostState.FAILED, "reason": Reason.CHANNEL_GONE}, "problem", "channel"),
        ({"state": PostState.FAILED, "reason": Reason.REJECTED}, "problem", "message itself"),
        ({"state": PostState.SKIPPED, "reason": Reason.MISSED}, "warning", "was away"),
        ({"state": PostState.SKIPPED, "reason": Reason.PAUSED}, "warning", "paused"),
        ({"state": PostState.SKIPPED, "reason": Reason.UNCERTAIN}, "warning", "may not look"),
        ({"state": PostState.CLAIMED, "begun": timedelta(minutes=12)}, "problem", "never finished"),
    ],
)
async def test_a_post_that_did_not_arrive_is_found(
    record: Record, record_of: dict, state: str, found: str
) -> None:
    await record(**record_of)
    bad = await only("posts", state)
    assert f"The challenge of {TODAY}" in bad.finding
    assert found in bad.finding


async def test_a_post_under_way_or_due_just_now_and_a_paused_club_are_well(
    record: Record,
) -> None:
    await record(PostState.CLAIMED, overdue=timedelta(minutes=9), begun=timedelta(minutes=9))
    assert await all_bad() == []
    await record(overdue=timedelta(days=3), paused_at=datetime(2026, 7, 1, tzinfo=UTC))
    assert await all_bad() == []


async def test_a_check_that_fails_is_a_finding_without_the_token(monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(f"bug with {TOKEN}")

    monkeypatch.setattr("bot.doctor.local.load_zones", fail)
    monkeypatch.setattr("bot.doctor.examine_database", fail)
    library, database = await all_bad()
    assert library.finding == "The check itself failed: RuntimeError: bug with [token]."
    assert database.check == "database"


def test_the_table_folds_in_a_terminal_and_steers_none() -> None:
    long = "Discord answers. " * 20
    findings = [
        Finding("club", State.WARNING, "club 1", f"\x1b[2J“A\nB”. {long}", "Mend it."),
        Finding("gateway", State.OK, "", "Fine."),
    ]
    plain = as_table(findings).splitlines()
    assert [line.index("“A B”") for line in plain[:1]] == [plain[1].index("Fine.") + 4]
    assert "\x1b" not in plain[0]
    assert plain[-1] == "1 warning."
    for width in (50, 80):
        folded = as_table(findings, width).splitlines()
        assert all(len(line) <= width for line in folded)
        assert " ".join(" ".join(folded).split()) == " ".join(" ".join(plain).split())
    assert not has_problem(findings)


@pytest.mark.slow
class TestOnPostgresql:
    @pytest.fixture
    async def url(self, postgres: Server, environment: pytest.MonkeyPatch) -> str:
        """A database of the test's own, migrated, that the settings name."""
        url = postgres.empty()
        await (await open_database(url)).close()
        environment.setenv("DATABASE_URL", url)
        return url

    async def test_a_healthy_database_is_read_with_its_clubs(self, url: str, club: Guild) -> None:
        due = utc_now() + timedelta(hours=1)
        names = "id, channel_id, zone, post_time, day_end_hour, credit_days, catch_up_s, "
        values = f"{club.id}, {club.channels[1].id}, 'UTC', '{due:%H:%M}', 3, 1, 21600, "
        names += "next_due_at, set_up_by, set_up_at"
        values += f"'{due}', 1, '{due}'"
        query(url, f"INSERT INTO clubs ({names}) VALUES ({values})")
        found = await diagnosis()
        assert not has_problem(found)
        assert {f.check for f in found} == {*CHECKS, "club"}
        assert "not-asked-for" not in as_json(found)  # its password

    @pytest.mark.parametrize(
        ("user", "name", "said"),
        [
            ("locked", "postgres", "password authentication failed"),
            ("hipstride", "nowhere", 'database "nowhere" does not exist'),
        ],
    )
    async def test_what_keeps_it_from_being_opened_is_a_finding(
        self, postgres: Server, environment: pytest.MonkeyPatch, user: str, name: str, said: str
    ) -> None:
        environment.setenv("DATABASE_URL", postgres.url(name, user, "wrong"))
        bad, _ = await all_bad()
        assert (bad.check, bad.state) == ("database", "problem")
        assert said in bad.finding
        assert "DATABASE_URL" in bad.remedy

    async def test_one_that_may_only_be_read_is_found(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        query(url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        bad, _ = await all_bad()
        assert (bad.check, bad.state) == ("database", "problem")
        assert "read-only" in bad.finding
