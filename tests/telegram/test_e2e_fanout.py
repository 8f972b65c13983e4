"""Many prompts at once: each chat gets one, whatever dies meanwhile, and however many processes share the work."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from postgres import Cluster
from semax_bot.clock import AT_ONCE
from standin.people import Talk
from standin.process import BotProcess
from standin.records import rows
from standin.server import StandIn
from telegram_due import subscribe, talk

CHATS = 150


def polls(standin: StandIn, talks: list[Talk]) -> Counter[int]:
    """How many questions stand in each chat."""
    return Counter({one.id: sum("poll" in message for message in standin.chats.ours(one.id)) for one in talks})


def test_a_restart_in_the_middle_sends_nothing_twice(
    standin: StandIn, start_bot: Callable[..., BotProcess], tmp_path: Path
) -> None:
    """Killed while calls are in flight: no chat gets two, and no more miss theirs than calls were in flight."""
    talks = [talk(standin) for _ in range(CHATS)]
    subscribe(tmp_path, talks)
    bot = start_bot(tmp_path, SEMAX_BOT_MAX_RATE="0")
    standin.wait(lambda: len(standin.made("sendPoll")) > CHATS // 3, timeout=30)
    bot.kill()
    before = polls(standin, talks).total()
    assert before < CHATS
    second = start_bot(tmp_path, SEMAX_BOT_MAX_RATE="0").ready()
    standin.wait(lambda: len(rows(tmp_path, "SELECT 1 FROM delivery")) == CHATS, timeout=90)  # the leases run out
    assert second.stop() == 0  # and all that it began is sent
    unknown = len(rows(tmp_path, "SELECT 1 FROM delivery WHERE state = 'sending'"))
    counts = polls(standin, talks)
    assert max(counts.values()) == 1
    assert CHATS - counts.total() <= unknown <= AT_ONCE


def test_two_processes_on_one_database_never_send_twice(
    standin: StandIn, cluster: Cluster, migrated: str, tmp_path: Path
) -> None:
    """Two replicas share the work; each chat gets its question from one of them."""
    url = cluster.url(cluster.create(migrated))
    talks = [talk(standin) for _ in range(CHATS)]
    (tmp_path / "data").mkdir()
    bots = []
    for name in ("one", "two"):
        (folder := tmp_path / name).mkdir()
        bots.append(BotProcess(standin, folder, SEMAX_BOT_MAX_RATE="0", SEMAX_BOT_DATABASE_URL=url))
    try:
        standin.wait(lambda: all("connected" in bot.output for bot in bots), timeout=30)
        subscribe(tmp_path, talks, url)
        standin.wait(lambda: polls(standin, talks).total() >= CHATS, timeout=60)
    finally:
        ends = [bot.stop() for bot in bots]
    assert ends == [0, 0]
    assert set(polls(standin, talks).values()) == {1}
