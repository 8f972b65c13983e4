"""The stand-in's polls and files: what it notices, what it refuses, and that bytes arrive as they were sent."""

import json
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest

from standin import known, polls
from standin.chats import Chats, Refusal
from standin.people import Talk
from standin.server import TOKEN, StandIn

OPTIONS = [{"text": "Dopamine"}, {"text": "Serotonin"}]
POLL = {
    "chat_id": "1",
    "question": "Which one?",
    "options": json.dumps(OPTIONS),
    "is_anonymous": "false",
    "type": "quiz",
    "correct_option_ids": "[1]",
    "explanation": "It is\nso\nsimple",
}
WRONG = [
    {"question": ""},
    {"question": "x" * 301},
    {"options": json.dumps(OPTIONS[:1])},
    {"options": json.dumps(OPTIONS * 7)},
    {"options": json.dumps([*OPTIONS, {"text": "x" * 101}])},
    {"options": json.dumps([*OPTIONS, {"text": ""}])},
    {"explanation": "x" * 201},
    {"explanation": "a\nb\nc\nd"},
    {"description": "x" * 1025},
    {"correct_option_ids": "[]"},
    {"correct_option_ids": "[2]"},
    {"correct_option_ids": "[1, 0]", "allows_multiple_answers": "true"},
    {"correct_option_ids": "[0, 1]"},
    {"shuffle_options": "true"},
    {"allows_revoting": "true"},
]
BYTES = b"\x89PNG\r\n\x1a\n\r\n--\x00\r\n"


@pytest.fixture
def server() -> Iterator[StandIn]:
    """A stand-in of its own, as what is wrong here must fail nothing else."""
    standin = StandIn()
    yield standin
    standin.close()


@pytest.mark.parametrize("change", WRONG, ids=lambda change: json.dumps(change)[:30])
def test_a_wrong_poll_is_noticed(change: dict[str, str]) -> None:
    """A quiz that Telegram would refuse, or that would not be ours to order, must fail our tests."""
    assert list(known.request("sendPoll", POLL)) == []
    assert list(known.request("sendPoll", POLL | change))


def test_votes_move_the_counts_that_stopping_returns() -> None:
    """A poll whose update was lost is read by its counts, so these must be what was voted, and final."""
    chats = Chats()
    chats.add({"id": 1, "type": "private"}, {"from": {"id": 1}})
    chats.perform("sendPoll", POLL)
    (message,) = chats.ours(1)
    polls.count(message["poll"], [1])
    stopped = {"chat_id": "1", "message_id": str(message["message_id"])}
    poll = chats.perform("stopPoll", stopped)
    assert list(known.answer("stopPoll", poll)) == []
    assert [option["voter_count"] for option in message["poll"]["options"]] == [0, 1]
    with pytest.raises(Refusal, match="already been closed"):
        chats.perform("stopPoll", stopped)
    with pytest.raises(ValueError, match="closed"):
        polls.count(message["poll"], [0])


def test_a_file_arrives_byte_by_byte_and_can_be_sent_again_by_its_id(server: StandIn) -> None:
    """Pictures are uploaded once; a wrong id is refused as Telegram does."""
    alice = Talk.private(server)
    alice.says("/progress")
    form = b'--X\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n%d\r\n' % alice.id
    form += b'--X\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n' + BYTES + b"\r\n--X--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=X"}
    with urlopen(Request(f"{server.url}/bot{TOKEN}/sendPhoto", form, kind)) as answer:
        file_id = json.load(answer)["result"]["photo"][0]["file_id"]
    assert server.chats.files[file_id] == BYTES
    assert server.violations == []
    server.chats.perform("sendPhoto", {"chat_id": str(alice.id), "photo": file_id})
    with pytest.raises(Refusal, match="wrong file identifier"):
        server.chats.perform("sendPhoto", {"chat_id": str(alice.id), "photo": "another"})
