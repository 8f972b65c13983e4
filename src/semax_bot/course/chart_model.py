"""The charts of a unit as an author declares them in `charts`, with the meaning of every key.

A chart has no evidence level and no verdict of its own: each value names its entry, and these are looked up there.
What has no size in the entry has none here; it is drawn as a direction, never as a length.
"""

from typing import Annotated, Literal

from pydantic import Field

from semax_bot.course.model import EntryId, Model, Phrase, Sentence

_PERCENT = "a percentage or a range without a sign, such as 15-25%,"
Size = Annotated[str, Field(pattern=r"^\d+(\.\d+)?(-\d+(\.\d+)?)?%$", description=_PERCENT)]
Label = Annotated[str, Field(min_length=1, max_length=24)]  # what fits beside a mark on a phone
Note = Annotated[
    str, Field(min_length=10, max_length=96, description="a sentence or two that stand in the picture, on two lines")
]


Direction = Literal["up", "down", "little", "unchanged"]


class ChartBase(Model):
    """What every chart has."""

    id: str = Field(
        pattern=r"^[0-9]{2}/chart/[a-z0-9-]+$",
        max_length=48,
        description="unit/chart/name, e.g. 06/chart/turnover; 48 characters at most, so that it fits buttons",
    )
    kind: str = Field(description="which of the kinds of picture it is")
    title: Annotated[str, Field(min_length=1, max_length=40, description="fits one line of the picture")]
    aliases: tuple[Phrase, ...] = Field(default=(), description="what else learners may call it after /chart")
    short: Annotated[str, Field(min_length=10, max_length=240, description="what it shows; opens the caption")]
    alt: Annotated[
        str, Field(min_length=10, max_length=600, description="what is drawn, for those who hear the page instead")
    ]
    note: Note
    caveats: tuple[Sentence, ...] = Field(default=(), description="stand in the caption before those of the entries")
    section: str = Field(description="id of the unit's section in which it stands")

    @property
    def named(self) -> tuple[str, ...]:
        """Ids of the entries whose values it draws, the main one first; none where it draws every entry alike."""
        return ()


class Row(Model):
    """One region: what the unit says of it, and what the check found there if that differs from the entry's verdict."""

    region: str = Field(description="id of the word for it in vocabulary.yaml")
    entry: EntryId = Field(description="the entry that says so; evidence level and verdict are taken from it")
    says: Direction | None = Field(
        default=None, description="what the unit says; left out where only the check speaks of the region"
    )
    size: Size | None = Field(
        default=None, description=f"{_PERCENT} from the entry's figures; left out where they give none"
    )
    found: Direction | Literal["nothing"] | None = Field(
        default=None,
        description="what the entry's `finding` says of this region by name; `nothing` if it found nothing",
    )
    found_size: Size | None = Field(default=None, description=f"{_PERCENT} from the entry's `finding`")
    found_in: Label | None = Field(default=None, description="what was measured, if not the group's measure")


class Group(Model):
    """The rows of one system."""

    system: str = Field(description="id of the word for it in vocabulary.yaml")
    measure: Label = Field(description="what goes up or down, e.g. DOPAC/DA ratio")
    rows: tuple[Row, ...] = Field(min_length=1, max_length=8)


class Changes(ChartBase):
    """Direction and size of a change, region by region in each system."""

    kind: Literal["changes"]
    groups: tuple[Group, ...] = Field(min_length=1, max_length=5)

    @property
    def named(self) -> tuple[str, ...]:
        """The entries of its rows."""
        return tuple(dict.fromkeys(row.entry for group in self.groups for row in group.rows))


class Zone(Model):
    """A stretch of a curve's axis; all are drawn equally wide, for their bounds are not known."""

    title: Annotated[str, Field(min_length=1, max_length=14)]
    text: Phrase = Field(description="what it is like there")


class Band(Model):
    """A claimed rise, drawn from wherever the slider stands."""

    entry: EntryId
    size: Size


class Curve(ChartBase):
    """An inverted U as a concept: two axes without numbers, zones, and a claimed rise from a start to be picked."""

    kind: Literal["curve"]
    entries: tuple[EntryId, ...] = Field(min_length=1, max_length=3, description="what it shows, the main one first")
    level: Label = Field(description="what grows to the right")
    effect: Label = Field(description="what grows upwards")
    zones: tuple[Zone, ...] = Field(min_length=2, max_length=4)
    band: Band | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """Its entries, and the one that claims the rise."""
        return tuple(dict.fromkeys((*self.entries, *((self.band.entry,) if self.band else ()))))


class Span(ChartBase):
    """A change over time of which only the start and the range at the end are given."""

    kind: Literal["span"]
    entry: EntryId
    measure: Label
    says: Literal["up", "down"]
    size: Size
    over: Label = Field(description="how long it took, as the entry's figures have it, e.g. 10 days")
    unknown: Note = Field(description="what would be needed to read it, and is not there; stands in the empty part")

    @property
    def named(self) -> tuple[str, ...]:
        """Its entry."""
        return (self.entry,)


class Comparison(ChartBase):
    """The `row` of each entry beside the others', aspect by aspect; the cells are not repeated here."""

    kind: Literal["comparison"]
    entries: tuple[EntryId, ...] = Field(min_length=2, max_length=3, description="entries that have a `row`")

    @property
    def named(self) -> tuple[str, ...]:
        """What it compares."""
        return self.entries


class Tally(ChartBase):
    """Every entry of the unit by its verdict and its evidence level; it holds no data at all."""

    kind: Literal["tally"]


Chart = Annotated[Changes | Curve | Span | Comparison | Tally, Field(discriminator="kind")]
