"""Somebody who takes quizzes: reads questions, votes, and thinks again."""

from typing import Any

from standin.chats import Message
from standin.people import Talk


class Learner(Talk):
    """A private chat with quizzes. `said` is what stood before the question, or the end, that came last."""

    said: tuple[str, ...] = ()

    def asked(self) -> Message:
        """The next question, once it has come."""
        return self._next(lambda message: "poll" in message)

    def ended(self) -> Message:
        """The card at the end of the round, once it has come."""
        return self._next(lambda message: message.get("text", "").startswith(("Round done", "Practice done")))

    def ended_round(self) -> Message:
        """The board at the end of a group's round, once it has come."""
        return self._next(lambda message: message.get("text", "").startswith(("Scoreboard", "Round over")))

    def starts(self, command: str = "/quiz 3") -> Message:
        """Begin a round; returns its first question."""
        self.says(command)
        return self.asked()

    def answers(self, question: Message, right: bool = True) -> int:
        """Vote for the right options, or for a wrong one; returns the update's id."""
        return self.votes(question, key(question) if right else [wrong(question)])

    def alerts(self, tap: str) -> dict[str, str]:
        """What the bot said to a tap, once it did."""

        def found() -> dict[str, str]:
            calls = self.standin.made("answerCallbackQuery")
            return next((call.params for call in calls if call.params["callback_query_id"] == tap), {})

        return self.standin.wait(found)

    def _next(self, sought: Any) -> Message:
        said = []
        while not sought(message := self.hears()):
            said.append(message.get("text", "a question"))
        self.said = tuple(said)
        return message


def key(question: Message) -> list[int]:
    """The places of the right options."""
    return list(question["poll"]["correct_option_ids"])


def wrong(question: Message) -> int:
    """The place of a wrong option."""
    return next(place for place in range(len(question["poll"]["options"])) if place not in key(question))
