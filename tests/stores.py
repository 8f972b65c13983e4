"""An empty store of the newest schema on each of the two databases, for every test anew."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from postgres import Cluster, in_memory, programs, running_cluster
from semax_bot.store.engine import FILE
from semax_bot.store.store import Store

BOTH = ["sqlite", "postgresql"]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster of our own, or a skip where PostgreSQL is not installed."""
    bin = programs()
    if bin is None:
        pytest.skip("PostgreSQL is not installed (no initdb)")
    with running_cluster(bin, folder=in_memory()) as running:
        yield running


@pytest.fixture(scope="session")
def migrated(cluster: Cluster) -> str:
    """A database of the newest schema to copy."""
    name = cluster.create()
    asyncio.run(_migrate(cluster.url(name), Path()))
    return name


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file of the newest schema to copy."""
    folder = tmp_path_factory.mktemp("migrated")
    asyncio.run(_migrate("", folder))
    return folder / FILE


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The setting that names a migrated database of this test's own: a URL, or nothing for a file in tmp_path."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / FILE)
        return ""
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.url(cluster.create(request.getfixturevalue("migrated")))


@pytest_asyncio.fixture
async def store(url: str, tmp_path: Path) -> AsyncIterator[Store]:
    """The store on that database."""
    opened = await Store.open(url, tmp_path)
    yield opened
    await opened.close()


async def _migrate(url: str, folder: Path) -> None:
    await (await Store.open(url, folder)).close()
