"""A restorer with a handful of known words, so that the command line is tested by itself."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from multiprocessing import parent_process
from typing import TYPE_CHECKING

from restore._edits import Edit
from restore._errors import RestoreError
from restore._restoration import Restoration
from restore.cli import _load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WORDS = {
    "nan": "the",
    "tin": "can",
    "connected": "on",
    "caf\u00e9s": "inns",
    "don\u2019tt": "don\u2019t",
    "quot": 'so-called "x"',
    "ampers": "R&D <lab>",
    "comma": "well, then",
    "curly": "\u201chello\u201d",
    "gap word": "nothing",
}
_FORMS = re.compile(rf"\b(?:{'|'.join(map(re.escape, WORDS))})\b|\xa0")


def _misbehave(text: str) -> None:
    """Do what a text asks for: fail, take for ever, or kill the worker."""
    if "unrestorable" in text:
        message = "a text\nthat fails"
        raise RestoreError(message)
    if "slumber" in text:
        time.sleep(600)
    if "poison" in text and parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)


class FakeRestorer:
    """Replaces `WORDS`; like a repair might, turns no-break spaces into spaces."""

    def __init__(self, threshold: float = 0.0) -> None:
        self.threshold = threshold

    def restore(self, text: str) -> Restoration:
        _misbehave(text)
        edits = tuple(
            Edit(
                m.start(), m.end(), m[0], WORDS.get(m[0], " "), "fake:table", 0.75, (("its", 0.2),)
            )
            for m in _FORMS.finditer(text)
        )
        share = min(1.0, len(edits) / max(1, len(text.split())))
        return Restoration(text, edits if self.threshold <= 0.75 else (), share, "fake")

    def restore_many(self, texts: Iterable[str], batch_size: int = 32) -> Iterator[Restoration]:
        assert batch_size >= 1
        return (self.restore(text) for text in texts)


def install() -> None:
    """Make every command load the fake."""
    _load.Settings.load = lambda self: FakeRestorer(self.min_confidence or 0.0)  # type: ignore[method-assign]


if __name__ == "__main__":
    from restore.cli import main

    install()
    sys.argv[0] = "restore"
    main()
