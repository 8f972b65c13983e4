"""A learner's own account on Telegram: what is sent, as picture, file or text, and what is done with a tap."""

import asyncio
import json
from typing import Any, cast

import pytest
from structlog.testing import capture_logs
from telegram import Bot
from telegram.constants import MessageLimit

import virtual_time
from clock import START
from semax_bot.quiz.anki import notes
from semax_bot.reply import Reply, Text
from semax_bot.telegram.account import COMMANDS, ELSEWHERE, EXPORTS, KEPT
from semax_bot.telegram.deliver import Room
from semax_bot.telegram.pictures import Uploading
from semax_bot.tutor.accounts import GONE, Accounts
from telegram_alone import ANNA, GROUP, Anna


async def test_progress_is_drawn_once_and_sent_by_its_file_id_then(anna: Anna) -> None:
    """The page stands below the picture, with its buttons; the same picture is neither drawn nor uploaded twice."""
    await anna.answers()
    await anna.says("/progress")
    await anna.says("/progress")
    first, again = anna.telegram.made("sendPhoto")
    assert first["photo"][1] == b"\x89PNG"
    assert again["photo"] == "large"
    assert anna.charts.drawn == 1
    for sent in (first, again):
        assert "1 of " in sent["caption"]
        assert sent["reply_markup"]["inline_keyboard"][-1][0]["callback_data"] == "quiz:"
    assert anna.telegram.made("sendMessage") == []


async def test_a_picture_that_telegram_has_lost_is_drawn_anew(anna: Anna) -> None:
    """File ids may end; the learner still gets the picture, and the newer id is kept."""
    await anna.answers()
    await anna.says("/progress")
    anna.telegram.refusals.append(("sendPhoto", "Bad Request: wrong file identifier/HTTP URL specified"))
    await anna.says("/progress")
    await anna.says("/progress")
    assert [isinstance(sent["photo"], str) for sent in anna.telegram.made("sendPhoto")] == [False, True, False, True]
    assert anna.charts.drawn == 2


async def test_progress_without_a_picture_is_text(anna: Anna) -> None:
    """If nothing can be drawn the learner reads the same in words, and the operator why."""
    await anna.answers()
    anna.charts.broken = True
    with capture_logs() as lines:
        await anna.says("/progress")
    (sent,) = anna.telegram.made("sendMessage")
    assert "1 of " in sent["text"]
    assert [line["fault"] for line in lines if line["log_level"] == "error"] == [
        "The picture could not be drawn: no paint"
    ]


async def test_who_has_answered_nothing_gets_a_line_and_no_picture(anna: Anna) -> None:
    """An empty chart teaches nothing."""
    await anna.says("/progress")
    assert "Nothing here yet" in anna.telegram.made("sendMessage")[0]["text"]
    assert anna.charts.drawn == 0


