"""The page as plain files for any host: charts, cards and their addresses; without the tutor, and nobody's progress."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

from semax_bot.charts.worker import Charts
from semax_bot.course.load import Course
from semax_bot.errors import SemaxBotError
from semax_bot.tutor import Tutor
from semax_bot.web.app import static
from semax_bot.web.drawings import Drawings
from semax_bot.web.markup import card_path
from semax_bot.web.pages import Pages

INDEX = "cards.json"


async def write(tutor: Tutor, charts: Charts, folder: Path) -> int:
    """Write all files into `folder`, replacing earlier ones; returns how many. Other files in it stay as they are.

    Raises SemaxBotError if a file cannot be written, ChartError if a chart cannot be made.
    """
    count = 0
    async for path, body in _files(tutor, charts):
        file = folder / path
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
        except OSError as error:
            raise SemaxBotError(f"{file} cannot be written ({error.strerror}). Name another folder.") from error
        count += 1
    return count


async def _files(tutor: Tutor, charts: Charts) -> AsyncIterator[tuple[str, bytes]]:
    pages, drawings = Pages(tutor, site=True), Drawings(tutor.course, charts)
    yield "index.html", pages.front().encode()
    for path in pages.paths():
        text = pages.at(path)
        assert text is not None
        yield f"{path}/index.html", text.encode()
    yield INDEX, json.dumps(index(tutor.course), ensure_ascii=False, separators=(",", ":")).encode()
    for path, asset in static().items():
        yield path, asset.body
    for path in drawings.paths:
        drawing = await drawings.at(path)
        assert drawing is not None
        yield path, drawing.body


def index(course: Course) -> list[dict[str, object]]:
    """What the search of a site looks through: titles, other names and typical questions, with each card's address."""
    return [
        {
            "title": entry.title,
            "short": entry.short,
            "path": f"{card_path(entry.id)}/",
            "names": [*entry.aliases, *entry.asks],
        }
        for entry in course.entries.values()
    ]
