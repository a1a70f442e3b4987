"""Functions that tests of the benchmark page name as systems."""

from __future__ import annotations

CALLS: list[str] = []
STOP_AT: list[str] = []


def mend(text: str) -> str:
    """Repair two words; be killed at a text that a test names."""
    if text in STOP_AT:
        raise KeyboardInterrupt
    CALLS.append(text)
    return text.replace("nan ", "the ").replace("lefft", "left")


def meddle(text: str) -> str:
    """Repair nothing, and change a right word."""
    return text.replace("council", "counsel")


def crash(text: str) -> str:
    """Break down, at honest texts, in a way that no system should."""
    if "honest" in text:
        message = "the wire was cut"
        raise OSError(message)
    return text


def refuse_one(text: str) -> str:
    """Fail at one document."""
    if " 3 " in text:
        message = "three is too much"
        raise ValueError(message)
    return text
