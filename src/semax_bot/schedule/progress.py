"""What a learner has reached: the numbers of /progress, its page, and what its picture shows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Literal
from zoneinfo import ZoneInfo

from semax_bot.course.load import Course
from semax_bot.reply import Block, Button, Figure, Heading, Reply, Table, Text
from semax_bot.schedule.memory import mastered, retrievability
from semax_bot.schedule.values import Card

AHEAD = 7  # days after today that are looked ahead
RECENT = timedelta(days=30)  # what accuracy counts
WEAKEST = 4  # entries named as weakest; more would discourage
ASIDE = 4  # entries of leeches named; with the weakest, what a phone shows of a keyboard
BARS = 12  # sections that fit one picture; of a longer course, units are shown instead
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


@dataclass(frozen=True, slots=True)
class Section:
    """How many of a section's items were ever answered (`seen`, the mastered ones included) and are mastered now."""

    unit: int
    title: str
    mastered: int
    seen: int
    total: int


@dataclass(frozen=True, slots=True)
class Progress:
    """One learner's progress at one moment; days are those of the learner's zone."""

    sections: tuple[Section, ...]  # those that have items, in reading order
    today: date
    due: tuple[int, ...]  # items due today (what is overdue too), then on each of the next 7 days
    streak: int  # days, see `streak`
    right: int  # of the answers graded in the last 30 days
    graded: int
    weakest: tuple[str, ...]  # ids of entries, the weakest first, at most 4
    leeches: tuple[str, ...]  # ids of items that are set aside
    answers: int  # ever, practice included

    @property
    def accuracy(self) -> float | None:
        """The share of right answers over the last 30 days, None without an answer."""
        return self.right / self.graded if self.graded else None


def progress(
    course: Course,
    cards: Mapping[str, Card],
    graded: Sequence[tuple[datetime, bool]],
    moments: Sequence[datetime],
    now: datetime,
    zone: ZoneInfo,
) -> Progress:
    """The progress that follows from a learner's cards (by item), graded answers (when, right?) and all answers' times.

    Cards of items that the course no longer has are passed over.
    """
    known = {item_id: cards[item_id] for item_id in course.items if item_id in cards}
    today = now.astimezone(zone).date()
    recent = [right for at, right in graded if now - RECENT < at <= now]
    leeches = tuple(item_id for item_id, card in known.items() if card.aside)
    return Progress(
        sections=tuple(_sections(course, known, now)),
        today=today,
        due=_due(known.values(), today, zone),
        streak=streak({at.astimezone(zone).date() for at in moments}, today),
        right=sum(recent),
        graded=len(recent),
        weakest=_weakest(course, known, now),
        leeches=leeches,
        answers=len(moments),
    )


def streak(days: Collection[date], today: date) -> int:
    """How many days the learner practised in the longest stretch up to today that misses no more than a week allows.

    One missed day in each ISO week (Monday to Sunday) is free: it neither counts nor breaks. The stretch ends before a
    second one. Today counts once it has an answer, and is not missed before it is over.
    """
    count, free = 0, set[tuple[int, int]]()
    first = min(days, default=today)
    day = today if today in days else today - timedelta(days=1)
    while day >= first:
        week = day.isocalendar()[:2]
        if day in days:
            count += 1
        elif week in free:
            break
        else:
            free.add(week)
        day -= timedelta(days=1)
    return count


def _sections(course: Course, cards: Mapping[str, Card], now: datetime) -> Iterator[Section]:
    items: dict[tuple[int, str], list[str]] = {}
    for item in course.items.values():
        items.setdefault((int(item.id[:2]), item.section), []).append(item.id)
    for number, unit in course.units.items():
        for section in unit.sections:
            if inside := items.get((number, section.id)):
                seen = [cards[item_id] for item_id in inside if item_id in cards]
                known = sum(mastered(card, now) for card in seen)
                yield Section(number, section.title[:1].upper() + section.title[1:], known, len(seen), len(inside))


def _due(cards: Collection[Card], today: date, zone: ZoneInfo) -> tuple[int, ...]:
    counts = [0] * (AHEAD + 1)
    for card in cards:
        wait = max(0, (card.due.astimezone(zone).date() - today).days)
        if wait <= AHEAD and not card.aside:
            counts[wait] += 1
    return tuple(counts)


