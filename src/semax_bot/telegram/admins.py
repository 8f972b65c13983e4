"""Who in a group may decide for all: its creator, its administrators, and those of them who stay anonymous."""

import structlog
from telegram import Bot, Chat, ChatMember, Update
from telegram.error import BadRequest, Forbidden, TelegramError

from semax_bot.telegram.deliver import who
from semax_bot.telegram.faults import NoAnswer, reason
from semax_bot.tutor import Who

log = structlog.get_logger(__name__)


def is_anonymous(update: Update) -> bool:
    """Whether an administrator speaks in the group's own name."""
    message = update.message or update.edited_message
    return message is not None and message.sender_chat is not None and message.sender_chat.id == message.chat_id


def who_speaks(update: Update) -> Who | None:
    """The person from whom an update comes; None for an administrator who stays anonymous."""
    return None if is_anonymous(update) else who(update)


async def place_of(bot: Bot, chat: int | str, user: int) -> ChatMember | None:
    """What somebody is in a chat, as Telegram says right now; None if they are unknown there, or we are.

    Raises NoAnswer if Telegram does not say.
    """
    try:
        return await bot.get_chat_member(chat, user)
    except TelegramError as fault:
        log.warning("member not known", chat=chat, fault=reason(fault))
        if isinstance(fault, BadRequest | Forbidden):
            return None
        raise NoAnswer from fault


async def is_admin(update: Update) -> bool:
    """Whether the update comes from an administrator of its group. Raises NoAnswer if Telegram does not say."""
    if is_anonymous(update):
        return True
    chat, user = update.effective_chat, update.effective_user
    assert isinstance(chat, Chat)
    if user is None:
        return False
    member = await place_of(update.get_bot(), chat.id, user.id)
    return member is not None and member.status in {ChatMember.OWNER, ChatMember.ADMINISTRATOR}
