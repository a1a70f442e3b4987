"""The bundled example: a news story of our own, and the same story spun."""

from importlib.resources import files


def example(name: str) -> str:
    """Return the example's text: ``garbled`` or ``source``."""
    return (files("restore.cli") / "example" / f"{name}.txt").read_text(encoding="utf-8")
