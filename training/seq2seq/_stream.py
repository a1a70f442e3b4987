"""The endless stream of training windows: news in a fixed order, garbled as it is read."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from restore.seq2seq._batch import DULL, windows
from training._garblers import garbler, garblers_lexicon
from training.fast._examples import excerpt, part_of
from training.fast._run import FIT_PART
from training.ngram._encode import HELD_OUT, is_held_out, unread
from training.seq2seq._batches import WIDTHS, Batch, Window, collate
from training.seq2seq._examples import Example, believed_key, hide_unreachable, make_example
from training.seq2seq._steps import rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from corpora.garbler import Garbled
    from restore.seq2seq._encode import Reader
    from restore.seq2seq._pieces import Pieces
    from training.seq2seq._first import FirstReader

CHUNK = 48  # documents whose windows are shuffled together
SHORT = 600  # characters: most of the corpora are leads of few words
SHORT_TAKEN = 0.3  # share of these that is used
# Share of inputs that stay clean by their size: a line says little about itself, and is better left
# alone when in doubt. Of clean text only the windows with a doubtful word are read.
CLEAN_SHARE = {"whole": 0.15, "paragraphs": 0.35, "sentences": 0.6}


@dataclass(slots=True)
class Mixture:
    """How documents are drawn and garbled.

    The n-gram model has read most of the corpora: on those, fast mode is better than it will ever
    be on a user's text. So some documents are drawn from those that it has not read, and of the
    others some windows are shown without its evidence.

    Attributes:
        shares: weights by recipe of documents that do not stay clean.
        clean: share of inputs that stay clean, by their size.
        fresh: share of the documents drawn from those that the n-gram model has not read.
        veiled: share of the other windows whose n-gram evidence is hidden.
        window: units of a window.
        units: units of a batch.
        chained: see `collate`.
        seed: of all lots.
        keyed: share of the garbled documents shown as a second reading sees them, with most of
            their key believed.
        again: share of the garbled documents that are read first, by `Stream.first`, and shown as a
            second reading sees them.
        paired: share of the documents drawn from parallel text of one's own.
        hidden: whether readings that the garbler never makes right are hidden; see
            `hide_unreachable`.
    """

    shares: dict[str, float]
    clean: dict[str, float] = field(default_factory=lambda: dict(CLEAN_SHARE))
    fresh: float = 0.25
    veiled: float = 0.4
    window: int = 128
    units: int = 2048
    chained: bool = True
    seed: int = 1
    keyed: float = 0.4
    paired: float = 0.0
    hidden: bool = True
    again: float = 0.0


@dataclass(slots=True)
class Stream:
    """Batches of windows, the same for the same seed, from any chunk on.

    Attributes:
        corpus: a sequence of {"id", "text"} records: a `datasets.Dataset`.
        reader: dictionary, language model, fast mode's weights.
        pieces: the vocabulary.
        mixture: how it is garbled.
        rank: which of `world` processes this is; chunks are dealt in turn.
        world: number of processes.
        pairs: parallel text of one's own, ids and garbled texts.
        first: reads texts first; see `Mixture.again`.
    """

    corpus: Any
    reader: Reader
    pieces: Pieces
    mixture: Mixture
    rank: int = 0
    world: int = 1
    pairs: Sequence[tuple[str, Garbled]] = ()
    first: FirstReader | None = None
    _fresh: NDArray[np.int64] | None = None

    @property
    def held_out(self) -> range:
        """Hundredths of the documents that the reader's n-gram model has not read."""
        return unread(self.reader.lexicon.model)

    def batches(self, chunk: int = 0, skip: int = 0) -> Iterator[tuple[int, int, Batch]]:
        """Yield (chunk, number in chunk, batch), from batch `skip` of `chunk` on."""
        order = np.random.default_rng(self.mixture.seed).permutation(len(self.corpus))
        while True:
            first = (chunk * self.world + self.rank) * CHUNK
            for number, batch in enumerate(self._chunk(order, first, chunk)):
                if number >= skip:
                    yield chunk, number, batch
            chunk, skip = chunk + 1, 0

    def _chunk(self, order: NDArray[np.int64], first: int, chunk: int) -> Iterator[Batch]:
        found: list[Window] = []
        for place in range(first, first + CHUNK):
            example = self._at(order, place)
            if example is not None:
                found += interesting(example, self.mixture.window)
        seed = crc32(f"{self.mixture.seed} {chunk} {self.rank}".encode())
        random.Random(seed).shuffle(found)
        for number, group in enumerate(by_length(found, self.mixture.units, seed)):
            yield collate(
                group, self.pieces, chained=self.mixture.chained, seed=seed + number,
                veiled=self.mixture.veiled,
            )  # fmt: skip

    def _at(self, order: NDArray[np.int64], place: int) -> Example | None:
        """Make the example at a place of the stream: a pair of one's own, or garbled news."""
        lot = random.Random(f"pair {self.mixture.seed} {place}")
        if self.pairs and lot.random() < self.mixture.paired:
            name, garbled = lot.choice(self.pairs)
            return make_example(name, "pair", garbled, self.reader, self.pieces)
        record = self.corpus[self._index(order, place)]
        return self.example(f"{record['id']}#{place}", record["id"], record["text"])

    def _index(self, order: NDArray[np.int64], place: int) -> int:
        """Return which document comes at a place of the stream."""
        lot = random.Random(f"fresh {self.mixture.seed} {place}")
        if self._fresh is None:
            known = (is_fresh(name, self.held_out) for name in self.corpus["id"])
            self._fresh = np.flatnonzero(np.fromiter(known, bool))
        if len(self._fresh) and lot.random() < self.mixture.fresh:
            return int(self._fresh[lot.randrange(len(self._fresh))])
        return int(order[place % len(order)])

    def example(self, name: str, document: str, text: str) -> Example | None:
        """Garble one document by the mixture; None if it is held out or left out."""
        lot = random.Random(f"seq2seq {self.mixture.seed} {name}")
        fresh = is_fresh(document, self.held_out)
        if not text or (is_held_out(document, self.held_out) and not fresh):
            return None
        if len(text) < SHORT and lot.random() > SHORT_TAKEN:
            return None
        size, short = excerpt(text, name)
        dialect = lot.choices(list(self.mixture.shares), list(self.mixture.shares.values()))[0]
        if lot.random() < self.mixture.clean.get(size, 0):
            dialect = "clean"
        garbled = garble(dialect, self.mixture.seed, short, name)
        key: dict[str, str] = {}
        if lot.random() < self.mixture.keyed:
            key = believed_key(garbled.edits, self.reader.lexicon.function_text, lot)
        again = dialect != "clean" and lot.random() < self.mixture.again
        first = self.first if again else None
        example = make_example(name, dialect, garbled, self.reader, self.pieces, key, first)
        if example is not None:
            example.fresh = fresh
            if self.mixture.hidden:
                hide_unreachable(example, _reaches)
        return example


