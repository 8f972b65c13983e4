"""The content model: what an author may write in `content/`, with the meaning of every key.

Texts are our own words. A course states a fact, an evidence level says how it is known, a source check says what the
literature makes of it. The JSON Schema of `UnitFile` is printed by `semax-bot schema`.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

EntryId = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{2}/[a-z]+/[a-z0-9-]+$",
        max_length=48,
        description="unit/kind/name, e.g. 06/term/dopac; 48 characters at most, so that it fits Telegram's buttons",
    ),
]
Sentence = Annotated[str, Field(min_length=3, max_length=400)]
Phrase = Annotated[str, Field(min_length=1, max_length=160)]


class EvidenceLevel(StrEnum):
    """How a statement is known, from the strongest ground to none."""

    HUMAN_CLINICAL = "human-clinical"
    HUMAN_INDIRECT = "human-indirect"
    RODENT = "rodent"
    INFERRED = "inferred"
    NO_DATA = "no-data"
    TEXTBOOK = "textbook"


class Verdict(StrEnum):
    """What the check of published abstracts found about a claim."""

    SUPPORTED = "supported"
    CONSISTENT = "consistent"
    PARTLY = "partly"
    NOT_ESTABLISHED = "not-established"
    NOT_FOUND = "not-found"
    DOUBTFUL = "doubtful"
    CONTRADICTED = "contradicted"


UNCHECKED = "not checked"  # what is said in place of a verdict on an entry without a source check


class ItemKind(StrEnum):
    """What a quiz item asks a learner to pick."""

    DEFINITION = "definition"
    TERM = "term"
    FIGURE = "figure"
    REGION = "region"
    MYTH = "myth"
    DRUG = "drug"
    EVIDENCE = "evidence"
    CAVEAT = "caveat"
    ALL = "all"


class Facet(StrEnum):
    """What a question wants to know about its topic."""

    DEFINITION = "definition"
    AMOUNT = "amount"
    WHERE = "where"
    MECHANISM = "mechanism"
    EVIDENCE = "evidence"
    COMPARISON = "comparison"
    EFFECT = "effect"
    CAVEAT = "caveat"


class Model(BaseModel):
    """Strict base: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Quantity(Model):
    """One figure that the course gives: what is measured, and its value as a reader should see it."""

    label: Phrase
    value: Phrase


class SourceCheck(Model):
    """What the literature says where it disagrees with the course, is silent, or adds something."""

    verdict: Verdict
    finding: Annotated[
        str, Field(min_length=10, max_length=420, description="what the check found, in one or two sentences")
    ]
    sources: tuple[str, ...] = Field(default=(), description="ids from sources.yaml; empty where nothing was found")


class Entry(Model):
    """Anything the tutor can answer with."""

    id: EntryId
    title: Phrase
    aliases: tuple[Phrase, ...] = Field(default=(), description="other names of the same thing; unique in the course")
    asks: tuple[Phrase, ...] = Field(default=(), description="phrasings a learner would use")
    short: Annotated[str, Field(min_length=10, max_length=200, description="one sentence that stands alone")]
    text: Annotated[str, Field(max_length=700, description="what follows `short` on the card; never repeats it")] = ""
    simple: Annotated[str, Field(max_length=500, description="the same for a newcomer, without jargon")] = ""
    advanced: Annotated[str, Field(max_length=900, description="more detail for those who want it")] = ""
    answers: dict[Facet, Sentence] = Field(
        default={}, description="the sentence that comes first when a question asks for this facet; `short` otherwise"
    )
    figures: tuple[Quantity, ...] = Field(default=(), description="the numbers of this entry; texts may use no others")
    row: dict[str, Sentence] = Field(default={}, description="a drug's cells in the comparison, by aspect id")
    evidence: EvidenceLevel
    evidence_note: Annotated[
        str, Field(max_length=160, description="shown after the level, e.g. 'not measured in people'")
    ] = ""
    caveats: tuple[Sentence, ...] = ()
    related: tuple[EntryId, ...] = ()
    section: str = Field(description="id of the unit's section in which it stands")
    topics: tuple[str, ...] = Field(default=(), description="ids from vocabulary.yaml that this entry is about")
    home: EntryId | None = Field(
        default=None,
        description="for a term named in passing: the entry whose card answers questions about it, led by this `short`",
    )
    source_check: SourceCheck | None = None


