"""A measured figure, its goal, and the machine it was measured on."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import quantiles

PACKAGES = ("discord.py", "sqlalchemy", "aiosqlite", "asyncpg", "aiohttp", "resvg-py")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the results; `goal` says what was aimed at, and `is_met` whether it was hit."""

    what: str
    measured: str
    goal: str = ""
    is_met: bool | None = None


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which so many percent of the values are."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def machine() -> list[str]:
    """Return what the figures depend on, a line each."""
    info = Path("/proc/cpuinfo")
    models = [line for line in info.read_text().splitlines() if line.startswith("model name")]
    processor = models[0].partition(":")[2].strip() if models else platform.processor()
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores of {processor}, {platform.system()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}",
    ]


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table."""
    rows = [("what", "measured", "goal", ""), ("---", "---", "---", "---")]
    marks = {True: "✓", False: "missed", None: ""}
    rows += [(f.what, f.measured, f.goal, marks[f.is_met]) for f in figures]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
