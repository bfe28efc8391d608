import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import Metronome, utc_now


def test_the_time_is_aware_and_in_utc():
    before = datetime.now(UTC)
    now = utc_now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


class Job:
    """Takes its time, remembers how it ran, and always fails."""

    def __init__(self, seconds=0.0):
        self.seconds = seconds
        self.begun = self.running = self.most_at_once = 0

    async def run(self):
        self.begun += 1
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        await asyncio.sleep(self.seconds)
        self.running -= 1
        raise RuntimeError("this tick failed")


@pytest.mark.slow
async def test_a_stop_in_the_middle_of_a_tick_is_nothing_to_log(caplog):
    job = Job(30)
    metronome = Metronome(job.run, timedelta(seconds=1))
    metronome.start()
    await asyncio.sleep(1.2)
    assert job.running == 1
    metronome.stop()
    await asyncio.sleep(0.1)
    assert caplog.records == []


@pytest.mark.slow
async def test_it_ticks_after_failures_swallows_overlaps_and_stops():
    quick, slow, unstarted, stopped = Job(), Job(1.5), Job(), Job()
    metronomes = [
        Metronome(job.run, timedelta(seconds=1)) for job in (quick, slow, unstarted, stopped)
    ]
    for metronome in metronomes[:2] + metronomes[3:]:
        metronome.start()
    metronomes[3].stop()
    await asyncio.sleep(2.1)
    for metronome in metronomes[:2]:
        metronome.stop()
    assert (quick.begun, slow.begun, unstarted.begun, stopped.begun) == (2, 1, 0, 0)
    assert slow.most_at_once == 1
