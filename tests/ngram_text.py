"""Makes small corpora for the n-gram tests, and estimates them a second time in plain Python."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from itertools import pairwise

WORDS = {
    "who": [
        "the mayor",
        "a neighbour",
        "the Council's clerk",
        "our team",
        "two drivers",
        "Mrs Orr",
    ],
    "did": ["opened", "painted", "will close", "has sold", "didn\u2019t repair", "counted"],
    "what": ["the old bridge", "a school", "12 boats", "the harbour gate", "1,500 trees", "it"],
    "when": ["on Monday", "last week", "before the storm", "in May", "again", "at noon"],
}


def document(seed):
    """A few sentences, every word from `WORDS`, some of them much more frequent than others."""
    rng = random.Random(seed)

    def sentence():
        parts = [rng.choice(WORDS[kind][: rng.randint(1, 6)]) for kind in ("who", "did", "what")]
        if rng.random() < 0.6:
            parts.append(rng.choice(WORDS["when"][: rng.randint(1, 6)]))
        text = " ".join(parts)
        return text[0].upper() + text[1:] + rng.choice(["."] * 5 + ["!", "?"])

    return " ".join(sentence() for _ in range(rng.randint(1, 6)))


def write_corpora(folder, documents=240):
    """Two Parquet files with the columns that the trainer reads."""
    import pyarrow as pa
    from pyarrow import parquet

    folder.mkdir(parents=True, exist_ok=True)
    for name, first in (("one", 0), ("two", documents)):
        numbers = range(first, first + documents)
        columns = {
            "id": [f"{name}/{n}" for n in numbers],
            "title": [None] * documents,
            "text": [document(n) for n in numbers],
        }
        parquet.write_table(pa.table(columns), folder / f"{name}.parquet")
    return folder


class PlainKneserNey:
    """Interpolated modified Kneser-Ney, straight from Chen and Goodman's definitions.

    Shares no code with the trainer: dictionaries of tuples, one probability at a time.
    """

    def __init__(self, sentences):
        trigrams, bigrams = Counter(), Counter()
        for words in sentences:
            padded = ["<s>", *words, "</s>"]
            trigrams.update(zip(padded, padded[1:], padded[2:], strict=False))
            bigrams.update(pairwise(padded))
        lefts, bigram_lefts = defaultdict(set), defaultdict(set)
        for a, b, c in trigrams:
            lefts[b, c].add(a)
        for b, c in bigrams:
            bigram_lefts[c].add(b)
        vocabulary = {"<unk>", "<num>"} | {word for pair in bigrams for word in pair}
        vocabulary.discard("<s>")
        self.vocabulary = sorted(vocabulary)
        adjusted = {p: n if p[0] == "<s>" else len(lefts[p]) for p, n in bigrams.items()}
        size = sum(len(bigram_lefts[c]) + 1 for c in vocabulary)
        self.unigram = {c: (len(bigram_lefts[c]) + 1) / size for c in vocabulary}
        self.orders = [self._order(adjusted), self._order(trigrams)]

    def _order(self, counts):
        number = Counter(counts.values())
        y = number[1] / (number[1] + 2 * number[2])
        steps = [0, *(k - (k + 1) * y * number[k + 1] / number[k] for k in (1, 2, 3))]
        if not all(0 < step <= k for k, step in enumerate(steps) if k):
            steps = [0, 0.5, 1, 1.5]
        totals, saved = Counter(), Counter()
        for gram, count in counts.items():
            totals[gram[:-1]] += count
            saved[gram[:-1]] += steps[min(count, 3)]
        return counts, steps, totals, saved

    def probability(self, gram):
        """P(last word | the words before)."""
        if len(gram) == 1:
            return self.unigram[gram[0]]
        counts, steps, totals, saved = self.orders[len(gram) - 2]
        lower = self.probability(gram[1:])
        if not totals[gram[:-1]]:
            return lower
        count = counts.get(gram, 0)
        kept = count - steps[min(count, 3)]
        return (kept + saved[gram[:-1]] * lower) / totals[gram[:-1]]
