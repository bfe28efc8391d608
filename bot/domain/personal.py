"""What is stored about one member, entry by entry, as it is told and exported."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

Value: TypeAlias = str | int | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table of this name; ids are text. What is of no club has no `club_id`."""

    table: str
    club_id: int | None
    values: Mapping[str, Value]
