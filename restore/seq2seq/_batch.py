"""Windows of a block side by side: the arrays that the network's graphs take.

Symbols: B windows, L units of the longest, P positions, R readings, T texts, H hidden size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from restore.seq2seq._block import Block

WINDOW = 128  # units the network reads at once; as it was trained
UNITS = 256  # units of a batch, padding included: few, for little padding and warm caches
DULL = np.log(0.9)  # fast mode is surer than this of every word: the sentence is not looked at


@dataclass(slots=True)
class View:
    """One batch.

    Attributes:
        inputs: arrays by the names of the encoder's inputs.
        positions: which of the block's positions they are, (P,).
        sentence: sentence of each, (P,).
        window: window of each, (P,).
    """

    inputs: dict[str, NDArray[Any]]
    positions: NDArray[np.int64]
    sentence: NDArray[np.int64]
    window: NDArray[np.int64]


def pack(begins: list[int], size: int, limit: int) -> Iterator[tuple[int, int]]:
    """Group sentences into windows of at most `limit` units; a longer sentence is cut.

    >>> list(pack([0, 3, 5], 12, 6))
    [(0, 5), (5, 11), (11, 12)]
    """
    first = 0
    for begin, end in zip(begins, [*begins[1:], size], strict=True):
        if end - first > limit and begin > first:
            yield first, begin
            first = begin
        while end - first > limit:
            yield first, first + limit
            first += limit
    if first < size:
        yield first, size


def windows(block: Block, limit: int = WINDOW) -> Iterator[tuple[int, int]]:
    """Yield (first, end) units: consecutive sentences of at most `limit` units in all."""
    yield from pack(_begins(block).tolist(), len(block.unit_text), limit)


def _begins(block: Block) -> NDArray[np.int64]:
    """Return the first unit of each sentence."""
    return np.flatnonzero(np.diff(block.sentence, prepend=-1))


def is_doubtful(block: Block) -> NDArray[np.bool_]:
    """Tell of which positions fast mode is not sure, or which words it does not know, (P,)."""
    unsure: NDArray[np.bool_] = (block.log_fast[:, 0] < DULL) | block.strange
    return unsure


def in_doubt(block: Block) -> NDArray[np.bool_]:
    """Tell which sentences have a word that fast mode is not sure of or does not know."""
    found = np.zeros(int(block.sentence.max(initial=-1)) + 1, bool)
    found[block.sentence[block.unit[is_doubtful(block)]]] = True
    return found


def used_texts(block: Block, found: list[tuple[int, int]]) -> NDArray[np.int64]:
    """Return the numbers of the texts that windows show, (texts,)."""
    used = np.zeros(len(block.texts), bool)
    for first, end in found:
        low, high = np.searchsorted(block.unit, [first, end]).tolist()
        used[block.unit_text[first:end]] = True
        used[np.maximum(block.row_text[low:high], 0)] = True  # `lay_out` shows 0 where none is
    return np.flatnonzero(used)


def doubtful(block: Block, limit: int = WINDOW) -> list[tuple[int, int]]:
    """Return windows of the sentences with a word that fast mode is not sure of or does not know.

    Sentences that follow one another share a window of at most `limit` units.
    """
    wanted = in_doubt(block)[block.sentence]
    edges = np.flatnonzero(np.diff(wanted, prepend=False, append=False))
    sentences = _begins(block)
    out: list[tuple[int, int]] = []
    for first, end in edges.reshape(-1, 2).tolist():
        begins = sentences[(sentences >= first) & (sentences < end)] - first
        out += [(first + a, first + b) for a, b in pack(begins.tolist(), end - first, limit)]
    return out


def batches(found: list[tuple[int, int]], units: int = UNITS) -> Iterator[list[tuple[int, int]]]:
    """Group windows of like length, longest first, by at most `units` units padded."""
    group: list[tuple[int, int]] = []
    width = 0
    for window in sorted(found, key=lambda w: (w[0] - w[1], w[0])):
        if group and (len(group) + 1) * width > units:
            yield group
            group = []
        if not group:
            width = window[1] - window[0]
        group.append(window)
    if group:
        yield group


def lay_out(block: Block, group: list[tuple[int, int]], vectors: NDArray[np.float32]) -> View:
    """Lay windows side by side.

    Args:
        block: the text.
        group: windows, first and end unit of each.
        vectors: of the block's texts, (T, H).
    """
    width = max(end - first for first, end in group)
    shape = (len(group), width)
    unit_text, case, kind = (np.zeros(shape, np.int64) for _ in range(3))
    mask = np.zeros(shape, bool)
    ranges, places, owners = [], [], []
    for number, (first, end) in enumerate(group):
        size = end - first
        unit_text[number, :size] = block.unit_text[first:end]
        case[number, :size], kind[number, :size] = block.case[first:end], block.kind[first:end]
        mask[number, :size] = True
        low, high = np.searchsorted(block.unit, [first, end]).tolist()
        ranges.append(np.arange(low, high))
        places.append(block.unit[low:high] - first + number * width)
        owners.append(np.full(high - low, number))
    chosen = np.concatenate(ranges).astype(np.int64)
    row_text = block.row_text[chosen]
    inputs: dict[str, NDArray[Any]] = {
        "vectors": vectors,
        "unit_text": unit_text,
        "case": case,
        "kind": kind,
        "mask": mask,
        "place": np.concatenate(places).astype(np.int64),
        "row_text": np.maximum(row_text, 0),
        "row_mask": row_text >= 0,
        "log_fast": block.log_fast[chosen],
        "relation": block.relation[chosen],
        "features": block.features[chosen],
    }
    sentence = block.sentence[block.unit[chosen]]
    return View(inputs, chosen, sentence, np.concatenate(owners).astype(np.int64))
