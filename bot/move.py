"""What `hipstride migrate-database` shows: how far it is, what was copied, and what to do next."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import typer

from bot.storage.transfer import Digest, Step

_LABELS = {
    Step.COPY: "Copying",
    Step.CHECK: "Checking the copy",
    Step.COMPARE: "Looking at FROM again",
}


@contextmanager
def show_bar(step: Step, rows: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error while it is a terminal; yield what takes it further."""
    if not sys.stderr.isatty():
        yield lambda _rows: None
        return
    with typer.progressbar(length=rows, label=f"{_LABELS[step]:21}", file=sys.stderr) as bar:
        yield bar.update


def as_table(copied: Sequence[Digest]) -> str:
    """Return a line for each table, and one for all."""
    width = max(len(digest.table) for digest in copied)
    head = f"{'table':{width}}  {'rows':>13}  checksum"
    lines = [f"{d.table:{width}}  {d.rows:13,}  {d.checksum:016x}  ok" for d in copied]
    rows = sum(digest.rows for digest in copied)
    return "\n".join([head, *lines, "", f"Copied {rows:,} rows; TO gives back the same as FROM."])


def advice(growth: Mapping[str, int]) -> str:
    """Return what to do now that it is known by how many rows each table of FROM has grown."""
    if not growth:
        return (
            "Nothing was written to FROM meanwhile. Now set DATABASE_URL to TO and start the bot; "
            "what a bot still writes to FROM from now on is not in the copy."
        )
    changes = ", ".join(f"{table} {_change(rows)}" for table, rows in growth.items())
    return (
        f"But the bot wrote to FROM meanwhile, and the copy lacks that: {changes}. Stop the bot, "
        "make TO empty again, and run this once more."
    )


def _change(rows: int) -> str:
    if not rows:
        return "changed"
    return f"{abs(rows):,} row{'' if abs(rows) == 1 else 's'} {'more' if rows > 0 else 'fewer'}"
