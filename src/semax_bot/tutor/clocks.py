"""Time zones as a learner picks them: each with its clock, by which people know their own."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from semax_bot.reply import Button
from semax_bot.schedule import zones


def at(zone: str, now: datetime) -> str:
    """A place, and what its clock shows: 'Berlin · 09:30'."""
    return f"{zones.place(zone)} · {now.astimezone(ZoneInfo(zone)):%H:%M}"


def name(zone: str | None) -> str:
    """By which clock it goes: 'Berlin time', or 'UTC', also where none is set."""
    return f"{zones.place(zone)} time" if zone and zone != "UTC" else "UTC"


def buttons(found: Iterable[str], now: datetime, action: str) -> list[Button]:
    """A button for each zone that can be set; its action ends with the zone's IANA name."""
    return [Button(at(zone, now), f"{action}:{zone}") for zone in found if zone in zones.zones()]