def is_fresh(document: str, held_out: range = HELD_OUT) -> bool:
    """Is a document one that the n-gram model has not read, and that is not kept back?

    Kept back is a part that no network is trained on: for measuring, and of a larger share than
    the usual hundredth for the closing round as well.

    Args:
        document: its id.
        held_out: hundredths of the documents that the n-gram model has not read.
    """
    return is_held_out(document, held_out) and FIT_PART[0] <= part_of(document) < FIT_PART[1]


def garble(dialect: str, seed: int, text: str, name: str) -> Garbled:
    """Garble a text by the named recipe; `clean` leaves it alone."""
    from corpora.garbler import Garbled

    return Garbled(text, []) if dialect == "clean" else garbler(dialect, seed).garble(text, name)


@lru_cache(maxsize=1 << 19)
def _reaches(original: str, form: str) -> bool:
    return garblers_lexicon().reaches(original, form)


def interesting(example: Example, limit: int) -> Iterator[Window]:
    """Yield the windows of an example; of a clean one only those with a doubtful word."""
    for first, end in windows(example.block, limit):
        low, high = np.searchsorted(example.block.unit, [first, end])
        if low == high:
            continue
        doubtful = example.block.log_fast[low:high, 0].min() < DULL
        if doubtful or example.altered[low:high].any():
            yield example, first, end


def by_length(found: list[Window], units: int, seed: int) -> list[list[Window]]:
    """Group windows of like length, each group at most `units` units padded; groups shuffled."""
    groups: list[list[Window]] = [[]]
    for window in sorted(found, key=lambda w: w[1] - w[2]):
        longest = (groups[-1] or [window])[0]
        width = rounded(longest[2] - longest[1], WIDTHS)
        if groups[-1] and (len(groups[-1]) + 1) * width > units:
            groups.append([])
        groups[-1].append(window)
    random.Random(seed).shuffle(groups)
    return [group for group in groups if group]
