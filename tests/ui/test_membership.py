import asyncio
from types import SimpleNamespace

import discord
import pytest

from bot.ui import membership
from bot.ui.membership import HOLDS, Membership


class Server:
    """Discord as far as it tells of members: those in `there`, and after `wait` seconds."""

    def __init__(self, there=(), wait=0.0):
        self.there, self.wait = set(there), wait
        self.asked = []
        self.http = self

    async def get_member(self, guild_id, member_id):
        self.asked.append((guild_id, member_id))
        await asyncio.sleep(self.wait)
        if member_id not in self.there:
            gone = SimpleNamespace(status=404, reason="Not Found")
            raise discord.NotFound(gone, {"code": 10007, "message": "Unknown Member"})


async def test_those_whom_discord_does_not_know_have_left():
    assert await Membership(Server({1, 2})).leavers(7, [1, 2, 3]) == {3}


async def test_nobody_to_ask_about_is_no_request():
    server = Server()
    assert await Membership(server).leavers(7, []) == set()
    assert server.asked == []


async def test_whoever_was_there_is_not_asked_about_again_for_a_while():
    now = [0.0]
    server = Server({1})
    known = Membership(server, lambda: now[0])
    for _ in range(3):
        await known.leavers(7, [1])
        await known.leavers(8, [1])
    assert server.asked == [(7, 1), (8, 1)]
    now[0] = HOLDS
    server.there = set()
    assert await known.leavers(7, [1]) == {1}


async def test_a_discord_that_is_slow_to_say_keeps_nobody_waiting(monkeypatch):
    monkeypatch.setattr(membership, "PATIENCE", 0.01)
    server = Server(wait=3600)
    assert await Membership(server).leavers(7, [1, 2]) == set()
    assert [t for t in asyncio.all_tasks() if t is not asyncio.current_task()] == []


async def test_no_more_than_so_many_are_remembered(monkeypatch):
    monkeypatch.setattr(membership, "MOST", 2)
    server = Server({1, 2, 3})
    known = Membership(server)
    await known.leavers(7, [1, 2])
    await known.leavers(7, [3])
    await known.leavers(7, [1, 2, 3])
    assert server.asked == [(7, 1), (7, 2), (7, 3), (7, 1)]


@pytest.mark.parametrize("code", [10004, 0])
async def test_another_answer_says_nothing_about_them(code):
    async def refuse(*_):
        response = SimpleNamespace(status=404, reason="Not Found")
        raise discord.NotFound(response, {"code": code, "message": "?"})

    assert (
        await Membership(SimpleNamespace(http=SimpleNamespace(get_member=refuse))).leavers(7, [1])
        == set()
    )
