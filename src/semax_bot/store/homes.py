"""A chat's key, and those of its topics: `home`, and `home/topic`."""

from sqlalchemy import Column, ColumnElement, bindparam


def home_of(chat: str) -> str:
    """The chat to which a topic belongs; any other chat is its own home."""
    return chat.partition("/")[0]


def at_home(chat: Column[str]) -> ColumnElement[bool]:
    """Whether a row is of one chat or of a topic in it; takes what `of_home` gives."""
    return (chat == bindparam("home")) | chat.startswith(bindparam("topic"))


def of_home(home: str) -> dict[str, str]:
    """The parameters of `at_home`."""
    return {"home": home, "topic": f"{home}/"}
