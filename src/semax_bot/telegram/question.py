"""A question as a native quiz poll, and the buttons below it."""

from collections.abc import Sequence

import structlog
from telegram import Bot, InputPollOption, Message, Poll
from telegram.error import TelegramError

from semax_bot.quiz.values import Question
from semax_bot.reply import Button
from semax_bot.telegram.deliver import Room
from semax_bot.telegram.faults import reason
from semax_bot.telegram.limiter import Lane, through
from semax_bot.telegram.render import markup

log = structlog.get_logger(__name__)


async def ask(  # noqa: PLR0913, PLR0917 - where, what, and how a poll may differ
    bot: Bot,
    room: Room,
    question: Question,
    buttons: Sequence[Sequence[Button]] = (),
    seconds: int | None = None,
    anonymous: bool = False,
    lane: Lane | None = None,
) -> Message:
    """Put a question; with `seconds` (5 to 600, Telegram's limit) the poll closes by itself."""
    return await bot.send_poll(
        room.chat,
        question.text,
        [InputPollOption(option, text_parse_mode=None) for option in question.options],
        is_anonymous=anonymous,
        type=Poll.QUIZ,
        allows_multiple_answers=question.several,
        correct_option_ids=question.right,  # type: ignore[arg-type]  # the library lists the numbers one by one
        explanation=question.explanation,
        explanation_parse_mode=None,
        question_parse_mode=None,
        description=question.context or None,
        description_parse_mode=None,
        open_period=seconds,
        message_thread_id=room.topic,
        reply_markup=markup(buttons),
        **through(lane),
    )


def prompt_buttons(asked: int) -> list[Button]:
    """What stands under a question that nobody asked for just now."""
    return [Button("Later", f"later:when:{asked}"), Button("Stop", f"later:stop:{asked}")]


async def mark(bot: Bot, room: Room, message: int, buttons: Sequence[Sequence[Button]]) -> None:
    """Put other buttons under a poll. It may be gone, or have them already, which harms nobody."""
    try:
        await bot.edit_message_reply_markup(room.chat, message, reply_markup=markup(buttons))
    except TelegramError as fault:
        log.debug("buttons not changed", fault=reason(fault))
