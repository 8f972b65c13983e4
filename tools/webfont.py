"""Reduce the pictures' font to the letters that a page needs: 35 kB a face instead of 260.

python tools/webfont.py src/semax_bot/web/static
"""

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]

from semax_bot.charts.worker import FONTS

# Latin with its accents, Greek and Cyrillic letters, and the signs that cards and charts use.
LETTERS = [
    *(range(0x20, 0x7F), range(0xA0, 0x180), range(0x391, 0x3CA), range(0x400, 0x460), range(0x2010, 0x2027)),
    *(range(0x2190, 0x2194), map(ord, "−≈≠≤≥⁄′")),
]
FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum"]


def main(folder: Path) -> None:
    """Write inter-regular.woff and inter-bold.woff into `folder`."""
    options = subset.Options(layout_features=FEATURES, flavor="woff", hinting=False)
    for face in ("Regular", "Bold"):
        font = subset.load_font(str(FONTS / f"Inter-{face}.otf"), options)
        chosen = subset.Subsetter(options)
        chosen.populate(unicodes=[letter for group in LETTERS for letter in group])
        chosen.subset(font)
        subset.save_font(font, str(folder / f"inter-{face.lower()}.woff"), options)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
