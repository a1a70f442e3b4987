"""Jinja2, which only pages need: its absence is named before there is anything to show."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from evaluation._errors import EvaluationError


def jinja(what: str, instead: str = "") -> Any:  # noqa: ANN401 - a module that may be missing
    """Return the library.

    Args:
        what: what needs it.
        instead: how to do without, for the message.

    Raises:
        EvaluationError: it is not installed.
    """
    try:
        return import_module("jinja2")
    except ImportError as error:
        message = f"{what} needs Jinja2: pip install 'degarble[report]'{instead}"
        raise EvaluationError(message) from error
