"""Who in a group may decide for all: its creator, its administrators, and those of them who stay anonymous."""

import structlog
from telegram import Chat, ChatMember, Update
from telegram.error import TelegramError

from semax_bot.telegram.deliver import who
from semax_bot.telegram.faults import reason
from semax_bot.tutor import Who

log = structlog.get_logger(__name__)


def is_anonymous(update: Update) -> bool:
    """Whether an administrator speaks in the group's own name."""
    message = update.message or update.edited_message
    return message is not None and message.sender_chat is not None and message.sender_chat.id == message.chat_id


def who_speaks(update: Update) -> Who | None:
    """The person from whom an update comes; None for an administrator who stays anonymous."""
    return None if is_anonymous(update) else who(update)


async def is_admin(update: Update) -> bool:
    """Whether the update comes from an administrator of its group, as Telegram says right now."""
    if is_anonymous(update):
        return True
    chat, user = update.effective_chat, update.effective_user
    assert isinstance(chat, Chat)
    if user is None:
        return False
    try:
        member = await update.get_bot().get_chat_member(chat.id, user.id)
    except TelegramError as fault:
        log.warning("administrators not known", chat=chat.id, fault=reason(fault))
        return False
    return member.status in {ChatMember.OWNER, ChatMember.ADMINISTRATOR}
