"""Channels, and who may do what in a chat: as Telegram keeps them, and as people change them."""

from copy import deepcopy
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standin.people import Talk
    from standin.server import StandIn

Message = dict[str, Any]
_RIGHTS = """be_edited manage_chat delete_messages manage_video_chats restrict_members promote_members change_info
    invite_users post_stories edit_stories delete_stories post_messages edit_messages""".split()


def posted(home: Message, content: Message) -> Message:
    """A post in a channel, which has no author. Raises Refusal for a poll that shows who voted how."""
    from standin.chats import Refusal

    if "poll" in content and not content["poll"]["is_anonymous"]:
        words = "Bad Request: non-anonymous polls can't be sent to channel chats"
        raise Refusal(HTTPStatus.BAD_REQUEST, words)
    return {"sender_chat": home, **content}


def member(user: Message, status: str, **rights: bool) -> Message:
    """A person's, or the bot's, place in a chat."""
    more: dict[str, Any] = {}
    if status == "administrator":
        more = {"is_anonymous": False, **{f"can_{right}": False for right in _RIGHTS}, **rights}
    elif status == "creator":
        more = {"is_anonymous": False}
    elif status == "kicked":
        more = {"until_date": 0}
    return {"user": user, "status": status, **more}


class Channel:
    """A channel with an owner, who has let the bot in or not."""

    def __init__(self, standin: "StandIn", owner: "Talk", id: int, title: str = "Brain facts") -> None:
        from standin.chats import BOT

        self.standin, self.owner, self._bot = standin, owner, BOT
        self.chat: Message = {"id": id, "type": "channel", "title": title}
        standin.chats.add(self.chat, {"sender_chat": self.chat, "from": owner.member, "text": "hello"})
        self.ranks(owner.member, "creator")
        self.ranks(BOT, "left")

    @property
    def id(self) -> int:
        """The channel's id."""
        return int(self.chat["id"])

    def ranks(self, user: Message, status: str, **rights: bool) -> Message:
        """Give somebody a place here, without telling anybody."""
        place = self.standin.chats.members[self.id, user["id"]] = member(user, status, **rights)
        return place

    def lets_in(self, status: str = "administrator", by: Message | None = None, **rights: bool) -> None:
        """Another place for the bot, and the update that tells it."""
        before = self.standin.chats.members[self.id, self._bot["id"]]
        rights = rights or ({"can_post_messages": True} if status == "administrator" else {})
        after = self.ranks(self._bot, status, **rights)
        news = {"chat": self.chat, "from": by or self.owner.member, "date": 0}
        self.standin.push("my_chat_member", news | {"old_chat_member": before, "new_chat_member": after})

    def posts(self) -> list[Message]:
        """What the bot has posted, oldest first."""
        return [post for post in self.standin.chats.ours(self.id) if "from" not in post]

    def readers_vote(self, post: Message, *counts: int) -> None:
        """So many vote for each option; the bot hears of the poll as it is then."""
        for option, count in zip(post["poll"]["options"], counts, strict=True):
            option["voter_count"] += count
        post["poll"]["total_voter_count"] += sum(counts)
        self.standin.push("poll", _told(post["poll"]))

    def closes(self, post: Message) -> None:
        """An administrator stops the poll by hand."""
        post["poll"]["is_closed"] = True
        self.standin.push("poll", _told(post["poll"]))


def _told(poll: Message) -> Message:
    """The poll as an update tells of it; its description only stands in the message."""
    return {name: value for name, value in deepcopy(poll).items() if name != "description"}
