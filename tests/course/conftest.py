"""What the course's tests share: a tiny course that may be broken."""

from pathlib import Path

import pytest

from course.tiny import Tiny


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """A sound course of two cards."""
    return Tiny(tmp_path / "content")
