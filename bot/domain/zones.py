"""Time zones by the names people know: city and country."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.matching import begins_nearly, plain, similarity
from bot.errors import BadZone, ZoneGone


def zone_info(name: str) -> ZoneInfo:
    """Return the zone of a stored name.

    Raises:
        ZoneGone: the tz database has lost it.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a name that never was one, a folder
        raise ZoneGone(zone=name) from None


@dataclass(frozen=True, slots=True)
class Zone:
    """An IANA zone and the countries that use it; none for an old or technical name."""

    name: str
    countries: tuple[str, ...] = ()

    @property
    def city(self) -> str:
        """The last part of the name as people write it: `New York`."""
        return self.name.rpartition("/")[2].replace("_", " ")

    def label(self, now: datetime) -> str:
        """Return how the zone is offered: `London, Britain (UK): 14:05 (Europe/London)`."""
        place = ", ".join((self.city, *self.countries[:1]))
        return f"{place}: {now.astimezone(ZoneInfo(self.name)):%H:%M} ({self.name})"


class Gazetteer:
    """All zones, found by name, city or country."""

    def __init__(self, zones: Iterable[Zone]) -> None:
        # Zones that a country uses come first, for old names only say the same again.
        self._zones = sorted(zones, key=lambda zone: (not zone.countries, zone.name))
        self._by_name = {plain(zone.name): zone for zone in self._zones}

    def __len__(self) -> int:
        return len(self._zones)

    def get(self, typed: str) -> Zone:
        """Return the zone of this IANA name in any spelling, or the only one of a city or country.

        Raises:
            BadZone: with the three nearest names.
        """
        if zone := self._by_name.get(plain(typed)):
            return zone
        found = self.search(typed)
        exact = [z for z in found if z.countries and _match(plain(typed), z) <= _WHOLE_NAME]
        if len(exact) == 1:
            return exact[0]
        nearest = found or sorted(
            self._zones, key=lambda z: similarity(plain(typed), plain(z.city)), reverse=True
        )
        raise BadZone(zone=typed, nearest=tuple(zone.name for zone in nearest[:3]))

    def search(self, typed: str) -> list[Zone]:
        """Return the zones that match, best first: cities, then countries, then with a typo."""
        wanted = plain(typed)
        scored = [(score, zone) for zone in self._zones if (score := _match(wanted, zone)) < _NO]
        if not scored:
            return [zone for zone in self._zones if begins_nearly(wanted, plain(zone.city))]
        return [zone for _, zone in sorted(scored, key=lambda pair: pair[0])]


_WHOLE_NAME, _NO = 1, 6


def _match(wanted: str, zone: Zone) -> int:
    """Return how well the zone matches: 0 or 1 for the whole name of its city or country."""
    city = plain(zone.city)
    countries = [plain(country) for country in zone.countries]
    ranks = (
        wanted == city,
        wanted in countries,
        city.startswith(wanted),
        any(country.startswith(wanted) for country in countries),
        wanted in plain(zone.name),
        any(wanted in country for country in countries),
    )
    return ranks.index(True) if True in ranks else _NO
