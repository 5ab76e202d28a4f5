"""The scripts in bin/: what they say when asked for help, when something is wrong, and what they leave alone."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.machine import ROOT

SCRIPTS = sorted(each for each in (ROOT / "bin").iterdir() if each.is_file())
SAPA_SCRIPTS = [
    "setup",
    "run",
    "test",
    "ci",
    "make-messages",
    "check-messages",
    "compile-messages",
    "screenshots",
]


def call(script: str, *words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / script, *words],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("script", [*SCRIPTS, ROOT / ".ci/run"], ids=lambda each: each.name)
def test_every_script_may_be_run_and_says_what_it_is_for(script: Path) -> None:
    assert os.access(script, os.X_OK)
    lines = script.read_text().splitlines()
    assert lines[0].startswith("#!")
    assert lines[1].startswith(("#", '"""'))


@pytest.mark.parametrize("script", SAPA_SCRIPTS)
def test_help_is_printed_from_any_folder(script: str, tmp_path: Path) -> None:
    said = call(f"bin/{script}", "--help", cwd=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    assert len(said.stdout) > 60
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--port", "abc"], "run: --port wants a number, for example --port 8080\n"),
        (["--port="], "run: --port wants a number, for example --port 8080\n"),
    ],
)
def test_a_port_that_is_no_number_is_refused_before_anything_is_set_up(
    words: list[str], sentence: str, tmp_path: Path
) -> None:
    said = call("bin/run", *words, SAPA_DATA=str(tmp_path / "data"))
    assert (said.returncode, said.stderr) == (2, sentence)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("script", ["setup", "ci", "make-messages"])
def test_an_unknown_word_is_a_usage_error(script: str) -> None:
    assert call(f"bin/{script}", "--no-such-option").returncode == 2


def test_setup_says_what_to_install_when_there_is_no_python(tmp_path: Path) -> None:
    """A copy of the script in a folder without a virtual environment, on a machine without a good Python."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "requirements.lock").touch()
    script = tmp_path / "bin/setup"
    script.write_text((ROOT / "bin/setup").read_text())
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "dirname", "basename", "cat", "cksum", "mkdir", "sed", "printf"):
        found = next(
            (Path(folder) / name for folder in ("/usr/bin", "/bin") if (Path(folder) / name).exists()), None
        )
        if found:
            (tools / name).symlink_to(found)
    said = subprocess.run(
        ["/bin/sh", script], env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert said.returncode == 1
    assert said.stderr == (
        "setup: Sapa needs Python 3.11 or newer. On Debian or Ubuntu: apt install python3 python3-venv\n"
    )


def test_what_is_tested_is_what_runs() -> None:
    """Every package of the lock file stands in the one of development, in the same version."""

    def pins(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))

    running, testing = pins("requirements.lock"), pins("requirements-dev.lock")
    assert running
    assert {name: testing.get(name) for name in running} == running


def test_no_lock_file_names_a_place_to_download_from() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / name).read_text()
