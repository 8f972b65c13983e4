"""Time zones as a learner picks them: each with its clock, by which people know their own."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from semax_bot.reply import Button, Reply, Text, rows
from semax_bot.schedule import zones

SEVERAL = "Which of these is yours?"


def at(zone: str, now: datetime) -> str:
    """A place, and what its clock shows: 'Berlin · 09:30'."""
    return f"{zones.place(zone)} · {now.astimezone(ZoneInfo(zone)):%H:%M}"


def name(zone: str | None) -> str:
    """By which clock it goes: 'Berlin time', or 'UTC', also where none is set."""
    return f"{zones.place(zone)} time" if zone and zone != "UTC" else "UTC"


def offer(text: str, found: Sequence[str], now: datetime, verb: str) -> Reply:
    """Zones to choose from, under the lead `text`; the buttons' actions begin with `verb`.

    `verb:zone:NAME` sets one, `verb:zones:` asks for others, `verb:show:` leads back from a list that is long already.
    """
    zone_buttons = [Button(at(zone, now), f"{verb}:zone:{zone}") for zone in found if zone in zones.zones()]
    more = Button("Back", f"{verb}:show:") if len(found) > zones.OFFERED else Button("Others", f"{verb}:zones:")
    return Reply("suggest", (Text(text, lead=True),), (*rows(zone_buttons), (more,)))
