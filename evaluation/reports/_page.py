"""x."""

from __future__ import annotations


def page(outcome: object, plan: object) -> str:
    """X."""
    return f"{outcome} {plan}"
