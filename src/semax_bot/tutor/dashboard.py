"""The charts of the course: what each shows, what stands below it, and the way from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from semax_bot.answering.captions import caption
from semax_bot.charts import find
from semax_bot.charts.data import drawn
from semax_bot.course.load import Course
from semax_bot.errors import UnknownEntry
from semax_bot.reply import Button, Reply, Text, rows

CARDS = 2  # buttons to what a chart shows; the rest of them lead to the other charts
NO_CHART = "I have no chart of that. These are the ones there are:"
GONE = "That chart is from an older version; /dashboard shows what there is now."
NO_CHARTS = "This course has no charts yet."


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture: its kind and what is drawn (see charts), and the page that stands below it."""

    kind: str
    data: dict[str, Any]
    page: Reply


class Dashboard:
    """All charts, in reading order."""

    def __init__(self, course: Course) -> None:
        self._course = course

    def chart(self, chart_id: str = "", theme: Literal["light", "dark"] = "light") -> Shown:
        """A chart, the first one unless told. Raises UnknownEntry if there is none by this id."""
        chart = self._course.charts.get(chart_id or next(iter(self._course.charts), ""))
        if chart is None:
            raise UnknownEntry(GONE if chart_id else NO_CHARTS)
        page = caption(self._course, chart.id)
        cards = [button for row in page.buttons for button in row][:CARDS]
        buttons = (*rows(cards), *rows(self._buttons(chart.id)))
        return Shown(chart.kind, drawn(self._course, chart.id, theme), replace(page, buttons=buttons))

    def words(self, chart_id: str = "") -> Reply:
        """The same for a surface that shows no pictures: what can be seen in the chart, in words. Raises as above."""
        page, chart = self.chart(chart_id).page, self._course.charts[chart_id or next(iter(self._course.charts))]
        return replace(page, blocks=(*page.blocks[:2], Text(chart.alt), *page.blocks[2:]))

    def named(self, words: str) -> list[str]:
        """The ids of the charts that somebody's words mean, the likeliest first."""
        return find.match(self._course, words)

    def offer(self) -> Reply:
        """All charts to choose from, for words that mean none."""
        text = NO_CHART if self._course.charts else NO_CHARTS
        return Reply("suggest", (Text(text, lead=True),), tuple((button,) for button in self._buttons()))

    def _buttons(self, shown: str = "") -> Sequence[Button]:
        charts = self._course.charts.values()
        return [Button(chart.title, f"chart:{chart.id}") for chart in charts if chart.id != shown]
