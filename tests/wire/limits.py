"""Rate limits as Discord's: a bucket a route and its channel or club, and 50 a second for all."""

from __future__ import annotations

import math
import time
import zlib
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any, Literal

from .model import Json, Matching, Request

Scope = Literal["user", "shared", "global"]

PER_SECOND = 50
# Requests and seconds of a bucket. Discord tells them in its answers only, and may change them.
MESSAGES = "/channels/{channel}/messages"
WINDOWS = {
    ("POST", MESSAGES): (5, 5.0),
    ("PATCH", MESSAGES + "/{message}"): (5, 5.0),
    ("POST", "/webhooks/{application}/{token}"): (5, 2.0),
}
OTHER_WINDOW = (50, 1.0)
MAJOR = "channel", "guild", "token"  # each of these that a path names has a bucket of its own
BY_TOKEN = "/interactions/", "/webhooks/"  # outside of the limit for all


@dataclass
class Bucket:
    name: str
    limit: int
    remaining: int = 0
    resets: float = 0.0  # on the monotonic clock

    def take(self, now: float, seconds: float) -> bool:
        """Count a request and return whether it fits into the window, ``seconds`` long."""
        if now >= self.resets:
            self.remaining, self.resets = self.limit, now + seconds
        self.remaining -= 1
        return self.remaining >= 0

    def headers(self, now: float, ahead: float) -> dict[str, str]:
        left = max(0.0, self.resets - now)
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.remaining)),
            "X-RateLimit-Reset": f"{time.time() + ahead + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": self.name,
        }


@dataclass
class Block(Matching):
    """For some time matching requests are too many, whatever their bucket says."""

    scope: Scope
    ends: float  # on the monotonic clock

    def matches(self, request: Request) -> bool:
        if self.scope == "global":
            return not request.path.startswith(BY_TOKEN)
        return super().matches(request)


@dataclass
class TooMany:
    """Why a request is answered 429, and the headers and body that say so."""

    scope: Scope
    seconds: float

    def headers(self) -> dict[str, str]:
        own = {"Retry-After": str(math.ceil(self.seconds)), "X-RateLimit-Scope": self.scope}
        own["Via"] = "1.1 google"  # discord.py takes an answer without it for a ban by the proxy
        return own | ({"X-RateLimit-Global": "true"} if self.scope == "global" else {})

    def body(self) -> Json:
        known: dict[str, Any] = {"message": "You are being rate limited."}
        return {**known, "retry_after": round(self.seconds, 3), "global": self.scope == "global"}


class RateLimits:
    """Says of each request whether it is one too many, and keeps count of those that were."""

    def __init__(self) -> None:
        self.is_enforced = True
        self.refused: Counter[Scope] = Counter()
        self.blocks: list[Block] = []
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._latest: deque[float] = deque()  # when requests counted against the limit for all

    def take(self, request: Request, ahead: float) -> tuple[dict[str, str], TooMany | None]:
        """Count a request; return headers for its answer, and why it is too many if it is."""
        now = time.monotonic()
        window = WINDOWS.get((request.method, request.route), OTHER_WINDOW)
        bucket = self._bucket(request, window[0])
        if not self.is_enforced:
            return bucket.headers(now, ahead), None
        too_many = self._blocked(request, now) or self._exceeded(request, now)
        if too_many is None and not bucket.take(now, window[1]):
            too_many = TooMany("user", bucket.resets - now)
        if too_many is None:
            return bucket.headers(now, ahead), None
        self.refused[too_many.scope] += 1
        return bucket.headers(now, ahead) | too_many.headers(), too_many

    def _bucket(self, request: Request, limit: int) -> Bucket:
        route = f"{request.method} {request.route}"
        major = "/".join(request.values.get(name, "") for name in MAJOR)
        name = f"{zlib.crc32(route.encode()):08x}"
        return self._buckets.setdefault((name, major), Bucket(name, limit))

    def _blocked(self, request: Request, now: float) -> TooMany | None:
        for block in self.blocks:
            if now < block.ends and block.matches(request):
                return TooMany(block.scope, block.ends - now)
        return None

    def _exceeded(self, request: Request, now: float) -> TooMany | None:
        if request.path.startswith(BY_TOKEN):
            return None
        while self._latest and self._latest[0] <= now - 1:
            self._latest.popleft()
        if len(self._latest) >= PER_SECOND:
            return TooMany("global", self._latest[0] + 1 - now)
        self._latest.append(now)
        return None
