"""A dictionary and a language model small enough to reason about by hand."""

from __future__ import annotations

import numpy as np

from restore.dictionary import FormIndex
from restore.lattice._ngram import Pairs

RATES = {
    "the": 0.06, ",": 0.05, ".": 0.05, "in": 0.02, "and": 0.02, "have": 0.01, "has": 0.01,
    "about": 0.003, "probably": 0.001, "troops": 0.001, "been": 0.004, "city": 0.001,
    "they": 0.005, "were": 0.005, "it": 0.01, "said": 0.01, "of": 0.025, "to": 0.03,
}  # fmt: skip


class TinyDictionary:
    """The arrays of `restore.dictionary.Dictionary`, made of plain pairs."""

    content_hash = "tiny"

    def __init__(self, pairs):
        self.forms = FormIndex(pairs)
        self.originals = sorted({o for originals in pairs.values() for o in originals})
        sizes = [len(originals) for originals in pairs.values()]
        self.offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        flat = [o for originals in pairs.values() for o in originals]
        self.candidates = np.array([self.originals.index(o) for o in flat], np.int32)
        self.log_priors = np.concatenate([np.log(np.full(n, 1 / n)) for n in sizes]).astype("f4")
        self.relations = np.full(len(flat), 4, np.uint8)
        self.observed = np.zeros(len(flat), bool)
        self.deterministic = np.zeros(len(pairs), bool)
        self.phrase_lengths = {}
        for form in pairs:
            if " " in form:
                self.phrase_lengths[form.split()[0]] = (len(form.split()),)


class TinyModel:
    """Probabilities from an arbitrary but fixed formula, over the words of `RATES`."""

    sha256 = "tiny"

    def __init__(self):
        words = ["<unk>", "<s>", "</s>", "<num>", *RATES]
        self.vocabulary = {word: index for index, word in enumerate(words)}
        rates = np.array([1e-5, 1e-5, 0.04, 0.01, *RATES.values()], np.float32)
        self.unigram = self.log_frequency = np.log(rates)

    def ids(self, tokens):
        return np.array([self.vocabulary.get(token, 0) for token in tokens], np.int32)

    def bigram(self, a, b):
        a, b = np.broadcast_arrays(a, b)
        return (-((a * 31 + b * 17) % 7) / 2 - 1).astype(np.float32)

    def pairs(self, a, b):
        a, b = np.broadcast_arrays(a, b)
        return Pairs(a.astype(np.uint64), a, b, self.bigram(a, b), np.ones(a.shape, bool))

    def follow(self, before, pairs):
        a, b, c = before.codes, before.second, pairs.second
        logs = (-((a * 31 + b * 17 + c * 5) % 7) / 2 - 1).astype(np.float32)
        return logs, np.full(logs.shape, 2, np.uint8)
