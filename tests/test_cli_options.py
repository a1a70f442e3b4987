"""The choices of options are those of the API, which the command line does not import for help."""

from __future__ import annotations

from restore import MODES
from restore.cli._options import Engine, Format, Mode
from restore.engines import ENGINES
from restore.formats import FORMAT_NAMES


def test_modes_engines_and_formats_are_those_that_there_are():
    assert tuple(Mode) == MODES
    assert tuple(Engine) == ENGINES
    assert tuple(Format) == FORMAT_NAMES
