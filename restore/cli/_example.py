"""The bundled example: a news story of our own, and the same story spun."""

from pathlib import Path


def example(name: str) -> str:
    """Return the example's text: ``garbled`` or ``source``."""
    return (Path(__file__).parent / "example" / f"{name}.txt").read_text(encoding="utf-8")
