"""Reads the time zones and the countries that use them from the tz database."""

import zoneinfo
from collections import defaultdict
from importlib.resources import files

from bot.domain.zones import Gazetteer, Zone

# What people type where the table has another name.
_ALSO = {
    "GB": ("UK", "United Kingdom", "Great Britain", "England", "Scotland", "Wales"),
    "NL": ("Holland",),
    "US": ("USA", "America"),
}


def load_zones() -> Gazetteer:
    """Return every zone of this machine's tz database; countries come from the tzdata package."""
    countries = {code: (name, *_ALSO.get(code, ())) for code, name in _rows("iso3166.tab")}
    users: defaultdict[str, list[str]] = defaultdict(list)
    for code, _, zone, *_ in _rows("zone.tab"):
        users[zone] += countries[code]
    return Gazetteer(Zone(name, tuple(users[name])) for name in zoneinfo.available_timezones())


def _rows(table: str) -> list[list[str]]:
    text = (files("tzdata.zoneinfo") / table).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
