"""Outside of a chat: lines of text in; replies as JSON values, or without buttons, out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from semax_bot.reply import Caveat, Check, Evidence, Reply, Text, plain


def text_lines(stream: IO[bytes]) -> Iterator[str]:
    """The lines of a byte stream, as they arrive; bytes that are no UTF-8 become U+FFFD, so that no line is lost."""
    for line in stream:
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def as_json(question: str, reply: Reply) -> dict[str, Any]:
    """The reply to a question; `evidence` and `source_check` are None where the card has none."""
    evidence = next((block for block in reply.blocks if isinstance(block, Evidence)), None)
    check = next((block for block in reply.blocks if isinstance(block, Check)), None)
    return {
        "question": question,
        "kind": reply.kind,
        "entry": reply.entry,
        "entries": list(reply.entries),
        "confidence": round(reply.confidence, 4),
        "text": plain(reply),
        "evidence": evidence and evidence.level,
        "caveats": [block.text for block in reply.blocks if isinstance(block, Caveat)],
        "source_check": check and _check(check),
        "buttons": [{"label": button.label, "action": button.action} for row in reply.buttons for button in row],
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "verdict": check.verdict,
        "words": check.words,
        "finding": check.finding,
        "citations": list(check.citations),
    }


def without_buttons(reply: Reply) -> Reply:
    """The reply for a reader who cannot press anything: what it offers instead of an answer becomes text."""
    labels = (
        [button.label for row in reply.buttons for button in row] if reply.kind in {"suggest", "out_of_scope"} else []
    )
    return replace(reply, blocks=(*reply.blocks, *(Text(f"• {label}") for label in labels)), buttons=())
