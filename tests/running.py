"""The bot as it serves, in a thread of the test's process, by a clock that the test moves."""

import asyncio
import threading
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from clock import Clock
from semax_bot import clock as ticking
from semax_bot.charts.worker import Charts
from semax_bot.course.load import Course
from semax_bot.settings import read_settings
from semax_bot.telegram import app
from semax_bot.telegram.connections import CONNECTIONS, Updates
from semax_bot.telegram.pictures import Pictures
from semax_bot.telegram.poll import Polling
from semax_bot.telegram.post import deliver
from semax_bot.telegram.queue import ChatQueues
from semax_bot.tutor import Tutor, remembering
from semax_bot.tutor.values import Due
from standin.records import rows
from standin.server import TOKEN, StandIn


class Running:
    """The bot in a thread; it ends politely. Data are kept in a folder, as `semax-bot run` keeps them."""

    def __init__(self, standin: StandIn, folder: Path, course: Course, clock: Clock) -> None:
        self.folder, self.clock, self._standin = folder, clock, standin
        self._settings = read_settings(token=TOKEN, api_url=standin.url, data=folder / "data", max_rate=0)
        self.tutor = Tutor(course, now=clock, rng=Random(11))
        self._ready = threading.Event()
        self._looks = 0  # of the clock, at what is due
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> "Running":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._work.cancel)
        self._thread.join(10)
        assert not self._thread.is_alive()

    def at(self, moment: datetime) -> None:
        """Let it be another time, at once."""
        self.clock.now = moment

    def has_looked(self, moment: datetime) -> None:
        """Let it be another time, and the clock look at all that is due then and send it."""
        self.at(moment)
        enough = self._looks + 4  # one may be under way, and each of both sorts has to follow
        self._standin.wait(lambda: self._looks >= enough)
        self.passes(0)

    def passes(self, seconds: float) -> None:
        """Let so many seconds pass, once all that was begun has been reported: a reader sees it a moment earlier."""
        self._standin.wait(lambda: not rows(self.folder, "SELECT 1 FROM delivery WHERE state = 'sending'"))
        self.at(self.clock.now + timedelta(seconds=seconds))

    async def _serve(self) -> None:
        tutor, settings = self.tutor, self._settings
        async with remembering(tutor, settings, alone=True):
            updates, queues, pictures = Updates(), ChatQueues(CONNECTIONS, tutor.inbox), Pictures(tutor, Charts())
            application = app.build(settings, tutor, updates, queues, pictures)
            polling = Polling(application, updates, queues, tutor.inbox)
            claim = tutor.deliveries.claim

            async def counted(urgent: bool, limit: int) -> list[Due]:
                found = await claim(urgent, limit)
                self._looks += 1
                return found

            tutor.deliveries.claim = counted  # type: ignore[method-assign]
            clock = ticking.Clock(tutor, lambda delivery: deliver(application.bot, tutor, delivery, pictures))
            self._loop = asyncio.get_running_loop()
            self._work = asyncio.create_task(app._work(application, polling, clock, tutor, settings))
            self._ready.set()
            try:
                await self._work
            except asyncio.CancelledError:
                await app._finish(application, polling, clock)
