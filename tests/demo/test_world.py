from collections import Counter
from datetime import timedelta

import pytest

from bot.demo.world import RUNNERS, VISITORS, ZONE, open_world
from bot.domain.standings import Period
from bot.services.standings import Wanted
from tests.conftest import labels_of, text_of

pytestmark = pytest.mark.slow


async def test_the_club_is_alive_and_today_is_still_the_visitors_to_do():
    async with open_world() as world:
        board = await world.app.standings.board(world.guild.id, Wanted(period=Period.ALL))
        assert board.members == len(RUNNERS)
        for visitor in world.visitors:
            progress = await world.app.practice.progress(world.guild.id, visitor.id)
            assert progress.streak.weeks >= 3
            assert progress.today not in progress.week_days
        first_days = Counter()
        async with world.app.database.read() as stores:
            for member in world.members:
                first_days[min((await stores.members.history(world.guild.id, member.id)).days)] += 1
        assert world.clock.now.date() - min(first_days) >= timedelta(weeks=6)
        assert "members have done it" in text_of(world.channel.last_message)
        assert "Done" in labels_of(world.channel.last_message)


async def test_the_next_day_brings_the_next_challenge_and_the_runners_who_did_it():
    async with open_world() as world:
        yesterday = text_of(world.channel.last_message)
        for _ in range(5):
            before = world.channel.last_message.id
            await world.next_day()
            assert world.channel.last_message.id != before
            assert world.clock.now.astimezone(ZONE).hour == 7
        assert text_of(world.channel.last_message).splitlines()[0] != yesterday.splitlines()[0]


async def test_only_the_coach_of_the_demo_may_set_it_up():
    async with open_world() as world:
        coach, *others = world.visitors
        assert len(others) == VISITORS - 1
        assert "club setup" in coach.available_commands(world.channel)
        for other in others:
            assert "club setup" not in other.available_commands(world.channel)
