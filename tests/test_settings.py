from pathlib import Path

import pytest

from bot.errors import StartError
from bot.settings import SHIPPED_DATA, Settings, env_example, load_settings

ROOT = Path(__file__).parents[1]
NAMES = [
    "DISCORD_TOKEN",
    "DATABASE_URL",
    "DISCORD_API_BASE",
    "DISCORD_GATEWAY_URL",
    "SHARD_COUNT",
    "SHARD_IDS",
    "DEV_GUILD_ID",
    "LOG_LEVEL",
    "LOG_FORMAT",
    "DATA_DIR",
    "MEDIA_CHANNEL_ID",
    "RETENTION_DAYS",
    "GUIDED_SETS",
]
SECRET = "MTIz.Gh0st.s3cr3t-t0ken"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def load(tmp_path):
    """Load the settings of a .env with these lines."""

    def load(*lines: str) -> Settings:
        file = tmp_path / ".env"
        file.write_text("\n".join(lines), "utf-8")
        return load_settings(file)

    return load


def refusal(load, *lines: str) -> str:
    with pytest.raises(StartError) as error:
        load(*lines)
    return str(error.value)


def test_the_settings_are_these():
    assert [name.upper() for name in Settings.model_fields] == NAMES


def test_everything_has_a_default(load):
    settings = load()
    assert settings.model_dump() == {
        "discord_token": None,
        "database_url": "sqlite+aiosqlite:///hipstride.db",
        "discord_api_base": "https://discord.com/api/v10",
        "discord_gateway_url": None,
        "shard_count": None,
        "shard_ids": None,
        "dev_guild_id": None,
        "log_level": "INFO",
        "log_format": "console",
        "data_dir": SHIPPED_DATA,
        "media_channel_id": None,
        "retention_days": 90,
        "guided_sets": 200,
    }
    assert (SHIPPED_DATA / "exercises").is_dir()


def test_no_file_is_as_good_as_an_empty_one(load, tmp_path):
    assert load_settings(tmp_path / "none") == load() == load_settings(None)


def test_every_setting_can_be_set(load, tmp_path):
    settings = load(
        f"DISCORD_TOKEN={SECRET}",
        "DATABASE_URL=sqlite+aiosqlite:////var/lib/club.db",
        "DISCORD_API_BASE=http://localhost:8080/api",
        "DISCORD_GATEWAY_URL=ws://localhost:8081",
        "SHARD_COUNT=4",
        "SHARD_IDS=0, 3",
        "DEV_GUILD_ID=1100000000000000000",
        "LOG_LEVEL=debug",
        "LOG_FORMAT=json",
        f"DATA_DIR={tmp_path}",
        "MEDIA_CHANNEL_ID=1100000000000000001",
        "RETENTION_DAYS=30",
        "GUIDED_SETS=7",
    )
    assert settings.discord_token.get_secret_value() == SECRET
    assert settings.model_dump(exclude={"discord_token"}) == {
        "database_url": "sqlite+aiosqlite:////var/lib/club.db",
        "discord_api_base": "http://localhost:8080/api",
        "discord_gateway_url": "ws://localhost:8081",
        "shard_count": 4,
        "shard_ids": [0, 3],
        "dev_guild_id": 1100000000000000000,
        "log_level": "DEBUG",
        "log_format": "json",
        "data_dir": tmp_path,
        "media_channel_id": 1100000000000000001,
        "retention_days": 30,
        "guided_sets": 7,
    }


def test_the_environment_beats_the_file(load, monkeypatch):
    monkeypatch.setenv("LOG_LEVEL", "ERROR")
    assert load("LOG_LEVEL=DEBUG").log_level == "ERROR"


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_value_is_as_good_as_none(load, monkeypatch, name):
    assert load(f"{name}=") == load()
    monkeypatch.setenv(name, "")
    assert load() == Settings(_env_file=None)


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("DATABASE_URL=club.db", "sqlite+aiosqlite:///FILE"),
        ("DATABASE_URL=sqlite+aiosqlite:///", "sqlite+aiosqlite:///FILE"),
        ("DATABASE_URL=postgresql://db/club", "postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE"),
        (
            "DATABASE_URL=postgresql+asyncpg://db",
            "postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE",
        ),
        (
            "DATABASE_URL=postgresql+asyncpg://db/",
            "postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE",
        ),
        ("DISCORD_API_BASE=discord.com", "an http(s) address"),
        ("DISCORD_GATEWAY_URL=https://gateway", "a ws(s) address"),
        ("SHARD_COUNT=0", "1 or more"),
        ("SHARD_COUNT=many", "1 or more"),
        ("SHARD_IDS=a,b", "such as 0,1"),
        ("DEV_GUILD_ID=my server", "a server's id"),
        ("LOG_LEVEL=LOUD", "DEBUG, INFO, WARNING or ERROR"),
        ("LOG_FORMAT=xml", "console for people, json for machines"),
        ("GUIDED_SETS=0", "1 or more"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(load, monkeypatch, line, right):
    name, _, value = line.partition("=")
    first, *more = refusal(load, line).splitlines()
    assert first.startswith(f"{name} in .env is wrong: ")
    assert right in first
    assert all(other.startswith(f"{name} ") for other in more)

    monkeypatch.setenv(name, value)
    assert refusal(load).startswith(f"{name} in the environment is wrong: ")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["SHARD_IDS=0"], "SHARD_IDS needs SHARD_COUNT beside it."),
        (["SHARD_IDS=0,2", "SHARD_COUNT=2"], "SHARD_IDS go from 0 to SHARD_COUNT - 1 (1)."),
        (["SHARD_IDS=-1", "SHARD_COUNT=2"], "SHARD_IDS go from 0 to SHARD_COUNT - 1 (1)."),
    ],
)
def test_shards_must_exist(load, lines, sentence):
    assert refusal(load, *lines) == sentence


