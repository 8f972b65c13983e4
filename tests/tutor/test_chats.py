"""What is remembered of a chat, and for how long."""

from datetime import timedelta

from clock import Clock
from semax_bot.reply import Reply
from semax_bot.store import stats
from semax_bot.store.recall import KEEP
from semax_bot.store.store import Store
from semax_bot.tutor import Tutor, Who

ANNA = Who("telegram", "5")


async def told(tutor: Tutor, chat: str, text: str) -> Reply:
    """What the tutor says, once the chat has seen it."""
    reply = await tutor.chats.hear(chat, text)
    await tutor.chats.shown(ANNA, chat, reply)
    return reply


async def test_a_follow_up_goes_on_from_the_last_card(tutored: Tutor, clock: Clock) -> None:
    """'and serotonin?' means the counterpart of the last card, until half an hour has passed."""
    await told(tutored, "5", "how much does dopamine turnover rise")
    assert (await told(tutored, "5", "and serotonin?")).entry == "06/figure/serotonin-turnover"
    clock.now += KEEP + timedelta(seconds=1)
    assert (await told(tutored, "5", "why?")).kind == "suggest"


async def test_chats_do_not_mix(tutored: Tutor) -> None:
    """What one chat saw does not answer another's follow-up."""
    await told(tutored, "5", "how much does dopamine turnover rise")
    assert (await told(tutored, "6", "why?")).kind == "suggest"


async def test_a_tapped_card_is_the_last_card_too(tutored: Tutor) -> None:
    """After a button, 'how much?' is about the card that it opened."""
    action = "card:06/figure/ham-d"
    await tutored.chats.tapped(ANNA, "5", action, tutored.tap(action))
    assert (await tutored.chats.hear("5", "how much?")).entry == "06/figure/ham-d"


async def test_not_what_i_meant_is_counted_for_the_card_that_was_shown(tutored: Tutor, store: Store) -> None:
    """The author learns which entries are confused with others, and nobody's words are kept."""
    reply = await told(tutored, "5", "dopamine")
    wrong = next(button for row in reply.buttons for button in row if button.label == "Not what I meant")
    offered = tutored.tap(wrong.action)
    await tutored.chats.tapped(ANNA, "5", wrong.action, offered)
    assert (offered.kind, offered.entries) == ("suggest", reply.entries[1:])
    async with store.reading() as conn:
        assert [row.entry for row in (await stats.stats(conn)).confused] == [reply.entry]


async def test_an_answer_is_found_by_its_question(tutored: Tutor, clock: Clock) -> None:
    """An edited question edits its answer, while that is remembered."""
    await tutored.chats.shown(ANNA, "5", tutored.open("06/term/dopac"), 7, 8)
    assert await tutored.chats.answer_to("5", 7) == 8
    assert await tutored.chats.answer_to("5", 8) is None
    clock.now += KEEP + timedelta(seconds=1)
    assert await tutored.chats.answer_to("5", 7) is None
