"""What a run of the benchmark is told, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from evaluation._footprint import Footprint
    from evaluation.benchmark._listing import ListedSystem, Listing
    from evaluation.benchmark._sets import Sets

SOME_FAILED = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """How to run what is listed.

    Attributes:
        root: the folder of outside data.
        work: the folder of predictions, scores and the built sets.
        limit: documents of each set; 0 takes all.
        workers: processes that predict; speed is always measured alone.
        refresh: predict and measure all anew.
        partial: sets or systems were chosen from a longer listing.
    """

    root: Path | None
    work: Path
    limit: int = 0
    workers: int = 1
    refresh: bool = False
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """A system that can be run.

    Attributes:
        listed: its entry.
        name: what reports call it.
        signature: all that determines its output.
        measurable: it needs nothing but texts.
    """

    listed: ListedSystem
    name: str
    signature: str
    measurable: bool

    @property
    def title(self) -> str:
        """What readers call it."""
        return self.listed.title or self.name


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a run.

    Attributes:
        listing: what was wanted.
        choice: how it was run.
        sets: the sets that were there, and why others were not.
        systems: the systems that ran, by name.
        not_run: title of each other one to the reason.
        reports: a report of each system on each set, as jobs make them.
        failed: system, set and reason of each pair that came to nothing.
        footprints: system to what it costs.
    """

    listing: Listing
    choice: Choice
    sets: Sets
    systems: dict[str, Ready] = field(default_factory=dict)
    not_run: dict[str, str] = field(default_factory=dict)
    reports: list[dict[str, Any]] = field(default_factory=list)
    failed: list[tuple[str, str, str]] = field(default_factory=list)
    footprints: dict[str, Footprint] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0; 3 when systems failed at documents or sets."""
        return SOME_FAILED if self.failed or any(one["failed"] for one in self.reports) else 0
