"""A learner alone with the bot: the real process asked, tapped, edited and browsed through the Bot API."""

import json
from copy import deepcopy

import pytest

from semax_bot.reply import Reply
from semax_bot.telegram import account, channel, daily, dashboard, group, quiz
from semax_bot.telegram.ask import EMPTY, NO_TEXT
from semax_bot.telegram.browse import UNKNOWN
from semax_bot.telegram.render import html
from semax_bot.tutor import PAGES, Tutor
from standin.markup import visible
from standin.people import Talk, buttons
from standin.process import BotProcess
from standin.server import StandIn

pytestmark = pytest.mark.usefixtures("bot")
DOPAC = "06/term/dopac"
PHOTO = [{"file_id": "1", "file_unique_id": "1", "width": 9, "height": 9}]
FILE = {"file_id": "1", "file_unique_id": "1"}
PLACE = {"latitude": 48.2, "longitude": 16.4}
NO_TEXTS = [
    {"photo": PHOTO, "caption": "what is this?"},
    {"voice": FILE | {"duration": 1}},
    {"sticker": FILE | {"type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False}},
    {"location": PLACE},
    {"contact": {"phone_number": "1", "first_name": "Bob"}},
    {"document": FILE},
]


@pytest.fixture
def alice(standin: StandIn) -> Talk:
    """Somebody new, in a private chat."""
    return Talk.private(standin)


def shown(reply: Reply) -> str:
    """A reply as it appears in the chat."""
    return visible(html(reply)).strip()


def test_a_question_gets_the_tutors_card(standin: StandIn, alice: Talk, tutor: Tutor) -> None:
    """The main job: ask in one's own words, read the card, without previews, quotes or a flicker of typing."""
    card = alice.asks("what is DOPAC?")
    assert card["text"] == shown(tutor.ask("what is DOPAC?"))
    (call,) = standin.made("sendMessage", alice.id)
    assert call.params["parse_mode"] == "HTML"
    assert json.loads(call.params["link_preview_options"]) == {"is_disabled": True}
    assert "reply_parameters" not in call.params
    assert standin.made("sendChatAction", alice.id) == []


def test_ask_works_as_a_command_too(alice: Talk, tutor: Tutor) -> None:
    """In private /ask is not needed, but those who know it from groups will type it."""
    assert alice.asks("/ask what is DOPAC?")["text"] == shown(tutor.ask("what is DOPAC?"))
    assert alice.asks("/ask")["text"] == EMPTY


def test_a_follow_up_is_about_the_last_card(alice: Talk, tutor: Tutor) -> None:
    """'how much?' alone means nothing; the chat's memory gives it its topic."""
    alice.asks("what is DOPAC?")
    assert alice.asks("how much?")["text"] == shown(tutor.ask("how much?", after=DOPAC))


def test_a_tap_edits_the_card_in_place(standin: StandIn, alice: Talk, tutor: Tutor) -> None:
    """A tap must not fill the chat with copies of the card."""
    card = alice.asks("what is DOPAC?")
    before, data = card["text"], buttons(card)[0]
    alice.taps(card, data)
    standin.wait(lambda: standin.chats.ours(alice.id)[0]["text"] != before and not standin.chats.taps)
    alice.taps(card, data)  # a nervous thumb: nothing is left to modify, and that is no fault
    assert alice.asks("what is HVA?")["text"] == shown(tutor.ask("what is HVA?", after=DOPAC))
    assert len(standin.chats.ours(alice.id)) == 2


@pytest.mark.parametrize("data", ["card:99/term/nothing", "no such button", "😀" * 16, ":", "not:x.y"])
def test_an_old_or_forged_button_gets_a_polite_answer(standin: StandIn, alice: Talk, data: str) -> None:
    """Cards outlive releases; their buttons must neither crash, nor spin, nor touch the card."""
    card = deepcopy(alice.asks("what is DOPAC?"))
    tap = alice.taps(card, data)
    standin.wait(lambda: tap not in standin.chats.taps)
    answered = [call.params for call in standin.made("answerCallbackQuery") if call.params["callback_query_id"] == tap]
    assert answered[0]["text"]
    assert standin.chats.ours(alice.id) == [card]


def test_a_tap_under_a_message_too_old_to_edit_sends_a_new_card(alice: Talk) -> None:
    """Telegram hands out no content for such messages, but the learner still wants to know."""
    card = alice.asks("what is DOPAC?")
    old = {"chat": card["chat"], "message_id": card["message_id"], "date": 0}
    alice.taps(card, buttons(card)[0], message=old)
    assert alice.hears()["message_id"] != card["message_id"]


def test_a_tap_that_waited_too_long_still_edits(standin: StandIn, alice: Talk) -> None:
    """After a restart Telegram takes no answer to older taps; the card can be changed all the same."""
    card = alice.asks("what is DOPAC?")
    before = card["text"]
    standin.chats.taps.discard(alice.taps(card, buttons(card)[0]))
    standin.wait(lambda: card["text"] != before)


def test_an_edited_question_edits_its_answer(standin: StandIn, alice: Talk, tutor: Tutor) -> None:
    """Who mends a typo wants the answer mended, not another one."""
    question = alice.says("what is HVA?")
    answer = alice.hears()
    alice.edits(question, text="what is DOPAC?")
    standin.wait(lambda: answer["text"] == shown(tutor.ask("what is DOPAC?")))
    assert alice.unheard() == []


def test_an_edited_command_edits_its_page(standin: StandIn, alice: Talk, tutor: Tutor) -> None:
    """Commands are edited like questions."""
    command = alice.says("/terms")
    page = alice.hears()
    alice.edits(command, text="/about", entities=[{"type": "bot_command", "offset": 0, "length": 6}])
    standin.wait(lambda: page["text"] == shown(tutor.page("about")))


def test_an_edited_question_without_its_answer_gets_a_new_one(standin: StandIn, alice: Talk) -> None:
    """The answer may have been deleted, or given before a restart."""
    question = alice.says("what is HVA?")
    answer = alice.hears()
    del standin.chats.messages[alice.id][answer["message_id"]]
    alice.edits(question, text="what is DOPAC?")
    alice._heard = 0
    assert "DOPAC" in alice.hears()["text"]


def test_start_greets_and_a_deep_link_opens_its_entry(alice: Talk, tutor: Tutor) -> None:
    """Links in slides and wikis lead straight to a card; a broken one must still greet."""
    assert alice.asks("/start")["text"] == shown(tutor.welcome())
    assert alice.asks("/start 06-term-dopac")["text"] == shown(tutor.open(DOPAC))
    assert alice.asks("/start no-such_entry")["text"] == shown(tutor.welcome())


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_its_command(alice: Talk, tutor: Tutor, name: str) -> None:
    """A command in the menu that answers nothing would be a broken promise."""
    assert alice.asks(f"/{name}")["text"] == shown(tutor.page(name))


def test_an_unknown_command_says_so(alice: Talk) -> None:
    """Silence would look like a broken bot."""
    assert alice.asks("/dopac")["text"] == UNKNOWN


@pytest.mark.parametrize("content", NO_TEXTS, ids=lambda content: next(iter(content)))
def test_what_is_no_text_gets_one_line_on_what_to_do(alice: Talk, content: dict[str, object]) -> None:
    """The bot cannot see or hear; it says so once and kindly."""
    alice.posts(**content)
    assert alice.hears()["text"] == NO_TEXT


def test_an_album_gets_one_line_and_a_live_location_no_more(alice: Talk) -> None:
    """Each photo of an album and each step of a live location is an update; answering all would be a flood."""
    for _ in range(3):
        alice.posts(photo=PHOTO, media_group_id="7")
    walk = alice.posts(location=PLACE | {"live_period": 60})
    alice.edits(walk, location=PLACE | {"live_period": 60, "heading": 9})
    alice.posts(pinned_message={"message_id": 1, "date": 0, "chat": alice.chat})
    assert [alice.hears()["text"], alice.hears()["text"]] == [NO_TEXT, NO_TEXT]
    assert alice.asks("/dopac")["text"] == UNKNOWN


def test_typing_is_shown_when_an_answer_takes_long(standin: StandIn, alice: Talk) -> None:
    """After half a second of silence a person wonders whether the message arrived."""
    release = standin.hold("sendMessage", alice.id)
    alice.says("what is DOPAC?")
    standin.wait(lambda: standin.made("sendChatAction", alice.id))
    release()
    assert "DOPAC" in alice.hears()["text"]
    (typing,), (sending,) = standin.made("sendChatAction", alice.id), standin.made("sendMessage", alice.id)
    assert typing.params["action"] == "typing"
    assert typing.at - sending.at > 0.4


def test_the_menu_and_the_descriptions_are_set(standin: StandIn, bot: BotProcess, tutor: Tutor) -> None:
    """People find their way by Telegram's own menu, and read what the bot is before they start it."""
    standin.wait(lambda: standin.made("setMyShortDescription"))
    menus = {
        json.loads(call.params["scope"])["type"]: [item["command"] for item in json.loads(call.params["commands"])]
        for call in standin.made("setMyCommands")
    }
    shared = [*daily.COMMANDS, *dashboard.COMMANDS]
    private = ["ask", *quiz.COMMANDS, *shared, *account.COMMANDS, *channel.COMMANDS, *PAGES, "start"]
    assert menus == {
        "all_private_chats": private,
        "all_group_chats": ["ask", *group.COMMANDS, *shared, *PAGES],
    }
    about = shown(tutor.page("about"))
    assert standin.made("setMyDescription")[0].params["description"].split("\n")[0] in about
    assert standin.made("setMyShortDescription")[0].params["short_description"].rstrip("…") in about


def test_only_updates_that_we_handle_are_asked_for(standin: StandIn) -> None:
    """What was never asked for need not be fetched, parsed and dropped."""
    allowed = json.loads(standin.made("getUpdates")[-1].params["allowed_updates"])
    assert allowed == [
        "message",
        "edited_message",
        "callback_query",
        "poll_answer",
        "poll",
        "my_chat_member",
        "inline_query",
    ]
