"""What several tests share: the stand-in for Telegram, and the bot as a process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import semax_bot.tutor
from semax_bot.answering.answer import Answerer
from semax_bot.answering.vectors import Vectors
from semax_bot.course.load import Course, load
from semax_bot.settings import content_folder
from semax_bot.tutor import Tutor
from standin.process import BotProcess
from standin.server import TOKEN, StandIn
from standin.spec import PLACE, Specification


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    """A stand-in for Telegram. Whatever broke the Bot API's rules on either side fails the module's last test."""
    checks = [Specification()] if PLACE.exists() else []  # what is lost without it, test_standin skips by name
    server = StandIn(checks)
    yield server
    server.close()
    assert server.violations == []


@pytest.fixture(scope="module")
def start_bot(standin: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., BotProcess]]:
    """Starts bots, one at a time as there is one token; none may have written that, or a traceback."""
    started: list[BotProcess] = []

    def start(folder: Path | None = None, **environment: str) -> BotProcess:
        for earlier in started:
            earlier.stop()
        started.append(BotProcess(standin, folder or tmp_path_factory.mktemp("bot"), **environment))
        return started[-1]

    yield start
    for bot in started:
        bot.stop()
        assert TOKEN not in bot.output
        assert "Traceback" not in bot.output
        assert "Warning: " not in bot.output


@pytest.fixture(scope="module")
def bot(start_bot: Callable[..., BotProcess]) -> BotProcess:
    """A bot that several tests talk to, each in chats of its own."""
    return start_bot().ready()


@pytest.fixture(scope="session", autouse=True)
def indexed_once() -> Iterator[None]:
    """Tutors of one course share its index, which never changes and takes longer to build than most tests take."""
    made: dict[int, tuple[Course, Answerer]] = {}  # the course is kept, lest another one gets its id

    def shared(course: Course, vectors: Vectors) -> Answerer:
        if id(course) not in made:
            made[id(course)] = course, Answerer(course, vectors)
        return made[id(course)][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(semax_bot.tutor, "Answerer", shared)
        yield


@pytest.fixture(scope="session")
def tutor() -> Tutor:
    """The tutor of the course that ships with the bot."""
    return Tutor(load(content_folder()))
