"""The count at the end of bin/test is honest."""

from collections import Counter
from pathlib import Path

import pytest

from tests import runner
from tests.runner import Outcome

REPORT = """<testsuites><testsuite>
<testcase name="a"/>
<testcase name="b"><failure message="x"/><error message="tidying up"/></testcase>
<testcase name="c"><skipped message="Chromium is not installed"/></testcase>
<testcase name="d"><error message="fixture"/></testcase>
</testsuite></testsuites>"""


def outcome(**values: object) -> Outcome:
    made = Outcome("SQLite")
    for name, value in values.items():
        setattr(made, name, value)
    return made


def test_a_report_is_counted_once_a_test(tmp_path: Path) -> None:
    report, counted = tmp_path / "report.xml", Outcome("SQLite")
    report.write_text(REPORT)
    runner.read(report, counted)
    assert (counted.passed, counted.failed, counted.skipped) == (1, 2, Counter(["Chromium is not installed"]))


def test_the_last_line_is_the_plain_count_and_the_lines_before_name_what_did_not_run() -> None:
    lines = runner.summary(
        [
            outcome(passed=3, skipped=Counter({"Chromium is not installed": 2})),
            Outcome("PostgreSQL", could_not_run="initdb failed"),
        ],
        no_skip=False,
    )
    assert lines[-1] == "3 passed, 0 failed, 2 skipped"
    assert lines[-3:-1] == [
        "Not run on SQLite: 2 x Chromium is not installed",
        "Not run: all tests on PostgreSQL: initdb failed",
    ]


def test_the_exit_code_is_good_only_when_nothing_failed() -> None:
    assert runner.exit_code([outcome(passed=1)], no_skip=True) == 0
    assert runner.exit_code([outcome(passed=1, failed=1, exit_code=1)], no_skip=False) == 1
    assert runner.exit_code([outcome(passed=1, exit_code=2)], no_skip=False) == 1
    assert runner.exit_code([outcome(passed=1), outcome(exit_code=5)], no_skip=True) == 0


def test_nothing_collected_at_all_is_no_success() -> None:
    assert runner.exit_code([outcome(exit_code=5)], no_skip=False) == 1


def test_skipped_or_impossible_fails_only_where_nothing_may_be_skipped() -> None:
    skipped = outcome(passed=1, skipped=Counter({"no redis": 1}))
    impossible = outcome(could_not_run="no")
    assert runner.exit_code([skipped], no_skip=False) == 0
    assert runner.exit_code([skipped], no_skip=True) == 1
    assert runner.exit_code([outcome(passed=1), impossible], no_skip=False) == 0
    assert runner.exit_code([outcome(passed=1), impossible], no_skip=True) == 1


def test_nothing_of_an_installation_nor_of_the_surroundings_reaches_the_tests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SAPA_DATA", "PYTHONDONTWRITEBYTECODE"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("SAPA_CHROMIUM", "/usr/bin/mine")
    monkeypatch.delenv("SAPA_SHARED_DATA", raising=False)
    kept = runner.clean_environment("/nowhere", anew=False)
    assert [name for name in sorted(kept) if name.startswith("SAPA_") or name.endswith("_URL")] == [
        "SAPA_CHROMIUM",
        "SAPA_SECRET_KEY",
    ]
    assert "PYTHONDONTWRITEBYTECODE" not in kept


def test_a_path_is_found_from_where_the_command_was_called(tmp_path: Path) -> None:
    (tmp_path / "test_here.py").touch()
    assert runner.from_here("test_here.py::test_x", tmp_path) == f"{tmp_path}/test_here.py::test_x"
    assert runner.from_here("tests/test_runner.py", tmp_path) == "tests/test_runner.py"
    assert runner.from_here("-x", tmp_path) == "-x"
