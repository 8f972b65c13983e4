"""Being let in and thrown out: by a person who blocks us, by a group, by a channel."""

from typing import Any

from telegram import ChatMember, ChatMemberUpdated, Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler, ChatMemberHandler, ContextTypes

from semax_bot.telegram.channel import Channelling
from semax_bot.telegram.group import Grouping
from semax_bot.tutor import Tutor


class Membership:
    """What we are in each chat. What a chat had arranged is kept while we are out, and goes on when we are back."""

    def __init__(self, tutor: Tutor, groups: Grouping, channels: Channelling) -> None:
        self._tutor, self._groups, self._channels = tutor, groups, channels

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]]:
        """The handler of news about ourselves."""
        return [ChatMemberHandler(self.changed, ChatMemberHandler.MY_CHAT_MEMBER)]

    async def changed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """We are in, or out, or may do more or less than before."""
        news = update.my_chat_member
        assert isinstance(news, ChatMemberUpdated)
        if news.chat.type == ChatType.PRIVATE:
            blocked = news.new_chat_member.status == ChatMember.BANNED
            await (self._tutor.daily.shut if blocked else self._tutor.daily.back)(str(news.chat.id))
        elif news.chat.type == ChatType.CHANNEL:
            await self._channels.membership(update, context)
        else:
            await self._groups.membership(update, context)
