"""What a machine cannot run is named and counted, and is a failure under CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = "import pytest\n\ndef test_here(): ...\n\n@pytest.mark.skip(reason='no browser')\ndef test_elsewhere(): ...\n"


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_skip_is_named_and_fails_under_ci(tmp_path: Path, ci: str, code: int) -> None:
    """A green run under CI has run everything; elsewhere the reader learns what it has not."""
    (tmp_path / "test_sample.py").write_text(TESTS, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "skips", "-p", "no:cacheprovider", "-p", "no:asyncio"]
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "1 skipped: " in done.stdout
    assert "\ntest_sample.py::test_elsewhere\n" in done.stdout
    assert ("a failure" in done.stdout) == bool(code)
