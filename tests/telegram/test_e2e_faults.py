"""When Telegram or the network fails: each fault is one log line, touches its own chat only, and never ends the bot."""

import pytest

from standin.chats import Refusal
from standin.people import Talk
from standin.process import BotProcess
from standin.server import DROP, StandIn, too_many

QUESTION = "what is DOPAC?"
CLOSED = [
    Refusal(403, "Forbidden: bot was blocked by the user"),
    Refusal(403, "Forbidden: user is deactivated"),
    Refusal(400, "Bad Request: chat not found"),
    Refusal(400, "Bad Request: not enough rights to send text messages to the chat"),
    Refusal(400, "Bad Request: TOPIC_CLOSED"),
]


def test_too_many_requests_hold_only_their_chat(standin: StandIn, bot: BotProcess) -> None:
    """One flooded group must not make everybody else wait."""
    busy, calm = Talk.private(standin), Talk.private(standin)
    standin.fail("sendMessage", too_many(1), busy.id)
    busy.says(QUESTION)
    standin.wait(lambda: standin.made("sendMessage", busy.id))
    assert "DOPAC" in calm.asks(QUESTION)["text"]
    assert busy.unheard() == []
    assert "DOPAC" in busy.hears()["text"]
    first, second = standin.made("sendMessage", busy.id)
    assert second.at - first.at >= 1


@pytest.mark.parametrize("fault", [Refusal(500, "Internal Server Error"), Refusal(502, "Bad Gateway"), DROP], ids=str)
def test_an_answer_is_sent_again_after_a_fault(standin: StandIn, bot: BotProcess, fault: Refusal) -> None:
    """A hiccup between us and Telegram must not cost the learner the answer."""
    alice = Talk.private(standin)
    standin.fail("sendMessage", fault, alice.id)
    assert "DOPAC" in alice.asks(QUESTION)["text"]


def test_an_answer_is_sent_again_even_if_it_may_have_arrived(standin: StandIn, bot: BotProcess) -> None:
    """Twice is a nuisance, never is a failure."""
    alice = Talk.private(standin)
    standin.fail("sendMessage", DROP, alice.id, done=True)
    assert alice.asks(QUESTION)["text"] == alice.hears()["text"]


@pytest.mark.parametrize(
    "fault", [Refusal(500, "Internal Server Error"), Refusal(401, "Unauthorized"), DROP, too_many(1)], ids=str
)
def test_polling_survives(standin: StandIn, bot: BotProcess, fault: Refusal) -> None:
    """The poll is the bot's ear: whatever happens to one, there is a next one, and one line says what happened."""
    before = bot.output.count("updates not fetched")
    polls = len(standin.made("getUpdates"))
    standin.fail("getUpdates", fault)
    alice = Talk.private(standin)
    assert "DOPAC" in alice.asks(QUESTION)["text"]  # wakes the poll that waits; the next one meets the fault
    standin.wait(lambda: len(standin.made("getUpdates")) >= polls + 2)
    assert "DOPAC" in alice.asks(QUESTION)["text"]
    assert bot.output.count("updates not fetched") == before + 1


@pytest.mark.parametrize("refusal", CLOSED, ids=str)
def test_a_chat_that_is_closed_to_us_is_one_log_line(standin: StandIn, bot: BotProcess, refusal: Refusal) -> None:
    """People block bots and admins mute them; that is their right and no reason for noise, apologies or retries."""
    alice, bob = Talk.private(standin), Talk.private(standin)
    before = bot.output.count("not delivered")
    standin.fail("sendMessage", refusal, alice.id)
    alice.says(QUESTION)
    standin.wait(lambda: bot.output.count("not delivered") > before)
    assert "DOPAC" in bob.asks(QUESTION)["text"]
    assert len(standin.made("sendMessage", alice.id)) == 1
    assert bot.output.count("not delivered") == before + 1


def test_a_group_that_became_a_supergroup_gets_its_answer_there(standin: StandIn, bot: BotProcess) -> None:
    """The old id is dead from that moment; Telegram names the new one in the refusal."""
    old, new = Talk.group(standin), Talk.group(standin)
    new.posts(migrate_from_chat_id=old.id)
    moved = Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": new.id})
    standin.fail("sendMessage", moved, old.id)
    old.says(f"/ask {QUESTION}")
    assert "DOPAC" in new.hears()["text"]


def test_an_update_that_cannot_be_read_is_passed_by(standin: StandIn, bot: BotProcess) -> None:
    """A newer Telegram may send what our library cannot parse; asking for it forever would silence the bot."""
    alice = Talk.private(standin)
    standin.push("message", {"message_id": 1, "chat": alice.chat}, checked=False)
    assert "DOPAC" in alice.asks(QUESTION)["text"]
    assert bot.output.count("update unreadable, passed by") == 1


def test_chats_are_answered_in_parallel(standin: StandIn, bot: BotProcess) -> None:
    """While Telegram is slow to take one chat's answer, all others get theirs."""
    slow, quick = Talk.private(standin), Talk.private(standin)
    release = standin.hold("sendMessage", slow.id)
    slow.says(QUESTION)
    standin.wait(lambda: standin.made("sendMessage", slow.id))
    assert "DOPAC" in quick.asks(QUESTION)["text"]
    assert slow.unheard() == []
    release()
    assert "DOPAC" in slow.hears()["text"]


def test_a_chats_messages_are_answered_in_order(standin: StandIn, bot: BotProcess) -> None:
    """A follow-up may not overtake the question that it follows."""
    alice = Talk.private(standin)
    release = standin.hold("sendMessage", alice.id)
    alice.says("what is HVA?")
    alice.says(QUESTION)
    standin.wait(lambda: standin.made("sendMessage", alice.id))
    release()
    assert "HVA" in alice.hears()["text"]
    assert "DOPAC" in alice.hears()["text"]


def test_nothing_that_people_write_is_logged(standin: StandIn, bot: BotProcess) -> None:
    """What learners ask is theirs; a log is read by others."""
    alice = Talk.private(standin)
    standin.fail("sendMessage", Refusal(400, "Bad Request: chat not found"), alice.id)
    alice.says("my xylophone secret")
    alice.asks(QUESTION)
    assert "xylophone" not in bot.output