def test_every_problem_is_named_at_once(load, monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "xml")
    text = refusal(load, "LOG_LEVEL=LOUD", "SHARD_COUNT=0", "DISCORD_TOKN=x", "HELLO=1")
    assert [line.split(" is ")[0] for line in sorted(text.splitlines())] == [
        "DISCORD_TOKN in .env",
        "HELLO in .env",
        "LOG_FORMAT in the environment",
        "LOG_LEVEL in .env",
        "SHARD_COUNT in .env",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://carol:secret@db.example:5433/club",
        "postgresql+asyncpg://carol@/club?host=/var/run/postgresql",
        "postgresql+asyncpg:///club",
    ],
)
def test_a_postgresql_is_a_database(load, url):
    settings = load(f"DATABASE_URL={url}")
    assert settings.database_url == url
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "postgres://carol:s3cr3t@db/club",
        "postgresql://carol:s3cr3t:@/s3cr3t@db/club",
        "carol:s3cr3t@db/club",
        "postgresql://db/club?user=carol&password=s3cr3t&ssl=require",
    ],
)
def test_the_password_is_in_no_error(load, url):
    sentence = refusal(load, f"DATABASE_URL={url}")
    assert sentence.startswith("DATABASE_URL in .env is wrong: ")
    assert "carol" in sentence
    assert "***" in sentence
    assert "s3cr3t" not in sentence


@pytest.mark.parametrize("name", NAMES)
def test_a_misspelt_name_is_answered_with_the_right_one(load, name):
    typo = name[:4] + name[5:]
    assert refusal(load, f"{typo}=x").endswith(f"did you mean {name}?")


def test_a_name_that_resembles_none_is_answered_with_all(load):
    assert refusal(load, "ZZZ=1").endswith(f"the names are {', '.join(NAMES)}.")


def test_a_name_of_another_program_in_the_environment_is_none_of_our_business(load, monkeypatch):
    monkeypatch.setenv("DISCORD_TOKN", "x")
    assert load() == load()


def test_a_file_that_is_no_text_is_refused(tmp_path):
    file = tmp_path / ".env"
    file.write_bytes(b"LOG_LEVEL=\xff\xfe\x00")
    with pytest.raises(StartError, match="Write it as UTF-8 text"):
        load_settings(file)


@pytest.mark.parametrize(
    "lines", [["LOG_LEVEL=LOUD"], ["SHARD_IDS=1"], ["HELLO=1"]], ids=["value", "shards", "name"]
)
@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "DISCORD_TOKN", "discord_token"])
def test_the_token_is_in_no_error(load, lines, name):
    assert SECRET not in refusal(load, f"{name}={SECRET}", *lines)


def test_the_token_is_in_no_text_of_the_settings(load):
    settings = load(f"DISCORD_TOKEN={SECRET}")
    for text in (repr(settings), str(settings), settings.model_dump_json(), f"{vars(settings)}"):
        assert SECRET not in text


def test_the_example_in_the_repository_is_up_to_date():
    assert (ROOT / ".env.example").read_text("utf-8") == env_example(), (
        "run: python -m bot.settings > .env.example"
    )


def test_the_example_as_it_is_gives_the_defaults(load):
    assert load(env_example()) == load()


def test_the_example_explains_every_setting_and_its_defaults_hold(load):
    lines = env_example().splitlines()
    for name, field in Settings.model_fields.items():
        at = next(i for i, line in enumerate(lines) if f"{name.upper()}=" in line)
        assert lines[at - 1] == f"# {field.description}"
        assert load(lines[at].removeprefix("# ")) == load()
