"""Telegram's HTML as its server reads it: which tags there are, and what remains to be seen."""

import html
import re
from collections.abc import Mapping

TAGS = frozenset(
    "b strong i em u ins s strike del a code pre blockquote tg-spoiler span tg-emoji".split()
)  # https://core.telegram.org/bots/api#html-style
_TOKEN = re.compile(r"<(?P<end>/?)(?P<tag>[a-z-]+)(?: [^<>]*)?>|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);|[^<>&]+")


def visible(text: str) -> str:
    """What a person sees of the text. Raises ValueError for HTML that Telegram would refuse."""
    shown, opened, at = "", [], 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError(f"bare {text[at]!r} at {at}")
        tag = token["tag"]
        if tag is None:
            shown += html.unescape(token[0])
        elif tag not in TAGS:
            raise ValueError(f"unknown tag {tag}")
        elif not token["end"]:
            opened.append(tag)
        elif not opened or opened.pop() != tag:
            raise ValueError(f"</{tag}> closes nothing")
        at = token.end()
    if opened:
        raise ValueError(f"<{opened[-1]}> is not closed")
    return shown


def length(text: str) -> int:
    """Length in UTF-16 units, never fewer than the characters, so that either way of counting holds."""
    return len(text.encode("utf-16-le")) // 2


def seen(params: Mapping[str, str], name: str = "text") -> str:
    """A call's text (or caption) as a person will see it. Raises ValueError for HTML that Telegram would refuse."""
    return visible(params[name]) if params.get("parse_mode") == "HTML" else params[name]
