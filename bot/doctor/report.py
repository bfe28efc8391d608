"""What the doctor found: a line each for people, or JSON for machines."""

import json
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Self


class State(StrEnum):
    """How bad a finding is; only a problem makes the exit code 1."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; what is not ok has a remedy."""

    check: str
    state: State
    subject: str
    finding: str
    remedy: str = ""

    def without(self, secret: str) -> Self:
        """Return the finding with `secret` blotted out, however it got in."""
        if not secret:
            return self
        subject, finding, remedy = (
            text.replace(secret, "[token]") for text in (self.subject, self.finding, self.remedy)
        )
        return replace(self, subject=subject, finding=finding, remedy=remedy)


def ok(check: str, subject: str, finding: str) -> Finding:
    """Return what is as it should be."""
    return Finding(check, State.OK, subject, finding)


def warning(check: str, subject: str, finding: str, remedy: str) -> Finding:
    """Return what the bot can live with."""
    return Finding(check, State.WARNING, subject, finding, remedy)


def problem(check: str, subject: str, finding: str, remedy: str) -> Finding:
    """Return what keeps the bot, or a club's challenges, from working."""
    return Finding(check, State.PROBLEM, subject, finding, remedy)


def has_problem(findings: Sequence[Finding]) -> bool:
    """Return whether something must be mended."""
    return any(finding.state is State.PROBLEM for finding in findings)


def as_json(findings: Sequence[Finding]) -> str:
    """Return the findings as a JSON list."""
    return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2)


def as_table(findings: Sequence[Finding], width: int | None = None) -> str:
    """Return aligned columns and a last line that sums them up.

    A finding is one line, unless a terminal's `width` folds it.
    """
    rows = [[_plain(cell) for cell in (f.state, f.check, f.subject, _text(f))] for f in findings]
    sizes = [max(len(row[column]) for row in rows) for column in range(3)]
    indent = sum(sizes) + 2 * len(sizes)
    lines = []
    for *cells, text in rows:
        head = "".join(f"{cell:{size}}  " for cell, size in zip(cells, sizes, strict=True))
        lines += _fold(head + text, indent, width) if width else [head + text]
    return "\n".join([*lines, "", _sum(findings)])


def _text(finding: Finding) -> str:
    return f"{finding.finding} → {finding.remedy}" if finding.remedy else finding.finding


def _fold(line: str, indent: int, width: int) -> list[str]:
    """Return the line folded below its own column; further left where there is little room."""
    below = " " * max(min(indent, width - 40), 2)
    return textwrap.wrap(
        line, width, subsequent_indent=below, break_long_words=False, break_on_hyphens=False
    )


def _plain(text: str) -> str:
    """Return the text on one line, without what could steer a terminal: names come from outside."""
    return "".join(c if c.isprintable() else " " for c in text)


def _sum(findings: Sequence[Finding]) -> str:
    counts = {state: sum(f.state is state for f in findings) for state in State}
    problems, warnings = counts[State.PROBLEM], counts[State.WARNING]
    parts = [(problems, "problem"), (warnings, "warning")]
    found = [f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in parts if n]
    return f"{', '.join(found)}." if found else "All is well."
