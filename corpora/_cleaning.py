"""Cleaning: named steps in a fixed order, each of which counts what it changed and dropped."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from corpora._duplicates import ExactDuplicates, NearDuplicates, SeenKeys
from corpora._errors import CorpusError
from corpora._text_steps import TEXT_STEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from corpora._record import Record

DECONTAMINATE = "decontaminate"

# The order matters: texts are mended before they are judged, and compared with others last.
STEPS = (
    "white_space",
    "stray_spaces",
    "boilerplate",
    "english",
    "spun",
    DECONTAMINATE,
    "short",
    "exact_duplicates",
    "near_duplicates",
)


@dataclass(slots=True)
class StepCount:
    """What a step did.

    Attributes:
        changed: records that came out different.
        dropped: records that did not come out.
        words: white-space words lost, in records changed and dropped.
    """

    changed: int = 0
    dropped: int = 0
    words: int = 0

    def note(self, before: str, after: str | None) -> None:
        """Count one text's way through the step."""
        if after == before:
            return
        self.changed += after is not None
        self.dropped += after is None
        self.words += max(0, len(before.split()) - len((after or "").split()))


class Cleaner:
    """Runs records through steps.

    Attributes:
        steps: the steps by name, in order.
        counts: what each step has done since `reset_counts`.
    """

    def __init__(
        self,
        names: Sequence[str] = STEPS,
        decontaminate: Callable[[str], str | None] | None = None,
    ) -> None:
        """Set the steps up.

        Args:
            names: the steps to run; they run in the order of `STEPS`, whatever the order here.
            decontaminate: the step of that name, which needs test sets; without it, it is left out.

        Raises:
            CorpusError: no step has that name.
        """
        unknown = [name for name in names if name not in STEPS]
        if unknown:
            message = f"no cleaning step is called {unknown[0]!r}; there are {', '.join(STEPS)}"
            raise CorpusError(message)
        made: dict[str, Callable[[str], str | None] | None] = {
            **TEXT_STEPS,
            "exact_duplicates": ExactDuplicates(),
            "near_duplicates": NearDuplicates(),
            DECONTAMINATE: decontaminate,
        }
        chosen = ((name, made[name]) for name in STEPS if name in names)
        self.steps = {name: step for name, step in chosen if step is not None}
        self.reset_counts()

    def reset_counts(self) -> None:
        """Start counting anew."""
        self.counts = {name: StepCount() for name in self.steps}

    def clean(self, record: Record) -> Record | None:
        """Return the record with its reference cleaned, or None if a step drops it.

        Pairs (records with a source) are dropped or kept, never changed: a change to one side
        would break their parallelism. An overlap with a test set on either side drops them.
        """
        text = record.reference
        for name, step in self.steps.items():
            after = step(text) if record.source is None else _of_pair(record, name, step)
            self.counts[name].note(text, after)
            if after is None:
                return None
            text = after
        return replace(record, reference=text)

    def counts_as_data(self) -> dict[str, dict[str, int]]:
        """Return the counts as plain data."""
        return {name: asdict(count) for name, count in self.counts.items()}

    def drain(self) -> dict[str, list[int]]:
        """Return what the steps that compare texts have seen since the last call."""
        return {name: step.drain() for name, step in self._comparing()}

    def absorb(self, seen: Mapping[str, Sequence[int]]) -> None:
        """Take over what the steps of an earlier run have seen."""
        for name, step in self._comparing():
            step.absorb(seen.get(name, ()))

    def _comparing(self) -> Iterator[tuple[str, SeenKeys]]:
        for name, step in self.steps.items():
            if isinstance(step, SeenKeys):
                yield name, step


def _of_pair(record: Record, name: str, step: Callable[[str], str | None]) -> str | None:
    """Return a pair's reference as it stands, or None where the step drops the pair."""
    if name == DECONTAMINATE:
        sides = (record.reference, record.source or "")
        return record.reference if all(step(side) == side for side in sides) else None
    return None if step(record.reference) is None else record.reference
