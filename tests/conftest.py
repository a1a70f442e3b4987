"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from restore.cli._load import Settings
from tests.cli_fake import FakeRestorer
from tests.cli_runs import GARBLED

# A shell lets jobs in its background ignore Ctrl-C, and so would all that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of development data that is not part of the project; skips where it is absent."""
    default = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("RESTORE_SHARED", default))
    if not (folder / "bench").is_dir():
        pytest.skip(f"development data not found in {folder}: set RESTORE_SHARED")
    return folder


@pytest.fixture
def fake(monkeypatch) -> None:
    """Let commands load a restorer with a handful of known words."""
    monkeypatch.setattr(Settings, "load", lambda self: FakeRestorer(self.min_confidence or 0.0))


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder of one garbled file, to run commands in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(GARBLED)
    return tmp_path
