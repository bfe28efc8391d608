"""What the bot sends is checked against Discord's OpenAPI document, where there is a copy."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest

from .conftest import TOKEN
from .discord_stand_in import DiscordStandIn
from .model import Guild, Request
from .openapi import OpenApi


@pytest.fixture
def document(openapi: OpenApi | None) -> OpenApi:
    if openapi is None:
        pytest.skip("DISCORD_OPENAPI names no copy of Discord's OpenAPI document")
    return openapi


def problem(document: OpenApi, method: str, path: str, body: Any = None) -> str | None:
    return document.problem(Request(method, path, "", {}, {}, {}, body))


def test_a_message_as_discord_takes_it_is_no_problem(document: OpenApi) -> None:
    body = {"content": "hello", "nonce": "1-260701", "enforce_nonce": True, "flags": 0}
    assert problem(document, "POST", "/channels/1/messages", body) is None
    assert problem(document, "GET", "/channels/1/messages", {}) is None


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"content": 3}, r"\$\.content: 3 is not of type"),
        ({"content": "x" * 4001}, r"\$\.content: x.* is too long"),
        ({"nonce": "x" * 26}, r"\$\.nonce: .*"),
        ({"components": [{"type": 99}]}, r"\$\.components\[0\]: .*"),
        (
            {"components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": 7}]}]},
            r"\$\.components\[0\]\.components\[0\]\.label: 7 is not of type",
        ),
    ],
)
def test_what_is_wrong_with_a_message_is_said_with_its_place(
    document: OpenApi, body: dict[str, Any], where: str
) -> None:
    found = problem(document, "POST", "/channels/1/messages", body)
    assert re.match(where, found or ""), found


def test_what_discord_does_not_offer_is_a_problem(document: OpenApi) -> None:
    assert problem(document, "POST", "/channels/1/massages", {}) is not None
    assert problem(document, "PUT", "/channels/1/messages", {}) is not None
    assert problem(document, "GET", "/channels/1/messages", {"limit": 3}) is not None
    assert problem(document, "POST", "/channels/1/messages") is not None


async def test_a_wrong_request_is_refused_and_fails_the_test(document: OpenApi) -> None:
    with pytest.raises(AssertionError, match=r"POST /channels/.*content: 3 is not of type"):
        async with DiscordStandIn(TOKEN, document) as discord, aiohttp.ClientSession() as http:
            club: Guild = discord.add_guild("Harriers", channels=["general"])
            path = f"{discord.api_base}/channels/{club.channels[0].id}/messages"
            headers = {"Authorization": f"Bot {TOKEN}"}
            answer = await http.post(path, json={"content": 3}, headers=headers)
            assert answer.status == 400
            assert discord.channel_messages(club.channels[0]) == []
