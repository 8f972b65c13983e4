"""The locks: every dependency pinned and hashed, from no particular index, for each Python that we promise."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ["requirements.lock", "requirements-build.lock", "requirements-dev.lock"]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
PLATFORMS = [("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt")]


def pins(lock: str) -> Iterator[tuple[Requirement, list[str]]]:
    """The requirements of a lock, each with its hashes."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            requirement, *hashes = line.split("--hash=")
            yield Requirement(requirement.strip()), [value.strip() for value in hashes]


def environments() -> Iterator[dict[str, str]]:
    """Marker values of every Python and platform that a lock has to serve."""
    for python in PYTHONS:
        for sys_platform, system, os_name in PLATFORMS:
            yield {
                **{key: str(value) for key, value in default_environment().items()},
                "python_version": python,
                "python_full_version": f"{python}.0",
                "sys_platform": sys_platform,
                "platform_system": system,
                "os_name": os_name,
            }


def chosen(lock: str, environment: dict[str, str]) -> dict[str, str]:
    """Name to version, as pip would choose from a lock; no name twice."""
    found: dict[str, str] = {}
    for requirement, _ in pins(lock):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            name = canonicalize_name(requirement.name)
            assert name not in found, f"{lock} pins {name} twice for Python {environment['python_version']}"
            found[name] = next(iter(requirement.specifier)).version
    return found


def wanted(lock: str) -> list[Requirement]:
    """What pyproject.toml asks for, as far as this lock serves it."""
    groups = PROJECT["dependency-groups"]
    named = {
        "requirements.lock": PROJECT["project"]["dependencies"],
        "requirements-build.lock": groups["build"],
        "requirements-dev.lock": [*PROJECT["project"]["dependencies"], *groups["build"], *groups["dev"]],
    }
    return [Requirement(line) for line in named[lock] if isinstance(line, str)]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_exact_and_hashed(lock: str) -> None:
    """A lock holds name==version with sha256 hashes, and no address or option that ties it to one index."""
    found = list(pins(lock))
    assert found
    for requirement, hashes in found:
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert requirement.url is None
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_complete_for_each_python(lock: str) -> None:
    """On each Python and platform, what pyproject.toml asks for and all that it needs in turn is pinned, and fits."""
    for environment in environments():
        have = chosen(lock, environment)
        queue, seen = wanted(lock), set[str]()
        while queue:
            requirement = queue.pop()
        if requirement.marker and not requirement.marker.evaluate({**environment, "extra": ""}):
            continue
            name = canonicalize_name(requirement.name)
            assert name in have, f"{name} is not in {lock} for {environment['python_version']}; run make lock"
            assert have[name] in requirement.specifier, (
                f"{lock} has {name} {have[name]}, and {requirement} is asked for"
            )
            if name not in seen:
                seen.add(name)
                queue += needs(name, environment)


def needs(name: str, environment: dict[str, str]) -> list[Requirement]:
    """What an installed package asks for in an environment; what is only for other platforms is not installed here."""
    try:
        lines = requires(name) or []
    except PackageNotFoundError:
        return []
    found = map(Requirement, lines)
    return [line for line in found if line.marker is None or line.marker.evaluate({**environment, "extra": ""})]


def test_the_locks_agree() -> None:
    """All locks name the same versions, so that one environment can hold any of them, in any order."""
    for environment in environments():
        full = chosen("requirements-dev.lock", environment)
        for lock in LOCKS:
            assert chosen(lock, environment).items() <= full.items()


def test_the_promised_pythons_are_the_tested_ones() -> None:
    """The classifiers, `requires-python` and this test speak of the same versions."""
    prefix = "Programming Language :: Python :: "
    named = [line.removeprefix(prefix) for line in PROJECT["project"]["classifiers"] if line.startswith(prefix)]
    assert [version for version in named if version[0] == "3" and "." in version] == PYTHONS
    assert PROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"
