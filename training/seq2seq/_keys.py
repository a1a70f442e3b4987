"""Fits the scorer that judges a document's key (`restore/data/keys.bin`) on garbled news."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore import InputError
from restore._document import Document
from restore.engines import map_in_order
from restore.lattice._scorer import log_softmax_groups
from restore.seq2seq._evidence import Evidence
from restore.seq2seq._key import Solver
from restore.seq2seq._key_features import KEY_NAMES, describe
from training.fast._examples import excerpt
from training.fast._fit import Block, Size, fit_scorer
from training.seq2seq._closing import kept_back
from training.seq2seq._stream import garble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpora.garbler import Garbled
    from restore.lattice._scorer import Scorer
    from restore.seq2seq._block import Block as Sentences
    from restore.seq2seq._key import Told
    from restore.seq2seq._speak import Speech
    from training.seq2seq._source import Source

DIALECTS = ("A", "C", "E", *["random"] * 4)
SEED = 55
SIZE = Size(hidden=(32, 16), epochs=8, positions=128)
MOST = 6  # occurrences of a form beyond which it counts no more
ARBITRARY = 2.0  # a form that no list explains counts so much: the others are known anyway
OCCURRENCES = 2  # of a form that make it count once more


class Form(NamedTuple):
    """A form that may stand for a function word.

    Attributes:
        features: what speaks for its likeliest words and, last, for anything else, (R, F).
        relation: code of each, (R,).
        gold: which of them is right, (R,); none, where what is right is no candidate.
        often: its occurrences.
        stands: whether it stands for a function word.
        times: how often it counts.
    """

    features: NDArray[np.float32]
    relation: NDArray[np.int32]
    gold: NDArray[np.bool_]
    often: int
    stands: bool
    times: int


class Fitted(NamedTuple):
    """The scorer, and what one is worth on every second document when fitted on the others.

    Attributes:
        judge: fitted on all documents.
        forms: how many forms may stand for a function word.
        loss: mean negative log likelihood of what they stand for.
        right: share of the places of forms that stand for one whose word is the likeliest.
        false: share of the other forms that are likeliest to stand for one.
    """

    judge: Scorer
    forms: int
    loss: float
    right: float
    false: float


class Overhearing(Solver):
    """A solver that keeps what it was told: all evidence of the text so far at each reading."""

    def listen(self) -> None:
        """Begin anew."""
        self.heard: list[Evidence] = []

    def settle(
        self, block: Sentences, speeches: Sequence[Speech], told: Told, *, spun: bool
    ) -> tuple[Evidence, dict[str, str]]:
        """Find the key, and keep the evidence."""
        evidence, found = super().settle(block, speeches, told, spun=spun)
        self.heard.append(told.past + evidence)
        return evidence, found


def fit_keys(
    sources: Sequence[Source],
    corpora: Path,
    documents: int,
    *,
    workers: int = 1,
    log: Callable[[str], None] = lambda _: None,
) -> Fitted:
    """Fit what judges keys, on texts that are read with the one that there is.

    Args:
        sources: the model with each of the language models.
        corpora: folder of Parquet corpora; used are documents that the n-gram model has not read,
            that do not measure, and where possible that the network has not read.
        documents: how many of them for each language model.
        workers: processes that read them; the fit is the same.
        log: told about progress, a line at a time.

    Raises:
        InputError: none of them holds a form that may stand for a function word.
    """
    halves: tuple[list[Form], list[Form]] = ([], [])
    for source in sources:
        pool = kept_back(corpora, documents, source.decoder.reader.lexicon.model)
        found = map_in_order(partial(_forms, source), pool, workers=workers)
        for number, forms in enumerate(found):
            halves[number % 2].extend(forms)
        log(f"{len(pool)} documents, {sum(map(len, halves))} forms so far")
    if not all(any(map(_is_told, half)) for half in halves):
        message = f"{documents} documents hold too few forms for a key: use more"
        raise InputError(message)
    measured = _measured(halves[1], _fit(halves[0]))
    return Fitted(_fit(halves[0] + halves[1], log), sum(map(len, halves)), *measured)


def _forms(source: Source, text: tuple[str, str]) -> list[Form]:
    """Return the forms of a garbled text, as the first reading shows them and the last."""
    garbled = garbled_excerpt(*text, SEED)
    document, decoder = Document.parse(garbled.text), source.decoder
    if not document.sentences:
        return []
    if not isinstance(decoder.solver, Overhearing):
        decoder.solver = Overhearing(decoder.reader.lexicon, decoder.network)
    decoder.solver.listen()
    decoder.read(document, document.sentences, Evidence(), {})
    heard = decoder.solver.heard
    ends = [heard[0], *heard[1:][-1:]]
    return [form for evidence in ends for form in _of(decoder.solver, evidence, garbled)]


def _of(solver: Solver, evidence: Evidence, garbled: Garbled) -> Iterator[Form]:
    listener, forms = solver.listener, list(evidence.forms)
    if not forms:
        return
    gold = _originals(garbled)
    arbitrary = {e.before.lower() for e in garbled.edits if e.source.endswith("arbitrary")}
    rows = describe(evidence, forms, listener.usual, listener.words)
    for form, first, end in zip(forms, rows.starts, rows.starts[1:], strict=False):
        number = listener.number.get(gold.get(form, ""), len(listener.words))
        count = evidence.forms[form].count
        weight = min(MOST, count) * (ARBITRARY if form in arbitrary else 1.0)
        yield Form(
            rows.features[first:end], rows.relation[first:end], rows.word[first:end] == number,
            count, number < len(listener.words), int(np.ceil(weight / OCCURRENCES)),
        )  # fmt: skip


def _is_told(form: Form) -> bool:
    return bool(form.gold.any())


def garbled_excerpt(name: str, text: str, seed: int) -> Garbled:
    """Garble a stretch of a document by a spinner drawn by its name."""
    _, short = excerpt(text, name)
    dialect = random.Random(f"key {name}").choice(DIALECTS)
    return garble(dialect, seed, short, name)


def _originals(garbled: Garbled) -> dict[str, str]:
    """Return what each form of a text mostly stands for, in small letters."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for edit in garbled.edits:
        found[edit.before.lower()][edit.after.lower()] += 1
    return {form: words.most_common(1)[0][0] for form, words in found.items()}


