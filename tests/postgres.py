"""A throw-away PostgreSQL cluster: made in a temporary folder, run by a user who is not root, and torn down."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

PASSWORD = "for-tests-only"
ROOM = 8_000_000_000  # bytes
# Nothing here has to survive a power cut, and the port is open to this machine alone.
OPTIONS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c listen_addresses=127.0.0.1"


def programs() -> Path | None:
    """The folder of initdb, pg_ctl and the others: on the PATH, or where Debian keeps them; None if there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "pg_ctl").exists()), None)


def in_memory() -> Path | None:
    """A folder in memory with room for hundreds of databases, which are made there in a tenth of the time; or None."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > ROOM else None


@dataclass(frozen=True)
class Cluster:
    """A running cluster; `url` makes databases in it."""

    bin: Path
    port: int
    numbers: Iterator[int] = field(default_factory=count)

    def url(self, name: str, password: str = PASSWORD) -> str:
        """The address of a database of this cluster."""
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/{name}"

    def create(self, template: str = "template0") -> str:
        """Make a database as a copy of another that nobody is using, and return its name."""
        name = f"test{next(self.numbers)}"
        self.run("psql", "-qd", self.url("postgres"), "-c", f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs, and return what it says."""
        return subprocess.run(
            [self.bin / program, *arguments], check=True, capture_output=True, text=True, timeout=60
        ).stdout


@contextmanager
def running_cluster(bin: Path, options: str = OPTIONS, folder: Path | None = None) -> Iterator[Cluster]:
    """Make a cluster in `folder`, or where temporary files are kept, run it with these options for as long as the
    context lasts, and leave nothing behind.
    """
    with tempfile.TemporaryDirectory(prefix="semax-bot-postgres-", dir=folder) as place:
        user = "nobody" if os.geteuid() == 0 else None  # initdb refuses root
        if user:
            shutil.chown(place, user)
        data, secret = Path(place, "data"), Path(place, "password")
        secret.write_text(PASSWORD, "utf-8")
        secret.chmod(0o644)
        port = _free_port()

        def as_user(program: str, *arguments: str) -> None:
            log = Path(place, "output")  # a file: a pipe would stay open in the server that pg_ctl leaves running
            with log.open("wb") as output:
                done = subprocess.run(
                    [bin / program, "-D", data, *arguments],
                    check=False,
                    cwd=place,
                    user=user,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    timeout=60,
                )
            assert done.returncode == 0, log.read_text("utf-8")

        settings = ("-A", "scram-sha-256", "-U", "postgres", f"--pwfile={secret}", "-E", "UTF8", "--locale=C")
        as_user("initdb", "--no-sync", *settings)
        as_user("pg_ctl", "start", "-w", "-l", f"{place}/log", "-o", f"{options} -p {port} -k '{place}'")
        try:
            yield Cluster(bin, port)
        finally:
            as_user("pg_ctl", "stop", "-m", "immediate")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
