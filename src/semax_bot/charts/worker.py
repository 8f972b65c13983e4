"""Draw a picture in a short-lived process, which alone imports Altair and vl-convert: they take 100 MB and more.

The process is this module, run with the chart's data as JSON on its standard input, and its PNG, or for a page its
compiled Vega specification, on standard output.
"""

import asyncio
import json
import sys
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from semax_bot import __version__
from semax_bot.charts.process import ChartError, output

__all__ = ["FONTS", "ChartError", "Charts", "Form", "fingerprint"]

FONTS = Path(__file__).with_name("fonts")
SCALE = 2  # pixels per unit: a picture of 500 units is sharp on a phone
TIMEOUT = 30.0  # seconds; a picture takes about 2
KEPT = 2_000_000  # bytes of pictures kept in memory, about 6 of them

Form = Literal["png", "vega"]


class Charts:
    """Draws one picture at a time, and keeps the last few."""

    def __init__(self, timeout: float = TIMEOUT, kept: int = KEPT) -> None:
        self._timeout = timeout
        self._kept = kept
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        self._free = asyncio.Semaphore()

    async def draw(self, kind: str, data: Mapping[str, Any]) -> bytes:
        """The picture of this kind (`progress`, or a chart's `kind`) as PNG, about 1000 pixels wide.

        Raises ChartError, of one line, if the worker fails or takes more than 30 seconds; it never outlives the call.
        """
        return await self._made(kind, data, "png")

    async def vega(self, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """The same chart for a page, as Vega: with tooltips, and with signals for the page's own controls.

        `usermeta` has a value for each signal: a slider's bounds, or the choices of a filter. Raises ChartError as
        `draw` does.
        """
        compiled: dict[str, Any] = json.loads(await self._made(kind, data, "vega"))
        return compiled

    async def _made(self, kind: str, data: Mapping[str, Any], form: Form) -> bytes:
        name = f"{form} {fingerprint(kind, data)}"
        async with self._free:
            if name not in self._pictures:
                self._keep(name, await _drawn(kind, data, self._timeout, form))
            self._pictures.move_to_end(name)
            return self._pictures[name]

    def _keep(self, name: str, picture: bytes) -> None:
        self._pictures[name] = picture
        while len(self._pictures) > 1 and sum(map(len, self._pictures.values())) > self._kept:
            self._pictures.popitem(last=False)


def fingerprint(kind: str, data: Mapping[str, Any]) -> str:
    """A name that identical pictures share, and no others: what goes into the drawing, and the version that draws."""
    return blake2b(f"{__version__}\n{kind}\n{_json(data)}".encode(), digest_size=16).hexdigest()


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, sort_keys=True)


async def _drawn(kind: str, data: Mapping[str, Any], timeout: float, form: Form) -> bytes:
    failure = "The picture could not be drawn"
    return await output(__name__, kind, form, timeout=timeout, failure=failure, given=_json(data).encode())


def main() -> None:
    """The worker: kind and form as arguments, JSON on standard input, the picture on standard output."""
    import vl_convert

    from semax_bot.charts.specify import SPECIFICATIONS

    kind, form = sys.argv[1:]
    specification = SPECIFICATIONS[kind](json.load(sys.stdin.buffer))
    if form == "vega":
        sys.stdout.write(json.dumps(vl_convert.vegalite_to_vega(specification), separators=(",", ":")))
    else:
        vl_convert.register_font_directory(str(FONTS))
        sys.stdout.buffer.write(vl_convert.vegalite_to_png(specification, scale=SCALE, allowed_base_urls=[]))


if __name__ == "__main__":
    main()
