"""The operator's commands: counts, backups and exports by the real process."""

import json
from pathlib import Path

import pytest

from semax_bot.quiz.anki import notes
from semax_bot.store.engine import FILE
from semax_bot.store.lock import Lock
from semax_bot.store.store import Store
from semax_bot.tutor import Tutor
from store.filled import busy
from test_cli import bot, environment


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """The data folder of a bot that one learner has used."""
    store = await Store.open("", tmp_path / "data")
    await busy(store)
    await store.close()
    return tmp_path / "data"


def test_stats_are_a_table_or_json(data: Path, tmp_path: Path) -> None:
    """For a person and for a program, also beside a running bot."""
    env = environment(SEMAX_BOT_DATA=str(data))
    with Lock(data):
        table = bot(tmp_path, ["stats"], env=env)
        counts = bot(tmp_path, ["stats", "--json"], env=env)
    assert (table.returncode, table.stderr) == (0, b"")
    assert table.stdout.decode().split("\n")[0].split()[:3] == ["Learners", "1", "0"]
    assert json.loads(counts.stdout)["attempts"] == 1


def test_a_backup_is_written_beside_a_running_bot_and_restored_without_one(data: Path, tmp_path: Path) -> None:
    """The way back is tried before it is needed; what is there is only replaced on demand."""
    env = environment(SEMAX_BOT_DATA=str(data))
    with Lock(data):
        assert bot(tmp_path, ["backup", "copy.sqlite3"], env=env).stdout == b"Backed up to copy.sqlite3.\n"
        running = bot(tmp_path, ["restore", "copy.sqlite3", "--force"], env=env)
    assert (running.returncode, running.stderr[:17]) == (2, b"Another semax-bot")
    refused = bot(tmp_path, ["restore", "copy.sqlite3"], env=env)
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"--force" in refused.stderr
    (data / FILE).write_bytes(b"ruined")
    restored = bot(tmp_path, ["restore", "copy.sqlite3", "--force"], env=env)
    assert (restored.returncode, restored.stderr) == (0, b"")
    assert json.loads(bot(tmp_path, ["stats", "--json"], env=env).stdout)["learners"] == 1


def test_anki_notes_go_to_a_file_or_to_standard_output(tmp_path: Path, tutor: Tutor) -> None:
    """Byte by byte the same, in UTF-8 and without a byte order mark, whatever the machine's locale."""
    expected = notes(tutor.course).encode()
    env = environment(PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert bot(tmp_path, ["export-anki", "-"], env=env).stdout == expected
    assert bot(tmp_path, ["export-anki", "notes.txt"], env=env).returncode == 0
    assert (tmp_path / "notes.txt").read_bytes() == expected


@pytest.mark.parametrize(
    ("arguments", "url", "words"),
    [
        (["backup", "no/such/folder/copy"], "", "cannot be"),
        (["backup", "copy"], "postgresql://anna:secret@127.0.0.1:1/bot", "pg_dump"),
        (["restore", "copy"], "postgresql://anna:secret@127.0.0.1:1/bot", "pg_restore"),
        (["restore", "nowhere"], "", "nowhere"),
        (["stats"], "postgresql://anna:secret@127.0.0.1:1/bot", "does not answer"),
        (["export-anki", "no/such/folder/notes"], "", "cannot be written"),
        (["export-anki", "x", "--content", "nowhere"], "", "nowhere"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    data: Path, tmp_path: Path, arguments: list[str], url: str, words: str
) -> None:
    """It says why and ends with code 2, without a traceback or a password."""
    extra = {"SEMAX_BOT_DATABASE_URL": url} if url else {}
    done = bot(tmp_path, arguments, env=environment(SEMAX_BOT_DATA=str(data), **extra))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert words in done.stderr.decode()
    assert b"secret" not in done.stderr
