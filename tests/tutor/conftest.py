"""What the tests of the tutor share: a clock to be moved, a tutor with an empty memory, and a group."""

from random import Random

import pytest

from clock import Clock
from semax_bot.store.store import Store
from semax_bot.tutor import Tutor
from tutor.grouped import Group


@pytest.fixture
def clock() -> Clock:
    """A Monday in winter, nine in the morning UTC."""
    return Clock()


@pytest.fixture
def tutored(tutor: Tutor, store: Store, clock: Clock) -> Tutor:
    """A tutor with a memory that follows the clock."""
    return Tutor(tutor.course, store, clock, Random(7))


@pytest.fixture
def group(tutored: Tutor, store: Store, clock: Clock) -> Group:
    """A group in which nothing was asked yet."""
    return Group(tutored, store, clock)