def _fit(forms: list[Form], log: Callable[[str], None] = lambda _: None) -> Scorer:
    every = [form for form in forms if _is_told(form) for _ in range(form.times)]
    random.Random(SEED).shuffle(every)
    return fit_scorer(_block(every), size=SIZE, seed=SEED, log=log)


def _block(forms: Sequence[Form]) -> Block:
    return Block(
        np.concatenate([form.features for form in forms]).reshape(-1, len(KEY_NAMES)),
        np.concatenate([form.relation for form in forms]),
        np.cumsum([0, *(len(form.gold) for form in forms)]),
        np.concatenate([form.gold for form in forms]),
    )


def _measured(forms: list[Form], judge: Scorer) -> tuple[float, float, float]:
    block = _block(forms)
    raw = judge.scores(block.features, block.relation)
    shares = np.split(log_softmax_groups(raw, block.starts.astype(np.int32)), block.starts[1:-1])
    losses, right, false = [], Counter[bool](), Counter[bool]()
    for form, share in zip(forms, shares, strict=True):
        hit = bool(form.gold[share.argmax()])
        if _is_told(form):
            losses.append(-float(share[form.gold][0]))
        if form.stands:
            right[hit] += form.often
        else:
            false[not hit] += 1
    return float(np.mean(losses)), _share(right), _share(false)


def _share(counts: Counter[bool]) -> float:
    return counts[True] / max(1, counts.total())
