"""What the quiz's tests share: the course that ships."""

import pytest

from semax_bot.course.load import Course, load
from semax_bot.settings import content_folder


@pytest.fixture(scope="session")
def course() -> Course:
    """The course that ships."""
    return load(content_folder())
