"""Channels end to end: set up from either side, served for days by a clock that is moved, and taken away again."""

from datetime import UTC, datetime, timedelta

import pytest

from clock import START
from running import Running
from semax_bot.telegram.channel import CHOSEN, ELSEWHERE, NONE_YET, NOT_LET_IN, NOT_YOURS, YOURS
from standin.channels import Channel
from standin.chats import BOT, Message
from standin.learner import Learner
from standin.people import Talk, buttons, links
from standin.server import StandIn

DAY = timedelta(days=1)


@pytest.fixture
def olga(standin: StandIn, running: Running) -> Learner:
    """Somebody who has a channel, and has started the bot."""
    talk = Learner.private(standin)
    talk.asks("/start")
    return talk


@pytest.fixture
def channel(standin: StandIn, olga: Learner) -> Channel:
    """Her channel, in which the bot is not yet."""
    return Channel(standin, olga, -1_002_000_000_000 - olga.id)


def post(channel: Channel, number: int) -> Message:
    """The bot's post of this number, once it stands."""
    channel.standin.wait(lambda: len(channel.posts()) > number)
    return channel.posts()[number]


def taps(talk: Talk, page: Message, label: str) -> str:
    """Tap the button whose action begins like this; returns the tap."""
    return talk.taps(page, next(data for data in buttons(page) if data.startswith(label)))


def arranges(talk: Talk, channel: Channel, page: Message, kind: str, clock: str = "1200") -> None:
    """Choose a time for a kind of post."""
    taps(talk, page, f"ch:when:{kind}")
    talk.standin.wait(lambda: f"ch:at:{kind}:{clock}:{channel.id}" in buttons(page))
    taps(talk, page, f"ch:at:{kind}:{clock}")
    talk.standin.wait(lambda: f"ch:when:{kind}:{channel.id}" in buttons(page))


def let_in(channel: Channel, olga: Learner) -> Message:
    """Let the bot in; returns the page that its administrator gets in private."""
    channel.lets_in()
    return olga.hears()


def test_the_cycle_of_three_days(channel: Channel, olga: Learner, running: Running) -> None:
    """A quiz each day, the result on the next: from stopPoll, and where somebody stopped the poll, from its update."""
    page = let_in(channel, olga)
    assert "Brain facts" in page["text"]
    arranges(olga, channel, page, "question")
    assert "every day at 12:00" in page["text"]
    assert channel.posts() == []
    noon = START + timedelta(hours=3)
    running.at(noon)
    first = post(channel, 0)
    assert first["poll"]["is_anonymous"]
    (right,) = first["poll"]["correct_option_ids"]
    options = len(first["poll"]["options"])
    channel.readers_vote(first, *(3 if place == right else 1 for place in range(options)))
    running.at(noon + DAY - timedelta(minutes=1))
    result = post(channel, 1)
    running.at(noon + DAY)
    second = post(channel, 2)
    total = 3 + options - 1
    assert f"{total} people answered, {300 / total:.0f}% of them right." in result["text"]
    assert "Evidence:" in result["text"]
    assert buttons(result) == []
    assert "?start=06-" in links(result)[0]
    assert first["poll"]["is_closed"]
    (right,) = second["poll"]["correct_option_ids"]
    channel.readers_vote(second, *(int(place == right) for place in range(len(second["poll"]["options"]))))
    channel.closes(second)
    olga.asks("/help")  # by then the news of the poll is stored too
    running.at(noon + 2 * DAY - timedelta(minutes=1))
    assert "1 person answered, and was right." in post(channel, 3)["text"]
    running.at(noon + 2 * DAY)
    assert post(channel, 4)["poll"]["question"] not in (first["poll"]["question"], second["poll"]["question"])


def test_term_of_the_day_and_figure_of_the_week(channel: Channel, olga: Learner, running: Running) -> None:
    """Another term each day; a figure once a week, with its chart where it has one, and never without its caveats."""
    page = let_in(channel, olga)
    arranges(olga, channel, page, "term")
    arranges(olga, channel, page, "figure", "0900")
    assert "on Monday at 09:00" in page["text"]
    texts = []
    for day in range(3):
        running.at(START + timedelta(hours=3) + day * DAY)
        texts.append(post(channel, day)["text"])
    assert len(set(texts)) == 3
    assert all("Evidence:" in text for text in texts)
    before = len(channel.posts())
    running.at(START + 7 * DAY + timedelta(minutes=1))
    channel.standin.wait(lambda: len(channel.posts()) > before, timeout=40)  # a picture may be drawn first
    (shown,) = channel.posts()[before:]
    assert "⚠️" in shown["caption"]
    assert "photo" in shown


