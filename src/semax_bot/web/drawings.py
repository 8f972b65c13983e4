"""What a browser draws charts with: their Vega specifications, and Vega itself, each made once and kept."""

import asyncio
import json
from dataclasses import dataclass
from functools import cached_property
from gzip import compress
from hashlib import blake2b

import structlog

from semax_bot.charts.data import drawn
from semax_bot.charts.theme import THEMES
from semax_bot.charts.worker import ChartError, Charts
from semax_bot.course.load import Course, slug
from semax_bot.web.vega import bundle

VEGA = "static/vega.js"
SMALL = 1000  # bytes; what is smaller gains nothing by compression

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Asset:
    """Bytes to be served; the tag changes whenever they do."""

    body: bytes
    media_type: str

    @cached_property
    def packed(self) -> bytes | None:
        """The body compressed by gzip, where that is worth it."""
        worth = len(self.body) > SMALL and not self.media_type.startswith("font/")
        return compress(self.body, 9, mtime=0) if worth else None

    @cached_property
    def tag(self) -> str:
        """The ETag, weak because the compressed form shares it."""
        return f'W/"{blake2b(self.body, digest_size=12).hexdigest()}"'


class Drawings:
    """The specifications of all charts of a course, in each theme, and Vega."""

    def __init__(self, course: Course, charts: Charts) -> None:
        self._course, self._charts = course, charts
        self._kept: dict[str, Asset] = {}
        self._free = asyncio.Lock()  # making takes a process of 100 MB, so one at a time, whoever asks
        self._names = {
            f"charts/{slug(chart)}.{theme}.json": (chart, theme) for theme in THEMES for chart in course.charts
        }

    @property
    def paths(self) -> list[str]:
        """Where they are found, relative to the front page."""
        return [VEGA, *self._names]

    async def at(self, path: str) -> Asset | None:
        """What is found at one of `paths`; None for any other. Raises ChartError if it cannot be made."""
        if path not in self._kept and path in self.paths:
            async with self._free:
                if path not in self._kept:  # nobody has made it while we waited
                    self._kept[path] = await self._made(path)
        return self._kept.get(path)

    async def warm(self) -> None:
        """Make all of them, so that no visitor waits for it."""
        try:
            for path in self.paths:
                await self.at(path)
        except ChartError as fault:
            log.warning("charts of the page not prepared; they are tried again when somebody looks", fault=str(fault))

    async def _made(self, path: str) -> Asset:
        if path == VEGA:
            return Asset(await bundle(), "text/javascript; charset=utf-8")
        chart, theme = self._names[path]
        data = drawn(self._course, chart, "dark" if theme == "dark" else "light")
        specification = await self._charts.vega(self._course.charts[chart].kind, data)
        return Asset(json.dumps(specification, separators=(",", ":")).encode(), "application/json")
