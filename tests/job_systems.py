"""Functions that tests of evaluation jobs name as systems."""

from __future__ import annotations

import time


def mend(text: str) -> str:
    """Repair two words, slowly enough to be killed meanwhile."""
    time.sleep(0.004)
    return text.replace("nan ", "the ").replace("astir", "rather")


def fragile(text: str) -> str:
    """Fail at some documents."""
    if " 3 " in text:
        message = "three is too much"
        raise ValueError(message)
    return text.replace("nan ", "the ")


def early(text: str) -> str:
    """Repair one word in the first six documents."""
    return text.replace("nan ", "the ") if _number(text) < 6 else text


def late(text: str) -> str:
    """Repair one word in the last five documents: no better and no worse, but for luck."""
    return text.replace("nan ", "the ") if _number(text) > 6 else text


def _number(text: str) -> int:
    return int("".join(filter(str.isdigit, text)))


def breaking(text: str) -> str:
    """Break a right word in each document."""
    return text.replace("council", "counsel")


class OddError(Exception):
    """An error of nobody's family."""


def unlucky(text: str) -> str | None:
    """Fail at documents in the ways that functions do."""
    number = _number(text)
    faults = {1: AttributeError("no such part"), 2: AssertionError(), 3: OSError("no disk"),
              4: OddError("odd")}  # fmt: skip
    if number in faults:
        raise faults[number]
    return None if number == 5 else text