async def test_a_page_too_long_for_a_caption_follows_its_picture(anna: Anna, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram refuses longer captions; a long course must not cost anyone their progress."""
    page = Reply("answer", (Text("x" * (MessageLimit.CAPTION_LENGTH + 1)),))

    async def progress(*_: object) -> tuple[Reply, dict[str, Any]]:
        return page, {}

    monkeypatch.setattr(Accounts, "progress", progress)
    await anna.says("/progress")
    assert [name for name, _ in anna.telegram.calls[1:]] == ["sendPhoto", "sendMessage"]
    assert "caption" not in anna.telegram.made("sendPhoto")[0]


async def test_settings_change_in_place(anna: Anna) -> None:
    """A tap edits the message that it was made in; words set the time zone."""
    await anna.says("/settings")
    assert "Questions per quiz: <b>5</b>" in anna.telegram.made("sendMessage")[0]["text"]
    await anna.taps("set:items:10")
    (edit,) = anna.telegram.made("editMessageText")
    assert (edit["message_id"], "Questions per quiz: <b>10</b>" in edit["text"]) == (70, True)
    await anna.says("/settings  new   york")
    assert "New York · 04:00" in anna.telegram.made("sendMessage")[1]["text"]
    assert len(anna.telegram.made("answerCallbackQuery")) == 1


@pytest.mark.parametrize("data", ["set:", "set:items:99", "set:zone:Etc/GMT-2", "set:paused:yes"])
async def test_an_old_settings_button_is_answered_politely(anna: Anna, data: str) -> None:
    """It neither spins, nor crashes, nor changes anything."""
    await anna.taps(data)
    assert [given["text"] for given in anna.telegram.made("answerCallbackQuery")] == [GONE]
    assert anna.telegram.made("editMessageText") == []


async def test_the_export_is_a_json_file(anna: Anna) -> None:
    """All that is stored, as one document that any program reads."""
    await anna.answers()
    await anna.says("/export")
    (sent,) = anna.telegram.made("sendDocument")
    name, content, _ = sent["document"]
    assert name.endswith(".json")
    stored = json.loads(content)
    assert stored["made_at"] == START.isoformat()
    assert (stored["learner"][0]["handle"], len(stored["attempt"]), len(stored["asked"])) == ("5", 1, 2)


async def test_anki_gets_a_file_of_its_own(anna: Anna) -> None:
    """And who asks for anything else hears what there is."""
    await anna.says("/export Anki")
    name, content, _ = anna.telegram.made("sendDocument")[0]["document"]
    assert (name, content.decode()) == ("semax-bot-anki.txt", notes(anna.tutor.course))
    await anna.says("/export everything")
    assert anna.telegram.made("sendMessage")[0]["text"] == EXPORTS


async def test_forgetting_asks_first(anna: Anna) -> None:
    """A slip of the thumb deletes nothing."""
    await anna.answers()
    await anna.says("/forget")
    ((yes, no),) = anna.telegram.made("sendMessage")[0]["reply_markup"]["inline_keyboard"]
    assert (yes["callback_data"], no["callback_data"]) == ("forget:yes", "forget:no")
    await anna.taps("forget:no")
    assert anna.telegram.made("editMessageText")[0]["text"] == KEPT
    assert len((await anna.tutor.accounts.export(ANNA, ["5"]))["attempt"]) == 1


@pytest.mark.parametrize("refusal", [None, "Bad Request: poll has already been closed"])
async def test_forgetting_in_mid_round_closes_its_question_and_deletes_everything(
    anna: Anna, refusal: str | None
) -> None:
    """No poll is left that takes an answer for nothing, and what cannot be closed holds nothing up."""
    poll = await anna.answers()
    if refusal:
        anna.telegram.refusals.append(("stopPoll", refusal))
    await anna.says("/forget")
    await anna.taps("forget:yes")
    assert [given["message_id"] for given in anna.telegram.made("stopPoll")] == [42]
    assert "deleted" in anna.telegram.made("editMessageText")[0]["text"]
    stored = await anna.tutor.accounts.export(ANNA, ["5"])
    assert not [rows for rows in stored.values() if isinstance(rows, list) and rows]
    assert await anna.tutor.rounds.grade(ANNA, "5", poll, [0]) is None
    await anna.taps("forget:yes")
    assert len(anna.telegram.made("editMessageText")) == 2


async def test_in_a_group_one_line_says_where_these_commands_work(anna: Anna) -> None:
    """Nobody's progress is read out to others, and a forged tap there changes nothing."""
    await anna.answers()
    for name in COMMANDS:
        await anna.says(f"/{name}", GROUP)
    assert [given["text"] for given in anna.telegram.made("sendMessage")] == [ELSEWHERE] * len(COMMANDS)
    for data in ("set:items:10", "forget:yes"):
        await anna.taps(data, GROUP)
    assert [given["text"] for given in anna.telegram.made("answerCallbackQuery")] == [ELSEWHERE] * 2
    assert len((await anna.tutor.accounts.export(ANNA, ["5"]))["attempt"]) == 1


@pytest.mark.parametrize(("seconds", "shown"), [(0.4, []), (3.0, ["upload_photo"])])
def test_while_a_picture_is_drawn_the_chat_says_so(seconds: float, shown: list[str]) -> None:
    """Two seconds of silence would look like a dead bot."""
    seen: list[str] = []

    class FakeBot:
        async def send_chat_action(self, _: int, action: str, **__: Any) -> None:
            seen.append(action)

    async def scene() -> None:
        with Uploading(cast(Bot, FakeBot()), Room(5, None)):
            await asyncio.sleep(seconds)

    virtual_time.run(scene())
    assert seen == shown
