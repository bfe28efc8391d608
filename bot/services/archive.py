"""Packs what is stored about a member into zip files: JSON for machines, CSV for spreadsheets."""

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.personal import Entry, Value


def pack(entries: Sequence[Entry], member_id: int, now: datetime, most: int) -> list[bytes]:
    """Return zip files of at most `most` bytes, each complete in itself, with all entries.

    A single entry is never split, whatever its size.
    """
    packed = _zip(entries, member_id, now)
    if len(packed) <= most or len(entries) < 2:
        return [packed]
    middle = len(entries) // 2
    halves = entries[:middle], entries[middle:]
    return [part for half in halves for part in pack(half, member_id, now, most)]


def _zip(entries: Sequence[Entry], member_id: int, now: datetime) -> bytes:
    tables: dict[str, list[Entry]] = {}
    for entry in entries:
        tables.setdefault(entry.table, []).append(entry)
    whole = {
        "exported_at": now.isoformat(),
        "member_id": str(member_id),
        **{table: [dict(entry.values) for entry in found] for table, found in tables.items()},
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

        def write(name: str, text: str) -> None:
            info = zipfile.ZipInfo(name, now.timetuple()[:6])
            archive.writestr(info, text.encode(), zipfile.ZIP_DEFLATED, 9)

        write("hipstride.json", json.dumps(whole, ensure_ascii=False, indent=1, default=_text))
        for table, found in tables.items():
            write(f"{table}.csv", _csv(found))
    return content.getvalue()


def _csv(entries: Sequence[Entry]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(entries[0].values))
    writer.writeheader()
    for entry in entries:
        writer.writerow({key: _text(value) for key, value in entry.values.items()})
    return text.getvalue()


def _text(value: Value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
