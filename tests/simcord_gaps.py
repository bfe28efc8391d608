"""Closes three gaps of simcord 3.2.1; it touches private names, so the version is pinned."""

from collections.abc import Iterator
from contextlib import contextmanager

import discord
import simcord.http.client as http_client
from simcord import interactions
from simcord.env import Env


@contextmanager
def interaction_context(
    *, locale: str | None = None, user_install: bool = False, private: bool = False
) -> Iterator[None]:
    """Give interactions a locale, a user installation or a private channel."""
    real = interactions.base_payload

    def patched(backend, **kwargs):
        record, payload = real(backend, **kwargs)
        if locale:
            payload["locale"] = locale
        if user_install:
            payload["authorizing_integration_owners"] = {"1": str(kwargs["user_id"])}
        if private:
            payload["context"] = 2
        return record, payload

    interactions.base_payload = patched
    try:
        yield
    finally:
        interactions.base_payload = real


def raise_server_errors(monkeypatch) -> None:
    """Make a 5xx a DiscordServerError, as the real client raises after its retries."""
    real = http_client._raise_for

    def patched(error):
        if error.status >= 500:
            raise discord.DiscordServerError(
                http_client._FakeResponse(error.status), error.to_json()
            )
        real(error)

    monkeypatch.setattr(http_client, "_raise_for", patched)


def fast_settle(idle: float = 0.001) -> None:
    """Wait a millisecond, not fifty, where only a done-callback is left."""
    Env._settle_internal.__kwdefaults__["idle"] = idle
