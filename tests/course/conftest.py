"""What the course's tests share: a tiny course that may be broken."""

from pathlib import Path

import pytest

from course.tiny import ITEMS, Tiny


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """A sound course of two cards."""
    return Tiny(tmp_path / "content")


@pytest.fixture
def quiz(tiny: Tiny) -> Tiny:
    """The tiny course with two items to an entry; `page` is the file that holds them."""
    tiny.page = tiny.write("unit-01/questions.yaml", ITEMS)
    return tiny
