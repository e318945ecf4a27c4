"""Testing: a bug is hunted by the tests of the rule that it is in, in this very process."""

from __future__ import annotations

from collections.abc import Sequence

import pytest


class _First:
    """Remembers the test that failed first, and how many there were up to it."""

    def __init__(self) -> None:
        self.failed, self.begun = "", 0

    def pytest_runtest_logstart(self) -> None:
        """Count a test."""
        self.begun += 1

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the end of one test into account."""
        if report.failed and not self.failed:
            path, _, name = report.nodeid.partition("::")
            self.failed = f"test {self.begun}: {path.rpartition('/')[2]}::{name}"


def by_tests(files: Sequence[str]) -> str:
    """Return the first test that fails, and its number; "" when none does."""
    first = _First()
    pytest.main(["-x", "-q", "--no-header", "-p", "no:cacheprovider", *files], plugins=[first])
    return first.failed
