"""The dashboard end to end: pictures whose buttons put others in their place, and the page that the bot serves."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from semax_bot.telegram.dashboard import ELSEWHERE, MINE, NOTHING_YET, START
from semax_bot.tutor.dashboard import NO_CHART
from standin.chats import BOT, Message
from standin.learner import Learner
from standin.people import Talk, buttons, links
from standin.process import BotProcess
from standin.server import TOKEN, StandIn
from web.serving import launch

PAGE = "https://tutor.example.org/"
TURNOVER, CURVE, HAMD = (f"06/chart/{name}" for name in ("turnover", "curve", "hamd"))


@pytest.fixture(scope="module")
def port() -> int:
    """A port on which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="module", autouse=True)
def bot(start_bot: Callable[..., BotProcess], port: int) -> BotProcess:
    """A bot with its page, which several tests talk to."""
    return start_bot(SEMAX_BOT_WEB_URL=PAGE.rstrip("/"), SEMAX_BOT_WEB_LISTEN=f"127.0.0.1:{port}").ready()


@pytest.fixture
def alice(standin: StandIn) -> Iterator[Learner]:
    """Somebody new; nothing may be left over when she goes."""
    talk = Learner.private(standin)
    yield talk
    assert talk.unheard() == []


def opened(card: Message) -> list[str]:
    """The pages that a card's buttons open inside Telegram."""
    rows = card.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["web_app"]["url"] for row in rows for button in row if "web_app" in button]


def shows(standin: StandIn, picture: Message, words: str) -> None:
    """Wait until a picture's caption begins with these words."""
    standin.wait(lambda: words in picture["caption"].splitlines()[0])


def test_one_picture_is_leafed_through(standin: StandIn, alice: Learner) -> None:
    """A tap puts picture, caption and buttons in the place of the old ones; Telegram's names are used ever after."""
    shown = alice.asks("/dashboard")
    first = dict(shown)
    assert shown["caption"].startswith("Turnover, region by region")
    assert "contradicted" in shown["caption"]
    assert standin.chats.files[shown["photo"][0]["file_id"]].startswith(b"\x89PNG")
    assert opened(shown) == [PAGE]
    for name, words in ((HAMD, "HAM-D"), (TURNOVER, "Turnover")):
        alice.taps(shown, f"chart:{name}")
        shows(standin, shown, words)
        assert f"chart:{name}" not in buttons(shown)
    assert {name: shown[name] for name in ("photo", "caption", "reply_markup")} == {
        name: first[name] for name in ("photo", "caption", "reply_markup")
    }
    uploads = len(standin.chats.files)
    bob = Learner.private(standin)
    assert bob.asks("/dashboard")["photo"] == first["photo"]
    assert len(standin.chats.files) == uploads


@pytest.mark.parametrize(
    "asked", ["/chart norepinephrine", "/chart norepinefrine", f"/chart@{BOT['username']} inverted U"]
)
def test_a_chart_by_its_name(alice: Learner, asked: str) -> None:
    """Slips and other names find it too."""
    assert alice.asks(asked)["caption"].startswith("The inverted U")


def test_words_that_mean_no_chart_bring_all_of_them(standin: StandIn, alice: Learner) -> None:
    """Each is one tap away, and comes below the list."""
    offer = alice.asks("/chart the weather <b>")
    assert offer["text"] == NO_CHART
    assert len(buttons(offer)) == 5
    alice.taps(offer, f"chart:{HAMD}")
    assert alice.hears()["caption"].startswith("HAM-D")
    assert standin.chats.messages[alice.id][offer["message_id"]]["text"] == NO_CHART


def test_a_card_of_a_figure_shows_its_chart(standin: StandIn, alice: Learner) -> None:
    """'Show me' brings the picture, whose own buttons lead back to cards, in messages of their own."""
    card = alice.asks("how much does norepinephrine turnover rise?")
    alice.taps(card, next(data for data in buttons(card) if data.startswith("chart:")))
    picture = alice.hears()
    alice.taps(picture, next(data for data in buttons(picture) if data.startswith("card:")))
    assert "Evidence:" in alice.hears()["text"]
    assert "photo" in standin.chats.messages[alice.id][picture["message_id"]]


def test_an_old_button_says_so(alice: Learner) -> None:
    """A chart that the course no longer has is no fault of the learner's."""
    shown = alice.asks("/dashboard")
    assert "older version" in alice.alerts(alice.taps(shown, "chart:06/chart/gone"))["text"]


def test_ones_own_progress_is_one_of_the_pictures(standin: StandIn, alice: Learner) -> None:
    """Once there is something to draw."""
    shown = alice.asks("/dashboard")
    assert alice.alerts(alice.taps(shown, f"chart:{MINE}"))["text"] == NOTHING_YET
    alice.answers(alice.starts("/quiz 1"))
    alice.ended()
    alice.taps(shown, f"chart:{MINE}")
    shows(standin, shown, "Your progress")
    assert f"chart:{TURNOVER}" in buttons(shown)


def test_a_group_gets_the_way_to_the_private_chat(standin: StandIn, alice: Learner) -> None:
    """There a page cannot be opened and nobody's progress is shown; the link leads to where both work."""
    group = Talk.group(standin)
    shown = group.asks("/dashboard")
    assert opened(shown) == []
    assert links(shown) == [f"https://t.me/{BOT['username']}?start={START}"]
    assert f"chart:{MINE}" not in buttons(shown)
    forged = Learner(standin, group.chat, group.member)
    assert forged.alerts(forged.taps(shown, f"chart:{MINE}"))["text"] == ELSEWHERE
    assert opened(alice.asks(f"/start {START}")) == [PAGE]


def test_the_menu_button_opens_the_page(standin: StandIn) -> None:
    """In every private chat, beside the text field."""
    standin.wait(lambda: standin.made("setChatMenuButton"))
    (call,) = standin.made("setChatMenuButton")
    assert "chat_id" not in call.params
    assert f'"url": "{PAGE}"' in call.params["menu_button"]


def test_the_page_knows_who_opens_it(alice: Learner, port: int) -> None:
    """It is served by the bot itself, and shows the progress of whom Telegram's signature names."""
    alice.answers(alice.starts("/quiz 1"))
    alice.ended()
    with urlopen(f"http://127.0.0.1:{port}/", timeout=30) as response:
        assert b"Turnover, region by region" in response.read()
    proof = launch(alice.id, datetime.now(UTC), TOKEN)
    asked = Request(f"http://127.0.0.1:{port}/api/progress", headers={"Authorization": f"tma {proof}"})
    with urlopen(asked, timeout=30) as response:
        assert "1 answer" in json.loads(response.read())["html"]


def test_a_place_that_is_taken_ends_the_start(standin: StandIn, tmp_path: Path, bot: BotProcess, port: int) -> None:
    """One line says what to do; the bot beside it serves on."""
    other = BotProcess(standin, tmp_path, SEMAX_BOT_WEB_URL=PAGE, SEMAX_BOT_WEB_LISTEN=f"127.0.0.1:{port}")
    assert other.exit_code(30) == 2
    assert f"The page cannot be served on 127.0.0.1, port {port}" in other.output.splitlines()[-1]
    assert "Traceback" not in other.output
    assert bot.alive
