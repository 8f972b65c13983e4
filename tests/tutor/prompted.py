"""Daily questions as surface and clock handle them, for the tests of prompts over a real store."""

from collections.abc import Iterable
from datetime import timedelta

from semax_bot.reply import Reply
from semax_bot.tutor import Tutor, Who
from semax_bot.tutor.values import Asked, Delivery

ANNA, BORIS = Who("telegram", "5"), Who("telegram", "6")
DAY = timedelta(days=1)


async def hears(tutor: Tutor, text: str, who: Who = ANNA) -> Reply:
    """What /daily says in somebody's private chat."""
    return await tutor.daily.hear(who, who.handle, text)


async def sends(tutor: Tutor, fails: bool = False, shut: bool = False) -> list[Delivery]:
    """What the clock of this process delivers now."""
    sent = []
    for one in await tutor.deliveries.claim(False, 100):
        if delivery := await tutor.deliveries.begin(one):
            sent.append(delivery)
            if fails:
                await tutor.deliveries.failed(delivery, shut)
            else:
                await tutor.deliveries.sent(delivery, f"poll {delivery.id}", 100 + delivery.id)
    return sent


async def answers(tutor: Tutor, delivery: Delivery, right: bool = True, who: Who = ANNA) -> Reply:
    """Answer a prompt; returns the last thing said."""
    asked = question(delivery)
    places = asked.question.right if right else wrong(asked)
    graded = await tutor.rounds.grade(who, who.handle, f"poll {delivery.id}", places)
    assert graded is not None
    if graded.turn.over is not None:
        await tutor.rounds.over(graded.turn.over)
    return graded.turn.say[-1]


def question(delivery: Delivery) -> Asked:
    """The prompt's question."""
    assert delivery.ask is not None
    return delivery.ask


def wrong(asked: Asked) -> Iterable[int]:
    """A wrong answer."""
    return [next(place for place in range(len(asked.question.options)) if {place} != set(asked.question.right))]


def buttons(reply: Reply) -> list[str]:
    """What the buttons of a reply do."""
    return [button.action for row in reply.buttons for button in row]
