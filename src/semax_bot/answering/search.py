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


def contents(course: Course) -> list[str]:
    """What a newcomer would open first: the simple version, then systems, numbers and comparisons, as authored."""
    entries = [entry for entry in course.entries.values() if not entry.home]
    simple = [entry.id for entry in entries if entry.section == SIMPLE]
    rest = [entry.id for kind in KINDS for entry in entries if entry.id.split("/")[1] == kind]
    return list(dict.fromkeys([*simple[:1], *rest]))[:MOST]


def _fits(asked: list[str], name: list[str]) -> bool:
    return all(any(word.startswith(part) for word in name) for part in asked)
