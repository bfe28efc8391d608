"""Time zones as choices of a command's option."""

from datetime import datetime

from discord import app_commands

from bot.domain.zones import Gazetteer

MOST_CHOICES = 25  # Discord's limit


def zone_choices(typed: str, zones: Gazetteer, now: datetime) -> list[app_commands.Choice[str]]:
    """Return the zones of the city or country typed, each with its time."""
    return [
        app_commands.Choice(name=zone.label(now)[:100], value=zone.name)
        for zone in zones.search(typed)[:MOST_CHOICES]
    ]
