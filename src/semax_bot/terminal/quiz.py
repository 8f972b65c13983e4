"""Quizzes at the prompt: a question, its options by number, and second thoughts."""

import re
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace

from semax_bot.quiz.shuffle import question
from semax_bot.quiz.values import Mode, Question
from semax_bot.reply import Place, Reply, line, plain
from semax_bot.tutor import Tutor, Who
from semax_bot.tutor.values import Asked, Turn

CHAT = "terminal"  # the one chat that a terminal is
WHO = Who("terminal", "local")
COMMANDS = {
    "quiz": "a short quiz; /quiz 10, /quiz dopamine or /quiz cram too",
    "review": "only what is due",
    "go": "back to the question that waits",
    "undo": "take the last answer back",
    "stop": "end the quiz",
}
WAITS = Reply("smalltalk", (Place("A quiz is waiting: /go goes on with it."),))
CLOSED = "That question takes no answer any more. /go shows the one that waits, /quiz starts a new round."
SEVERAL = "Here one option is right: answer with one number."

_PICKS = re.compile(r"\d{1,2}(?:[\s,]+\d{1,2})*")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an answer was: the options picked and the right ones, and what there is to say about either.

    `explanation` is empty where the remark gives it.
    """

    right: bool
    picked: str
    answer: str
    remark: str
    explanation: str


Part = Reply | Question | Verdict  # what one line of the learner may lead to, one or several
Parts = AsyncIterator[Part]


def picks(text: str) -> list[int]:
    """The numbers of options in '2' or '1, 3'; none in anything else."""
    return [int(number) for number in re.findall(r"\d+", text)] if _PICKS.fullmatch(text) else []


class Quizzing:
    """The quiz of this terminal. It remembers the question on the screen; the tutor remembers the rest.

    Its methods yield what to show, and store that it was shown once the next part is asked for.
    """

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor
        self.asked: Asked | None = None  # on the screen, and not answered
        self.right: int | None = None  # the question that was answered last, if rightly

    async def start(self, mode: Mode, words: str) -> Parts:
        """Begin the round that the words behind the command ask for. Raises WishError."""
        async for part in self._play(await self._tutor.rounds.start(WHO, CHAT, words, mode)):
            yield part

    async def about(self, entry_id: str) -> Parts:
        """Begin a round about one entry."""
        async for part in self._play(await self._tutor.rounds.about(WHO, CHAT, entry_id)):
            yield part

    async def stop(self) -> Parts:
        """End the round."""
        async for part in self._play(await self._tutor.rounds.stop(WHO, CHAT)):
            yield part

    async def go(self) -> Parts:
        """Show the question that waits, also one that an earlier chat left."""
        waits = await self._waiting()
        async for part in self._play(Turn(ask=waits)) if waits else self.stop():
            yield part

    async def resume(self) -> Parts:
        """Show what an earlier chat was kept from showing, or say that its question waits."""
        for _, _, turn in await self._tutor.rounds.unfinished(WHO.surface):
            async for part in self._play(turn):
                yield part
        if self.asked is None and await self._waiting():
            yield WAITS

    async def answer(self, asked: Asked, numbers: Sequence[int]) -> Parts:
        """Count an answer to the question on the screen, and go on with the round."""
        options = asked.question.options
        if not all(1 <= number <= len(options) for number in numbers):
            yield line(f"This question has the options 1 to {len(options)}.")
        elif len(set(numbers)) > 1 and not asked.question.several:
            yield line(SEVERAL)
        else:
            picked = {number - 1 for number in numbers}
            graded = await self._tutor.rounds.grade(WHO, CHAT, _poll(asked), picked)
            self.asked, self.right = None, asked.id if graded and graded.right else None
            if graded is None:
                yield line(CLOSED)
                return
            ends = graded.turn.say[-1:] if graded.turn.over is not None else ()
            remarks = graded.turn.say[: len(graded.turn.say) - len(ends)]
            yield _verdict(asked.question, picked, graded.right, " ".join(map(plain, remarks)))
            async for part in self._play(replace(graded.turn, say=ends)):
                yield part

    async def hint(self, asked: Asked) -> Parts:
        """Give the hint of the question on the screen."""
        yield line(f"Hint: {await self._tutor.rounds.hint(WHO, asked.id)}")

    async def guessed(self, asked: int) -> Parts:
        """Mark the last answer as a guess."""
        self.right = None
        yield line(await self._tutor.rounds.guessed(WHO, asked))

    async def undo(self) -> Parts:
        """Take the last answer back."""
        self.right = None
        text, turn = await self._tutor.rounds.undo(WHO, CHAT)
        yield line(text)
        async for part in self._play(turn):
            yield part

    async def settle(self) -> None:
        """Let go of the question on the screen if it waits no more."""
        if self.asked != await self._waiting():
            self.asked = None

    async def _waiting(self) -> Asked | None:
        """The question of the open round that waits for an answer, in the order it was shown."""
        row = await self._tutor.rounds.outstanding(WHO, CHAT)
        item = self._tutor.course.items.get(row.item) if row else None
        return Asked(row.id, question(item, row.shown)) if row and item else None

    async def _play(self, turn: Turn) -> Parts:
        for reply in turn.say:
            yield reply
        if turn.over is not None:
            await self._tutor.rounds.over(turn.over)
        if turn.ask:
            self.asked = turn.ask
            yield turn.ask.question
            await self._tutor.rounds.sent(turn.ask.id, _poll(turn.ask), turn.ask.id)
        else:
            await self.settle()


async def says(text: str) -> Parts:
    """One line that the chat itself has to say."""
    yield line(text)


def _poll(asked: Asked) -> str:
    return f"{CHAT}-{asked.id}"


def _verdict(asked: Question, picked: Collection[int], right: bool, remark: str) -> Verdict:
    def options(places: Collection[int]) -> str:
        return "; ".join(asked.options[place] for place in sorted(places))

    explanation = " ".join(asked.explanation.split())
    return Verdict(right, options(picked), options(asked.right), remark, "" if explanation in remark else explanation)
