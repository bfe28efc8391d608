"""A club and its post, whole, with what a test changes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.challenge import Post, PostState
from bot.domain.club import Club
from bot.domain.guide import Guide
from bot.domain.reminder import Reminder
from bot.domain.streaks import Target

NOON = datetime(2026, 7, 2, 12, tzinfo=UTC)
IN_TOKYO = NOON.astimezone(ZoneInfo("Asia/Tokyo"))
TODAY = date(2026, 7, 2)
MONDAY = date(2026, 6, 29)
BIG = 2**63 - 1  # the largest id that Discord will give


def club(**changes: Any) -> Club:
    values = {
        "id": BIG,
        "channel_id": BIG - 1,
        "zone": "Australia/Lord_Howe",
        "post_time": time(19, 30),
        "role_id": BIG - 2,
        "day_end_hour": 5,
        "credit_days": 7,
        "catch_up": timedelta(hours=1, minutes=30),
        "paused_at": None,
        "set_up_by": BIG - 3,
        "set_up_at": NOON,
        "next_due": NOON,
        "targets": (Target(MONDAY, 4),),
        "locale": "de",
        "long_runs": frozenset({5, 6}),
        "races": (date(2026, 11, 22), date(2027, 3, 14)),
    }
    return Club(**{**values, **changes})


def post(**changes: Any) -> Post:
    values = {
        "club_id": BIG,
        "day": TODAY,
        "slug": "a-march",
        "channel_id": BIG - 1,
        "due_at": NOON,
        "attempted_at": NOON,
        "state": PostState.CLAIMED,
    }
    return Post(**{**values, **changes})


def guide(**changes: Any) -> Guide:
    values = {
        "id": BIG,
        "member_id": BIG - 4,
        "club_id": BIG - 5,
        "slug": "a-march",
        "rung": 1,
        "day": TODAY,
        "locale": "de",
        "token": "secret",
        "token_ends_at": NOON + timedelta(minutes=14),
        "due_at": NOON,
    }
    return Guide(**{**values, **changes})


def reminder(**changes: Any) -> Reminder:
    values = {
        "club_id": BIG - 5,
        "member_id": BIG - 4,
        "at": time(19, 30),
        "weekdays": frozenset({0, 2, 6}),
        "zone": "Australia/Lord_Howe",
        "locale": "de",
        "next_due": NOON,
    }
    return Reminder(**{**values, **changes})
