"""What all pictures share: sizes for a phone, and colours of two themes. Plain values; Altair is not needed for them.

A picture is 500 units across, drawn at twice that, read at about 360 points; so 17 units are 12 points.
"""

from collections.abc import Mapping
from dataclasses import dataclass

WIDTH = 460  # units, between margins of 20
TEXT = 17.5  # units; titles are larger
FONT = "Inter"  # ships in fonts/, regular and bold


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one theme. Fills differ in lightness by 3:1, texts from what they stand on by 4.5:1 (WCAG 2.2, AA)."""

    ground: str
    text: str
    quiet: str  # text of less weight, and outlines
    fills: tuple[str, str, str]  # from much to nothing
    inks: tuple[str, str, str]  # texts on them
    alarm: str  # text and marks of what the literature contradicts, beside the word for it
    panel: str  # what lies behind a part of a picture; every text stands on it as well


THEMES: Mapping[str, Theme] = {
    "light": Theme(
        ground="#ffffff",
        text="#16202a",
        quiet="#596673",
        fills=("#0a4a57", "#4f9aa6", "#ffffff"),
        inks=("#ffffff", "#061013", "#16202a"),
        alarm="#a8260f",
        panel="#eef3f6",
    ),
    "dark": Theme(
        ground="#111a22",
        text="#f1f5f8",
        quiet="#9aa7b4",
        fills=("#a5e8ee", "#3d7f8a", "#111a22"),
        inks=("#06181b", "#ffffff", "#f1f5f8"),
        alarm="#ff9c85",
        panel="#1b2731",
    ),
}