def _weakest(course: Course, cards: Mapping[str, Card], now: datetime) -> tuple[str, ...]:
    """By what was missed and what is being forgotten among an entry's own items; mastered and set aside don't count."""
    weight: dict[str, float] = {}
    for item_id, card in cards.items():
        if not card.aside and not mastered(card, now):
            entry_id = course.items[item_id].entries[0]
            recall = retrievability(card, now) if card.right else 0.0
            weight[entry_id] = weight.get(entry_id, 0.0) + card.misses + 1 - recall
    return tuple(sorted(weight, key=lambda entry_id: -weight[entry_id])[:WEAKEST])


def page(course: Course, progress: Progress) -> Reply:
    """The text of /progress; it stands below the picture, or alone where pictures cannot be shown."""
    quiz = (Button("Quiz me", "quiz:"),)
    if not progress.answers:
        text = "Nothing here yet. Answer a few questions, and this page shows what stays with you and what comes back."
        return Reply("answer", (Heading("Your progress"), Text(text, lead=True)), ((Button("Start a quiz", "quiz:"),),))
    aside = list(dict.fromkeys(course.items[item_id].entries[0] for item_id in progress.leeches))[:ASIDE]
    weak = [entry_id for entry_id in progress.weakest if entry_id not in aside]
    buttons = [(Button(course.entries[entry_id].title, f"card:{entry_id}"),) for entry_id in (*weak, *aside)]
    return Reply("answer", tuple(_blocks(course, progress, bool(weak), aside)), (*buttons, quiz))


def _blocks(course: Course, progress: Progress, weak: bool, aside: Sequence[str]) -> Iterator[Block]:
    yield Heading("Your progress")
    yield Text(f"{_headline(progress)}, {sum(section.seen for section in progress.sections)} seen so far.", lead=True)
    yield Figure("Streak", f"{_days(progress.streak)}; one missed day a week is free")
    if progress.graded:
        answers = "1 answer" if progress.graded == 1 else f"{progress.graded} answers"
        yield Figure("Right in the last 30 days", f"{_percent(progress)} of {answers}")
    yield Figure("Due for review", f"{progress.due[0]} today, {sum(progress.due[1:])} in the next {AHEAD} days")
    rows = ((bar.title, f"{bar.mastered} of {bar.total}") for bar in _bars(course, progress))
    yield Table("Mastered by section", tuple(rows))
    if weak:
        yield Text("The cards below are worth another look.")
    if aside:
        titles = ", ".join(course.entries[entry_id].title for entry_id in aside)
        yield Text(f"Set aside after many misses: {titles}. Opening a card brings its questions back.")


def drawn(course: Course, progress: Progress, theme: Literal["light", "dark"] = "light") -> dict[str, Any]:
    """What the picture shows, as plain JSON values; nothing else is in it, so that equal pictures have equal data."""
    accuracy = f" · {_percent(progress)} right in 30 days" if progress.graded else ""
    names = ("Today", *(DAYS[(progress.today.weekday() + wait) % 7] for wait in range(1, AHEAD + 1)))
    return {
        "theme": theme,
        "title": _headline(progress),
        "subtitle": f"Streak: {_days(progress.streak)}{accuracy}",
        "sections": [
            {"title": bar.title, "mastered": bar.mastered, "seen": bar.seen, "total": bar.total}
            for bar in _bars(course, progress)
        ],
        "due": [{"day": day, "items": items} for day, items in zip(names, progress.due, strict=True)],
    }


def _bars(course: Course, progress: Progress) -> Sequence[Section]:
    if len(progress.sections) <= BARS:
        return progress.sections
    bars = []
    for number, group in groupby(progress.sections, key=lambda section: section.unit):
        parts = list(group)
        sums = (sum(getattr(part, name) for part in parts) for name in ("mastered", "seen", "total"))
        bars.append(Section(number, f"Unit {number} · {course.units[number].title}", *sums))
    return bars


def _headline(progress: Progress) -> str:
    known, total = (sum(getattr(part, name) for part in progress.sections) for name in ("mastered", "total"))
    return f"{known} of {total} mastered"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _percent(progress: Progress) -> str:
    return f"{100 * progress.right // progress.graded}%"  # rounded down: 100% is for those who missed nothing
