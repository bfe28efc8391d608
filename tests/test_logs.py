import json
import logging
from datetime import datetime

import pytest
from pydantic import SecretStr

from bot.logs import configure_logging

SECRET = "MTIz.Gh0st.s3cr3t-t0ken"
TOKEN = SecretStr(SECRET)
log = logging.getLogger("bot.example")


@pytest.fixture(autouse=True)
def _own_logging():
    """Keep pytest's handlers out of the way, and put everything back."""
    root, scheduler = logging.getLogger(), logging.getLogger("apscheduler")
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    scheduler.setLevel(logging.NOTSET)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    scheduler.setLevel(logging.NOTSET)


def fail_with_the_token():
    raise ValueError(f"bad header: Bot {SECRET}")


@pytest.fixture
def say(capsys):
    """Log in all the ways there are, and return the lines that came out."""

    def say(style, secret=TOKEN, level="INFO"):
        configure_logging(level, style, secret)
        log.debug("too quiet")
        log.info("plain %s", "words – ünïcode\nin two lines")
        log.warning("token %s in %r", SECRET, {"token": SECRET})
        try:
            fail_with_the_token()
        except ValueError:
            log.exception("it failed")
        out, err = capsys.readouterr()
        assert out == ""
        return err

    return say


def test_every_line_for_machines_is_one_json_object(say):
    lines = [json.loads(line) for line in say("json").splitlines()]
    assert [line["level"] for line in lines] == ["INFO", "WARNING", "ERROR"]
    assert lines[0]["message"] == "plain words – ünïcode\nin two lines"
    assert {line["logger"] for line in lines} == {"bot.example"}
    assert all(datetime.fromisoformat(line["time"]).utcoffset() is not None for line in lines)
    assert "traceback" not in lines[0]
    assert "fail_with_the_token" in lines[2]["traceback"]


def test_a_line_for_people_tells_time_level_and_where(say):
    first = say("console").splitlines()[0]
    assert first.endswith(" INFO    bot.example: plain words – ünïcode")
    assert datetime.fromisoformat(f"{first[:19]}+00:00")


@pytest.mark.parametrize("style", ["console", "json"])
def test_the_token_is_blotted_out_of_messages_arguments_and_tracebacks(say, style):
    text = say(style)
    assert SECRET not in text
    assert "s3cr3t" not in text
    assert "token [token] in {'token': '[token]'}" in text
    assert "bad header: Bot [token]" in text


@pytest.mark.parametrize("style", ["console", "json"])
@pytest.mark.parametrize("secret", [TOKEN, None])
def test_the_token_of_an_interaction_is_blotted_out_too(capsys, style, secret):
    token = "aW50ZXJhY3Rpb246" * 8
    configure_logging("DEBUG", style, secret)
    log.debug("Event: %s", {"d": {"token": token, "type": 3}})
    log.error("PATCH https://discord.com/api/webhooks/123/%s/messages/45", token)
    text = capsys.readouterr().err
    assert token[:16] not in text
    assert "{'token': '[token]', 'type': 3}" in text
    assert "/webhooks/123/[token]/messages/45" in text


@pytest.mark.parametrize("secret", [None, SecretStr("")])
def test_without_a_token_nothing_is_blotted_out(say, secret):
    assert "[token]" not in say("json", secret)


@pytest.mark.parametrize(("level", "is_shown"), [("DEBUG", True), ("INFO", False)])
def test_the_level_decides_what_is_logged(say, level, is_shown):
    assert ("too quiet" in say("console", level=level)) is is_shown


@pytest.mark.parametrize(("level", "is_shown"), [("DEBUG", True), ("INFO", False)])
def test_the_scheduler_is_silent_about_every_tick_unless_asked(capsys, level, is_shown):
    configure_logging(level, "console", None)
    logging.getLogger("apscheduler.executors.default").info("Running job")
    assert ("Running job" in capsys.readouterr().err) is is_shown


def test_configuring_again_replaces_what_was(capsys):
    configure_logging("INFO", "json", None)
    configure_logging("INFO", "json", None)
    log.info("once")
    assert capsys.readouterr().err.count("once") == 1