class Source(Model):
    """One publication as far as the check recorded it; what was not seen is left out, never guessed."""

    id: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9]*$", description="letters and digits, e.g. E05")
    cite: Phrase = Field(description="authors, year, journal as far as seen")
    locator: Phrase | None = Field(default=None, description="doi, PMID or PMC number as recorded")
    finding: Annotated[str, Field(max_length=500, description="what its abstract says, with the numbers")] = ""


class Section(Model):
    """A part of the unit, in reading order."""

    id: str
    title: Phrase


class Unit(Model):
    """The unit's frame."""

    number: int = Field(ge=1, le=99)
    title: Phrase
    summary: Sentence
    examples: tuple[Phrase, ...] = Field(
        default=(), description="questions to start with, shown in the greeting and in help"
    )
    sections: tuple[Section, ...]
    aspects: dict[str, Phrase] = Field(default={}, description="rows of the comparison: aspect id to its title")


class Word(Model):
    """One concept of the unit and everything learners call it."""

    id: str = Field(pattern=r"^[a-z0-9-]+$", description="small letters, digits and hyphens, e.g. prefrontal-cortex")
    name: Phrase = Field(description="the form that the course uses")
    variants: tuple[Phrase, ...] = Field(default=(), description="synonyms, abbreviations, brand names, plain words")
    known_for: tuple[Phrase, ...] = Field(
        default=(),
        description="for a messenger: what learners call it by; 'reward' covers 'the reward chemical' and so on",
    )


class Boundary(Model):
    """Something learners ask that no card answers: what to say instead, and which entries come nearest."""

    id: str = Field(pattern=r"^[a-z0-9-]+$", description="small letters, digits and hyphens, e.g. prefrontal-cortex")
    kind: Literal["out_of_scope", "medical", "smalltalk"]
    asks: tuple[Phrase, ...] = Field(min_length=1)
    text: Annotated[str, Field(min_length=5, max_length=500)]
    near: tuple[EntryId, ...] = Field(default=(), max_length=4)


class Option(Model):
    """One answer of an item; the bot shuffles them, so no text may refer to a position."""

    text: Annotated[str, Field(min_length=1, max_length=100, description="at most 100 characters, Telegram's limit")]
    right: bool = Field(default=False, description="`right: yes` under a right option; left out elsewhere")
    why: Annotated[str, Field(max_length=150, description="why this wrong option is wrong, in one sentence")] = ""


class Item(Model):
    """One quiz question. The limits keep question, options and explanation within Telegram's limits for polls."""

    id: str = Field(
        pattern=r"^[0-9]{2}/item/[a-z0-9-]+$",
        max_length=48,
        description="unit/item/name, e.g. 06/item/dopac-is; 48 characters at most, so that it fits Telegram's buttons",
    )
    kind: ItemKind = Field(description="what is to be picked; `all` means every option that applies")
    entries: tuple[EntryId, ...] = Field(min_length=1, max_length=3, description="what it tests, the main one first")
    difficulty: int = Field(ge=1, le=3, description="1 recall, 2 telling apart, 3 weighing evidence")
    question: Annotated[str, Field(min_length=10, max_length=280, description="stands alone; whose claim, if disputed")]
    context: Annotated[str, Field(max_length=400, description="one or two lines to read before the question")] = ""
    options: tuple[Option, ...] = Field(min_length=2, max_length=5)
    explanation: Annotated[
        str,
        Field(
            min_length=10,
            max_length=200,
            pattern=r"^[^\n]*(\n[^\n]*){0,2}$",
            description="why the right option is right, on three lines at most (Telegram's limit)",
        ),
    ]
    section: str = Field(description="id of the unit's section in which the answer stands")


class CourseFile(Model):
    """`course.yaml`: the name of the whole, and how many units it will have."""

    title: Phrase
    units: int = Field(ge=1, le=99)
