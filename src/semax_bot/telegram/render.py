"""A reply as one Telegram message: HTML that always parses, within Telegram's length, and a keyboard."""

from collections.abc import Iterator, Sequence
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import MessageLimit

from semax_bot.reply import Block, Button, Figure, Heading, Place, Reply, Table, encodable, paragraphs, plain_line

Span = tuple[str, str]  # an HTML tag (or none), and the text that it marks


def html(reply: Reply) -> str:
    """The message in Telegram's HTML: never empty, never longer than Telegram allows once it is parsed."""
    spans = [(tag, encodable(text)) for tag, text in _spans(reply)]
    visible = "".join(text for _, text in spans)
    if not visible.strip():
        return "…"
    kept = _fitting(visible, MessageLimit.MAX_TEXT_LENGTH)
    return "".join(_marked(spans, kept)) + "…" * (kept < len(visible))


def keyboard(reply: Reply, *links: InlineKeyboardButton) -> InlineKeyboardMarkup | None:
    """The reply's buttons as a keyboard under the message, and a row for each link; None where there are none."""
    return markup(reply.buttons, *links)


def markup(buttons: Sequence[Sequence[Button]], *links: InlineKeyboardButton) -> InlineKeyboardMarkup | None:
    """Rows of buttons as a keyboard, and a row for each link; None where there are none."""
    rows = [[InlineKeyboardButton(button.label, callback_data=button.action) for button in row] for row in buttons]
    return InlineKeyboardMarkup([*rows, *([link] for link in links)]) if rows or links else None


def shorten(text: str, limit: int) -> str:
    """The text, or its last whole line or sentence that fits into `limit`, and '…'."""
    kept = _fitting(text, limit)
    return text if kept == len(text) else text[:kept] + "…"


def _fitting(text: str, limit: int) -> int:
    """How many characters to keep; counted in UTF-16 units, so that it holds whichever way Telegram counts."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * limit:
        return len(text)
    head = units[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    end = max(head.rfind("\n"), *(head.rfind(stop) + 1 for stop in (". ", "! ", "? ")))
    return end if end > 0 else len(head)


def _spans(reply: Reply) -> Iterator[Span]:
    gap = ""
    for group in paragraphs(reply):
        for block in group:
            yield "", gap
            yield from _block(block)
            gap = "\n"
        gap = "\n\n"


def _block(block: Block) -> Iterator[Span]:
    match block:
        case Heading(text):
            yield "b", text
        case Figure(label, value):
            yield "", f"{label}: "
            yield "b", value
        case Table(title, rows):
            yield "b", title
            for label, value in rows:
                yield "", f"\n• {label}: {value}"
        case Place(text):
            yield "i", text
        case _:
            yield "", plain_line(block)


def _marked(spans: list[Span], room: int) -> Iterator[str]:
    """The first `room` characters of the spans, each span escaped and inside its own tag."""
    for tag, text in spans:
        part, room = escape(text[:room], quote=False), max(0, room - len(text))
        yield f"<{tag}>{part}</{tag}>" if tag and part else part