def test_set_up_from_a_private_chat(channel: Channel, olga: Learner) -> None:
    """/channel offers a link and Telegram's own list; what is chosen there is kept, and listed from then on."""
    offer = olga.asks("/channel")
    assert offer["text"] == NONE_YET
    assert links(offer) == [f"https://t.me/{BOT['username']}?startchannel&admin=post_messages"]
    olga.hears()
    channel.ranks(BOT, "administrator", can_post_messages=True)
    olga.posts(chat_shared={"request_id": 1, "chat_id": channel.id, "title": "Brain <b>facts</b>"})
    assert olga.hears()["text"] == CHOSEN
    assert "Brain <b>facts</b>" in olga.hears()["text"]
    listed = olga.asks("/channel")
    assert listed["text"] == YOURS
    assert f"ch:open:{channel.id}" in buttons(listed)
    olga.hears()


def test_who_may_not_post_there_may_not_set_it_up(channel: Channel, olga: Learner, standin: StandIn) -> None:
    """Telegram is asked each time: about the person, and about us."""
    shared = {"request_id": 1, "chat_id": channel.id, "title": "Brain facts"}
    olga.posts(chat_shared=shared)
    assert olga.hears()["text"] == NOT_LET_IN
    page = let_in(channel, olga)
    channel.ranks(olga.member, "administrator")
    assert olga.alerts(taps(olga, page, "ch:when:question"))["text"] == NOT_YOURS
    assert olga.alerts(taps(olga, page, "ch:when:question"))["text"] == NOT_YOURS
    stranger = Learner.private(standin)
    stranger.asks("/start")
    assert stranger.alerts(stranger.taps(page, f"ch:off:all:{channel.id}"))["text"] == NOT_YOURS
    stranger.posts(chat_shared=shared)
    assert stranger.hears()["text"] == NOT_YOURS


def test_out_and_in_again(channel: Channel, olga: Learner, running: Running) -> None:
    """Without the right to post nothing is sent; with it, what was arranged goes on."""
    page = let_in(channel, olga)
    arranges(olga, channel, page, "term")
    channel.lets_in("administrator", can_edit_messages=True)
    olga.asks("/help")
    running.has_looked(START + timedelta(hours=4))
    assert channel.posts() == []
    let_in(channel, olga)
    running.at(START + timedelta(hours=4) + DAY)
    assert "Evidence:" in post(channel, 0)["text"]


def test_who_has_not_started_us_is_not_told(channel: Channel, standin: StandIn, olga: Learner) -> None:
    """The bot cannot write to them, and the channel is no place for it."""
    ivan = {"id": 77, "is_bot": False, "first_name": "Ivan"}
    channel.lets_in(by=ivan)
    olga.asks("/help")
    assert channel.posts() == []
    assert olga.unheard() == []


@pytest.mark.parametrize("wish", ["ch:at:question:0815:{}", "ch:when:novel:{}", "ch:", "ch:off:{}", "ch:at:x:y:z:{}"])
def test_forged_buttons_change_nothing(channel: Channel, olga: Learner, wish: str) -> None:
    """An answer all the same, so that no button spins for ever."""
    page = let_in(channel, olga)
    assert olga.alerts(olga.taps(page, wish.format(channel.id)))["text"]
    assert "every day" not in page["text"]


def test_in_a_group_it_says_where(standin: StandIn, running: Running) -> None:
    """A channel is set up between two."""
    assert Talk.group(standin).asks("/channel")["text"] == ELSEWHERE


def test_times_go_by_the_administrators_zone(channel: Channel, olga: Learner, running: Running) -> None:
    """Noon is noon where the administrator lives."""
    olga.asks("/settings Tokyo")
    page = let_in(channel, olga)
    assert "Tokyo" in page["text"]
    arranges(olga, channel, page, "term")
    running.at(datetime(2026, 11, 24, 3, tzinfo=UTC))
    assert "Evidence:" in post(channel, 0)["text"]
