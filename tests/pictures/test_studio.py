import asyncio
import logging
import os
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from bot.pictures import studio
from bot.pictures.studio import WAITING, Studio
from tests.pictures.samples import PICTURES

pytestmark = pytest.mark.slow


@pytest.fixture
def at_work(fonts):
    one = Studio(fonts)
    yield one
    one.close()


async def test_the_same_is_drawn_the_same_however_many_are_drawn_at_once(at_work):
    goal, strip = PICTURES["goal"], PICTURES["strip"]
    first, other, second = await asyncio.gather(*map(at_work.draw, (goal, strip, goal)))
    assert first == second != other
    image = Image.open(BytesIO(first))
    assert (image.format, image.size) == ("PNG", (1100, 188))
    assert image.getpixel((0, 0))[3] == 0  # round corners, on whatever is behind them
    assert image.getpixel((550, 4))[3] == 255


@pytest.mark.slow
async def test_the_fullest_picture_is_a_small_file(at_work):
    assert len(await at_work.draw(PICTURES["profile"])) < 130_000


async def test_without_fonts_there_is_no_picture_and_the_log_says_why(tmp_path, caplog, capfd):
    one = Studio(tmp_path)
    assert await one.draw(PICTURES["goal"]) is None
    assert "could not be drawn" in caplog.text
    assert "coverage.txt" in capfd.readouterr().err
    one.close()


class Broken:
    def svg(self, _letters):
        return "<svg"


class Deadly:
    def svg(self, _letters):
        os._exit(1)


class Endless:
    def svg(self, _letters):
        while True:
            pass


@pytest.mark.parametrize("picture", [Broken(), Deadly()])
async def test_a_picture_that_breaks_its_process_breaks_nothing_else(at_work, caplog, picture):
    assert await at_work.draw(picture) is None
    assert "could not be drawn" in caplog.text
    assert await at_work.draw(PICTURES["goal"]) is not None


@pytest.mark.slow
async def test_a_picture_without_end_is_ended(at_work, monkeypatch):
    await at_work.draw(PICTURES["goal"])
    monkeypatch.setattr(studio, "HANGING", 0.3)
    assert await at_work.draw(Endless()) is None
    monkeypatch.setattr(studio, "HANGING", 60)
    assert await at_work.draw(PICTURES["goal"]) is not None


async def test_a_process_that_ended_for_want_of_work_is_started_again(at_work):
    first = await at_work.draw(PICTURES["goal"])
    at_work._worker.kill()
    at_work._worker.wait()
    assert await at_work.draw(PICTURES["goal"]) == first


async def test_the_process_ends_with_the_studio(fonts):
    one = Studio(fonts)
    await one.draw(PICTURES["goal"])
    process = one._worker
    one.close()
    assert process.poll() is not None


def test_the_process_needs_nothing_of_the_bot_but_the_pictures():
    loaded = "import sys, bot.pictures.worker; print(*(m for m in sys.modules if m[:4] == 'bot.'))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True)
    assert all(name.startswith("bot.pictures") for name in done.stdout.decode().split())


async def test_a_picture_that_takes_too_long_is_given_up(at_work, monkeypatch, caplog):
    monkeypatch.setattr(studio, "PATIENCE", 0.001)
    with caplog.at_level(logging.WARNING):
        assert await at_work.draw(PICTURES["goal"]) is None
    assert "goes without" in caplog.text


@pytest.mark.slow
async def test_more_pictures_than_can_come_in_time_are_refused_at_once(at_work):
    wanted = [at_work.draw(PICTURES["goal"]) for _ in range(WAITING + 4)]
    assert (await asyncio.gather(*wanted)).count(None) == 3
