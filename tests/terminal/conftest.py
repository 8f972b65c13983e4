"""A learner at the terminal, over a store of their own."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from clock import Clock
from semax_bot.store.store import Store
from semax_bot.tutor import Tutor
from terminal.learner import Learner


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty store."""
    opened = await Store.open("", tmp_path / "data")
    yield opened
    await opened.close()


@pytest.fixture
def learner(tutor: Tutor, store: Store, tmp_path: Path) -> Learner:
    """Somebody who has not asked anything yet."""
    clock = Clock()
    return Learner(Tutor(tutor.course, store, clock, Random(1)), store, clock, tmp_path / "data/history")
