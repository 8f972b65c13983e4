"""What is said when a round ends, or when there is nothing to ask."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from semax_bot.answering.compose import to_entries
from semax_bot.course.load import Course
from semax_bot.quiz.round import score
from semax_bot.quiz.values import Mode, Round
from semax_bot.reply import Button, Heading, Reply, Text
from semax_bot.schedule.slots import day_said

WEEK = timedelta(days=7)
MISSED = 6  # buttons; more would fill the screen of a phone
HEADINGS = {Mode.CRAM: "Practice done", Mode.DAILY: "Question of the day"}


def end(course: Course, done: Round, due: Sequence[datetime], now: datetime, zone: ZoneInfo) -> Reply:
    """The card at the end of a round: the score, a button to each entry missed, when to come back.

    `due` holds when each of the learner's cards is due, but for those set aside; `zone` is the learner's own.
    """
    missed = dict.fromkeys(course.items[name].entries[0] for name in done.missed if name in course.items)
    lines = [
        "The buttons below lead to what you missed." if missed else "",
        "This was practice: your schedule has not moved." if done.mode is Mode.CRAM else "",
        come_back(due, now, zone),
    ]
    heading = Heading(HEADINGS.get(done.mode, "Round done"))
    buttons = [(button,) for button in to_entries(course, list(missed)[:MISSED])]
    if done.mode is Mode.DAILY:
        buttons.append((Button("More questions", "quiz:"),))
    said = [Text(line) for line in lines if line]
    return Reply("smalltalk", (heading, Text(_praise(done), lead=True), *said), tuple(buttons))


def nothing(due: Sequence[datetime], now: datetime, zone: ZoneInfo, new_left: int) -> Reply:
    """For a round that would be empty: what to do instead. `due` as for `end`; `new_left`: what /quiz could bring."""
    more = (
        "/quiz brings new questions."
        if new_left > 0
        else "No new question is left for today either; /quiz with a topic asks anyway, /quiz cram is for practice."
    )
    lines = [come_back(due, now, zone), more]
    return Reply("smalltalk", (Text("Nothing is due right now.", lead=True), *(Text(line) for line in lines if line)))


def come_back(due: Sequence[datetime], now: datetime, zone: ZoneInfo) -> str:
    """When to practise next, in plain words by the learner's own clock; empty if nothing was ever asked."""
    if not due:
        return ""
    if waiting := sum(moment <= now for moment in due):
        return f"{_questions(waiting)} due now: /review."
    days = [moment.astimezone(zone).date() for moment in due]
    first = min(due).astimezone(zone)
    today = now.astimezone(zone).date()
    when = day_said(first.date(), today)
    if first.date() - today < WEEK:  # further ahead the hour is of no use
        when = f"{when} after {first:%H:%M}"
    return f"Come back {when}: {_questions(days.count(min(days)))} due that day."


def _questions(count: int) -> str:
    return "1 question is" if count == 1 else f"{count} questions are"


def _praise(done: Round) -> str:
    right, total = score(done)
    if not total:
        return "Stopped before the first answer; nothing is lost."
    if right == total:
        cheer = "Well done!"
    elif 2 * right >= total:
        cheer = "Good work."
    else:
        cheer = "A miss now is the best time to learn it."
    return cheer if done.mode is Mode.DAILY else f"{right} of {total} right at the first try. {cheer}"
