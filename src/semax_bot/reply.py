"""What the tutor says: blocks of meaning and buttons, free of any surface.

A surface turns a `Reply` into HTML, coloured text or JSON; `plain` is the plain-text rendering that all of them can
fall back on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["answer", "suggest", "out_of_scope", "medical", "smalltalk"]


@dataclass(frozen=True, slots=True)
class Heading:
    """The card's title."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `lead` marks the sentence that answers the question."""

    text: str
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One number or direction of the course, e.g. 'NE turnover': '+15-25%'."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of label and value under a title, e.g. one aspect for three drugs."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """How strong the ground is: the level's id, and the same in words with a small icon."""

    level: str
    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class Check:
    """What the literature check found: the verdict's id and words, the finding, and its citations."""

    verdict: str
    words: str
    finding: str
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Caveat:
    """One thing to keep in mind."""

    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where it stands in the course, e.g. 'Unit 6 · key numbers'."""

    text: str


Block = Heading | Text | Figure | Table | Evidence | Check | Caveat | Place


@dataclass(frozen=True, slots=True)
class Button:
    """A label, and the action that `Tutor.tap` understands (at most 64 bytes, Telegram's limit for callback data)."""

    label: str
    action: str


def rows(buttons: Sequence[Button], per_row: int = 2) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows; more than two beside each other get too narrow for most words on a phone."""
    return tuple(tuple(buttons[at : at + per_row]) for at in range(0, len(buttons), per_row))


@dataclass(frozen=True, slots=True)
class Reply:
    """One message. `entry` is set for answers only; `entries` ranks the nearest ids, best first, at most five."""

    kind: Kind
    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    entry: str | None = None
    entries: tuple[str, ...] = ()
    confidence: float = 1.0


def line(text: str) -> Reply:
    """One line that belongs to no card."""
    return Reply("smalltalk", (Text(text),))


CAVEAT_ICON = "⚠️"
CHECK_ICON = "🔎"


def check_line(check: Check) -> str:
    """The check as one sentence: verdict, finding, citations."""
    cited = f" ({'; '.join(check.citations)})" if check.citations else ""
    return f"Check: {check.words}. {check.finding}{cited}"


def plain_line(block: Block) -> str:
    """One block as plain text."""
    match block:
        case Figure(label, value):
            return f"{label}: {value}"
        case Table(title, rows):
            return "\n".join([title, *(f"• {label}: {value}" for label, value in rows)])
        case Evidence(_, icon, words):
            return f"{icon} Evidence: {words}"
        case Check():
            return f"{CHECK_ICON} {check_line(block)}"
        case Caveat(text):
            return f"{CAVEAT_ICON} {text}"
        case Heading(text) | Text(text) | Place(text):
            return text


def paragraphs(reply: Reply) -> Iterator[list[Block]]:
    """Blocks grouped as they are read: heading and text, then evidence with check and caveats, then the place."""
    group: list[Block] = []
    for block in reply.blocks:
        if group and _band(block) != _band(group[-1]):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _band(block: Block) -> int:
    if isinstance(block, Evidence | Check | Caveat):
        return 2
    if isinstance(block, Place):
        return 3
    return 1 if isinstance(block, Table) else 0


def plain(reply: Reply) -> str:
    """The whole message as a person would read it, without buttons."""
    return "\n\n".join("\n".join(plain_line(block) for block in group) for group in paragraphs(reply))


def encodable(text: str) -> str:
    """The text without lone surrogates, which a learner's broken emoji may hold and UTF-8 cannot."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def fits(reply: Reply, limit: int) -> bool:
    """Whether the message as plain text has at most so many UTF-16 units, which is how chats count."""
    return len(plain(reply).encode("utf-16-le")) <= 2 * limit
