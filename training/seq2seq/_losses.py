"""Where a restorer loses: what garbled words of held-out news are, and what became of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from restore._document import Document
from training.seq2seq._examples import touched, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from corpora.garbler import Garbled
    from restore import Edit
    from restore.seq2seq import Seq2SeqDecoder
    from restore.seq2seq._choice import Choice

DIALECTS = ("A", "C", "E", "random", "random", "random")
SEED = 177
LISTED, ARBITRARY, UNLISTED, SEVERAL = KINDS = (
    "listed", "function word, arbitrary", "listed nowhere", "several words or none",
)  # fmt: skip
PLACES = ("right", "second", "third", "further down")  # of the original among the readings
ABSENT, KEPT, UNDOUBTED = "absent", "kept", "not doubted"
OUTCOMES = (*PLACES, ABSENT, KEPT, UNDOUBTED)
SHOWN = 30  # pairs that were confused


@dataclass(slots=True)
class Losses:
    """Counts of garbled words.

    Attributes:
        places: by dialect, kind (`KINDS`) and outcome (`OUTCOMES`).
        confused: how often one word came out for another, neither kept nor deleted.
        broken: honest words replaced, by dialect.
        honest: honest words, by dialect.
    """

    places: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    honest: Counter[str] = field(default_factory=Counter)

    def table(self) -> str:
        """Return the places by kind as a Markdown table: number, and the share of each outcome."""
        head = ("kind", "places", *OUTCOMES)
        lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}"]
        for kind in KINDS:
            counts = [self._number(kind, outcome) for outcome in OUTCOMES]
            if total := sum(counts):
                shares = " | ".join(f"{count / total:.3f}" for count in counts)
                lines.append(f"| {kind} | {total:,} | {shares} |")
        return "\n".join(lines)

    def _number(self, kind: str, outcome: str) -> int:
        return sum(n for (_, k, o), n in self.places.items() if (k, o) == (kind, outcome))


def find_losses(decoder: Seq2SeqDecoder, corpora: Path, documents: int) -> Losses:
    """Restore garbled news, the best reading taken everywhere, and count what became of it.

    Args:
        decoder: full mode.
        corpora: folder of Parquet corpora; used are documents that nothing was fitted on.
        documents: how many.
    """
    from training.fast._examples import excerpt
    from training.fast._run import measuring
    from training.seq2seq._stream import garble

    found = Losses()
    for number, (name, text) in enumerate(measuring(corpora, documents)):
        dialect = DIALECTS[number % len(DIALECTS)]
        garbled = garble(dialect, SEED, excerpt(text, name)[1], name)
        count(found, dialect, garbled, decoder)
    return found


def count(found: Losses, dialect: str, garbled: Garbled, decoder: Seq2SeqDecoder) -> None:
    """Count the places of one document."""
    document = Document.parse(garbled.text)
    heard = list(decoder.hear(document))
    choices = {(c.start, c.end): c for _, some, _ in heard for c in some}
    edits = [e for e in map(trimmed, garbled.edits) if e.before.lower() != e.after.lower()]
    for edit in edits:
        kind = _kind(edit, decoder)
        choice = choices.get((edit.start, edit.end))
        outcome = UNDOUBTED if choice is None else _outcome(choice, edit.after.lower())
        found.places[dialect, kind, outcome] += 1
        if choice is not None and kind == LISTED and outcome in {*PLACES[1:], ABSENT}:
            found.confused[edit.after.lower(), choice.readings[0].text.lower()] += 1
    words = sum(number for _, _, number in heard)
    found.honest[dialect] += words - len(edits)
    found.broken[dialect] += sum(1 for _ in _broken(choices.values(), edits))


def _kind(edit: Edit, decoder: Seq2SeqDecoder) -> str:
    form, original = edit.before.lower(), edit.after.lower()
    if " " in form or " " in original or not original:
        return SEVERAL
    entry = decoder.reader.lexicon.table.lookup(form)
    if entry is not None and original in {c.original.lower() for c in entry.candidates}:
        return LISTED
    return ARBITRARY if original in decoder.reader.lexicon.function_text else UNLISTED


def _outcome(choice: Choice, original: str) -> str:
    if choice.keeps:
        return KEPT
    texts = [reading.text.lower() for reading in choice.readings]
    if original not in texts:
        return ABSENT
    return PLACES[min(texts.index(original), len(PLACES) - 1)]


def _broken(choices: Iterable[Choice], edits: list[Edit]) -> Iterator[Choice]:
    """Yield the choices that replace what nothing had garbled."""
    garbled = touched(edits)
    for choice in choices:
        if not choice.keeps and garbled.isdisjoint(range(choice.start, choice.end)):
            yield choice
