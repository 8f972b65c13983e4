"""What to offer while somebody is still typing: entries by how their names begin, and the contents for no words."""

from semax_bot.answering.text import words
from semax_bot.course.load import Course

MOST = 10  # offers; what a phone shows without much scrolling
SIMPLE = "simple-version"  # the section that tells the whole unit in plain words
KINDS = ("system", "figure", "comparison", "evidence")


def begun(course: Course, typed: str) -> list[str]:
    """The entries in one of whose names each typed word begins a word; the least that is left to type comes first."""
    asked = words(typed)
    left: dict[str, int] = {}
    for entry in course.entries.values():
        names = [words(name) for name in (entry.title, *entry.aliases)]
        fitting = [sum(map(len, name)) for name in names if asked and _fits(asked, name)]
        if fitting:
            left[entry.id] = min(fitting)
    return sorted(left, key=lambda entry_id: left[entry_id])


def overview(course: Course) -> str | None:
    """The entry that tells the whole unit in plain words, if there is one; its section explains terms too."""
    simple = (entry.id for entry in course.entries.values() if entry.section == SIMPLE and _kind(entry.id) == "topic")
    return next(simple, None)


def contents(course: Course) -> list[str]:
    """What a newcomer would open first: the simple version, then systems, numbers and comparisons, as authored."""
    first = overview(course)
    names = [entry.id for entry in course.entries.values() if not entry.home]
    rest = [name for kind in KINDS for name in names if _kind(name) == kind]
    return list(dict.fromkeys([*([first] if first else []), *rest]))[:MOST]


def _kind(entry_id: str) -> str:
    return entry_id.split("/")[1]


def _fits(asked: list[str], name: list[str]) -> bool:
    return all(any(word.startswith(part) for word in name) for part in asked)
