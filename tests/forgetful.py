"""An inbox without a store, for tests of what stands before it."""

from semax_bot.tutor.inbox import Inbox


class Forgetful(Inbox):
    """An inbox that holds nothing, and notes which updates were reported as done."""

    def __init__(self) -> None:
        self.done_with: list[int] = []

    async def done(self, *update_ids: int) -> None:
        self.done_with += update_ids
