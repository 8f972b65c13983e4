"""What one YAML file of a unit may hold."""

from semax_bot.course.chart_model import Chart
from semax_bot.course.model import Boundary, Entry, Item, Model, Source, Unit, Word


class UnitFile(Model):
    """One YAML file of a unit's folder; any file may hold any of these lists, by habit one kind per file."""

    unit: Unit | None = None
    entries: tuple[Entry, ...] = ()
    sources: tuple[Source, ...] = ()
    words: tuple[Word, ...] = ()
    boundaries: tuple[Boundary, ...] = ()
    items: tuple[Item, ...] = ()
    charts: tuple[Chart, ...] = ()
