"""The door: pages, links, buttons, and what is remembered of a chat."""

from datetime import UTC, datetime, timedelta

import pytest

from semax_bot.course.load import slug
from semax_bot.errors import UnknownEntry
from semax_bot.reply import plain
from semax_bot.store.recall import KEEP, Recall
from semax_bot.tutor import PAGES, Tutor

START = datetime(2026, 11, 23, tzinfo=UTC)


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock at START."""
    return Clock()


@pytest.fixture
def remembering(tutor: Tutor, clock: Clock) -> Tutor:
    """A tutor with a memory of its own that follows the clock."""
    return Tutor(tutor.course, Recall(clock))


async def test_a_follow_up_goes_on_from_the_last_card(remembering: Tutor, clock: Clock) -> None:
    """'and serotonin?' means the counterpart of the last card, until half an hour has passed."""
    await remembering.hear("chat", "how much does dopamine turnover rise")
    assert (await remembering.hear("chat", "and serotonin?")).entry == "06/figure/serotonin-turnover"
    clock.now += KEEP + timedelta(seconds=1)
    assert (await remembering.hear("chat", "why?")).kind == "suggest"


async def test_chats_do_not_mix(remembering: Tutor) -> None:
    """What one chat saw does not answer another's follow-up."""
    await remembering.hear("one", "how much does dopamine turnover rise")
    assert (await remembering.hear("two", "why?")).kind == "suggest"


async def test_a_tapped_card_is_the_last_card_too(remembering: Tutor) -> None:
    """After a button, 'how much?' is about the card that it opened."""
    await remembering.tap("chat", "card:06/figure/ham-d")
    assert "25-30%" in plain(await remembering.hear("chat", "how much?"))


async def test_not_what_i_meant_offers_the_next_best(remembering: Tutor) -> None:
    """The way out of a wrong card leads to the entries ranked behind it."""
    reply = await remembering.hear("chat", "dopamine")
    wrong = next(button for row in reply.buttons for button in row if button.label == "Not what I meant")
    offered = await remembering.tap("chat", wrong.action)
    assert (offered.kind, offered.entries) == ("suggest", reply.entries[1:])


@pytest.mark.parametrize(
    "action", ["", "card:", "card:06/term/nothing", "not:zzzz", "page:zzzz", "drop table:1", "zzzz"]
)
async def test_old_and_forged_buttons_are_refused(remembering: Tutor, action: str) -> None:
    """What no button of ours says is no entry, and is said to be so."""
    with pytest.raises(UnknownEntry, match=r"ask again|no page"):
        await remembering.tap("chat", action)


async def test_an_answer_is_found_by_its_question(remembering: Tutor, clock: Clock) -> None:
    """An edited question edits its answer, while that is remembered."""
    await remembering.link("chat", 7, 8)
    assert await remembering.answer_to("chat", 7) == 8
    assert await remembering.answer_to("chat", 8) is None
    clock.now += KEEP + timedelta(seconds=1)
    assert await remembering.answer_to("chat", 7) is None


def test_every_page_has_something_to_show(tutor: Tutor) -> None:
    """Each command that the surfaces offer leads to a page."""
    for name in PAGES:
        assert len(plain(tutor.page(name))) > 80


def test_every_entry_has_a_deep_link_and_every_view(tutor: Tutor) -> None:
    """A link of Telegram's alphabet opens each card, and each of its views."""
    for entry_id in tutor.course.entries:
        assert tutor.welcome(slug(entry_id)).entry == entry_id
        for view in ("card", "simple", "advanced", "evidence"):
            assert tutor.open(entry_id, view).entry == entry_id


def test_a_broken_link_gets_the_greeting(tutor: Tutor) -> None:
    """Whoever follows an old link is welcome."""
    assert tutor.welcome("06-term-nothing") == tutor.welcome()


def test_about_and_sources_say_what_the_check_was(tutor: Tutor) -> None:
    """Readers learn that abstracts were read, and what 'not found' means."""
    for page in ("about", "sources"):
        assert "published abstracts" in plain(tutor.page(page))
        assert "does not prove" in plain(tutor.page(page))
