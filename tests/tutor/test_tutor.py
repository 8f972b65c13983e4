"""The door: pages, links, buttons and topics."""

import pytest

from semax_bot.course.load import slug
from semax_bot.errors import UnknownEntry
from semax_bot.reply import plain
from semax_bot.tutor import PAGES, Tutor


@pytest.mark.parametrize(
    "action", ["", "card:", "card:06/term/nothing", "not:zzzz", "page:zzzz", "drop table:1", "zzzz"]
)
def test_old_and_forged_buttons_are_refused(tutor: Tutor, action: str) -> None:
    """What no button of ours says is no entry, and is said to be so."""
    with pytest.raises(UnknownEntry, match=r"ask again|no page"):
        tutor.tap(action)


@pytest.mark.parametrize(
    ("words", "entry"),
    [
        ("dopamine", "06/system/dopamine"),
        ("the locus ceruleus", "06/term/locus-coeruleus"),
        ("seretonin", "06/system/serotonin"),
    ],
)
def test_a_topic_is_found_in_a_learners_own_words(tutor: Tutor, words: str, entry: str) -> None:
    """A round can be asked for as freely as a card."""
    assert entry in tutor.topic(words)


@pytest.mark.parametrize("words", ["", "🧠", "the weather in Paris", "my dose"])
def test_what_the_course_has_not_is_no_topic(tutor: Tutor, words: str) -> None:
    """Then there is nothing to ask about."""
    assert tutor.topic(words) == ()


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
