"""Measures everything and writes benchmarks/RESULTS.md."""

import asyncio
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import Figure, machine, table

RESULTS = Path(__file__).with_name("RESULTS.md")
BENCHMARKS = ("fan_out", "tick", "memory", "done", "clicks", "boards", "pictures")  # in this order
HEAD = """# Benchmark results

Made by `make bench`; do not edit. Ratios within this one run count, times depend on the machine.
Each benchmark is a module of this folder: its first line says what it measures, and it runs alone
with `python -m benchmarks.<name>`.
"""


def main() -> int:
    """Run the benchmarks one after the other; return 1 if a goal was missed."""
    figures: list[Figure] = []
    for name in BENCHMARKS:
        print(f"{name} …", flush=True)
        measured = asyncio.run(importlib.import_module(f"benchmarks.{name}").measure())
        print(table(measured), flush=True)
        figures += measured
    RESULTS.write_text(page(figures), encoding="utf-8")
    return 1 if any(figure.is_met is False for figure in figures) else 0


def page(figures: Sequence[Figure], head: str = HEAD) -> str:
    """Return the figures as a page, with the machine they are of."""
    about = "\n".join(f"- {line}" for line in machine())
    return f"{head}\n{about}\n\n{table(figures)}\n"


if __name__ == "__main__":
    sys.exit(main())
