"""A pytest plugin: name and count what this machine could not run; where CI is set, a skip is a failure."""

import os
from collections.abc import Generator

import pytest


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under CI, let nothing pass by being skipped."""
    reporter: pytest.TerminalReporter | None = session.config.pluginmanager.getplugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    """Close with the names of the skipped tests, after the summary of reasons."""
    yield
    skipped = sorted({report.nodeid for report in terminalreporter.stats.get("skipped", [])})
    if skipped:
        failing = bool(os.environ.get("CI"))
        verdict = "a failure, as CI is set" if failing else "this machine cannot run them"
        terminalreporter.section(f"{len(skipped)} skipped: {verdict}", red=failing, yellow=not failing)
        for name in skipped:
            terminalreporter.line(name)
