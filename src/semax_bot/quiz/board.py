"""Points of a group's quiz, and what is said of them: scoreboard, leaderboard, the result of a daily question."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from semax_bot.answering.compose import CAVEATS, checked, known, to_entries
from semax_bot.course.load import Course
from semax_bot.course.model import Entry, Item
from semax_bot.quiz.judge import DISAGREES
from semax_bot.quiz.values import Score, Tally
from semax_bot.reply import Block, Button, Caveat, Heading, Reply, Text

RIGHT = 10  # points
SPEED = 5  # points at most, on top of a right answer
LINES = 20  # of a board; more would fill several screens of a phone
NAME = 32  # characters of a name
NOBODY = "Somebody"
BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters and symbols that show nothing
ISOLATED = "\u2068{}\u2069"  # keeps a name that is written from right to left out of the numbers beside it

UNANSWERED = "Nobody answered this time, which is no shame. /quiz starts another round when you are ready."
NO_ANSWERS = {
    False: "Nobody has answered here this week. /quiz starts a round for everybody.",
    True: "Nobody has answered here yet. /quiz starts a round for everybody.",
}
OPT_OUT = "You would rather not be listed? Send me /settings in our private chat."
NO_VOTES = "Nobody answered it."


def points(right: bool, left: float = 0.0) -> int:
    """Points of one answer; `left` is the share of its time that was left, 0 where that is not known."""
    return RIGHT + round(SPEED * min(1.0, max(0.0, left))) if right else 0


def places(scores: Iterable[Score]) -> list[tuple[int, Score]]:
    """Each with its place, best first; equal points share a place, and the next places are left out: 1, 1, 3."""
    ordered = sorted(scores, key=lambda score: -score.points)
    first = {score.points: place for place, score in reversed(list(enumerate(ordered, start=1)))}
    return [(first[score.points], score) for score in ordered]


def named(name: str) -> str:
    """A person's name as a board shows it: one line, at most NAME characters, nothing invisible, never empty."""
    seen = "".join(
        char if _shows(char) else " " if char.isspace() else "" for char in unicodedata.normalize("NFC", name)
    )
    short = " ".join(seen.split())
    short = short if len(short) <= NAME else short[: NAME - 1].rstrip() + "…"
    return short if any(not unicodedata.category(char).startswith("M") for char in short) else NOBODY


def scoreboard(course: Course, scores: Sequence[Score], tallies: Sequence[Tally], voters: int, others: int) -> Reply:
    """The board of a round; `voters` counts the unlisted too, `others` the votes of chats, which are nobody's."""
    if not voters and not others:
        return Reply("smalltalk", (Heading("Round over"), Text(UNANSWERED, lead=True)))
    asked = "1 question" if len(tallies) == 1 else f"{len(tallies)} questions"
    people = f"{_people(voters)} answered." if voters else ""
    chats = {0: "", 1: "1 vote came from a chat."}.get(others, f"{others} votes came from chats.")
    blocks: list[Block] = [Heading(f"Scoreboard · {asked}"), *_lines(scores, len(tallies))]
    blocks.append(Text(" ".join(filter(None, (people, chats)))))
    if weak := weakest(course, tallies):
        blocks.append(Text(f"Missed most: “{weak.title}”. Here is what the unit says."))
    return Reply("smalltalk", tuple(blocks))


def weakest(course: Course, tallies: Iterable[Tally]) -> Entry | None:
    """The entry whose questions were missed most; None if nothing was missed."""
    missed: Counter[str] = Counter()
    for tally in tallies:
        if item := course.items.get(tally.item):
            missed[item.entries[0]] += tally.answers - tally.right
    entry, count = max(missed.items(), key=lambda one: one[1], default=("", 0))
    return course.entries[entry] if count else None


def leaderboard(scores: Sequence[Score], all_time: bool) -> Reply:
    """The best of a group, this week or ever, with buttons for both."""
    heading = Heading("Leaderboard · all time" if all_time else "Leaderboard · this week")
    lines = list(_lines(scores)) or [Text(NO_ANSWERS[all_time], lead=True)]
    week, ever = ("This week", "✓ All time") if all_time else ("✓ This week", "All time")
    return Reply(
        "smalltalk",
        (heading, *lines, Text(OPT_OUT)),
        ((Button(week, "lead:week"), Button(ever, "lead:all")),),
    )


def result(course: Course, item: Item, answers: int | None, right: int, to_card: bool = True) -> Reply:
    """What became of a daily question: so many answered, so many of them rightly; `answers` None where nobody knows."""
    entry = course.entries[item.entries[0]]
    key = "; ".join(option.text for option in item.options if option.right)
    blocks: list[Block] = [
        Heading("Result"),
        Text(item.question),
        *([] if answers is None else [Text(_share(answers, right), lead=True)]),
        Text(f"Right: {key}"),
        Text(" ".join(item.explanation.split())),
        known(entry),
    ]
    if entry.source_check and entry.source_check.verdict in DISAGREES:
        blocks.append(checked(course, entry.source_check, "on the card"))
    blocks += [Caveat(text) for text in entry.caveats[:CAVEATS]]
    buttons = (tuple(to_entries(course, [entry.id])),) if to_card else ()
    return Reply("answer", tuple(blocks), buttons, entry.id, (entry.id,))


def _lines(scores: Sequence[Score], asked: int | None = None) -> Iterator[Text]:
    """A line each, and how many more there are; `asked` is the number of questions, where that is the same for all."""
    for place, score in places(scores)[:LINES]:
        of = score.answers if asked is None else asked
        yield Text(f"{place}. {_aside(score.name)} · {_points(score.points)}, {score.right} of {of} right")
    if more := len(scores) - LINES:
        yield from [Text(f"and {more} more")] if more > 0 else []


def _shows(char: str) -> bool:
    return not (char.isspace() or char in BLANK or unicodedata.category(char).startswith("C"))


def _aside(name: str) -> str:
    from_right = any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in name)
    return ISOLATED.format(name) if from_right else name


def _points(count: int) -> str:
    return "1 point" if count == 1 else f"{count} points"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def _share(answers: int, right: int) -> str:
    if not answers:
        return NO_VOTES
    if answers == 1:
        return f"1 person answered, {'and was right' if right else 'and missed it'}."
    return f"{answers} people answered, {100 * right / answers:.0f}% of them right."
