"""How many threads numpy's libraries compute on."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let what is imported or started now compute on one thread, unless the user says otherwise.

    The restorer's matrices are small: more threads mostly wait for one another, and take the cores
    from other workers. The libraries read these variables when they are imported, so a worker
    cannot set them for itself.
    """
    added = [name for name in VARIABLES if name not in os.environ]
    os.environ.update(dict.fromkeys(added, "1"))
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)
