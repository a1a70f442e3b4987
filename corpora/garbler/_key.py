"""The key of a document: what every word of it is to be replaced by, chosen once.

Choices are made for each distinct word, not for each occurrence, which is what makes the garbler
fast and a document consistent.
"""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from corpora.garbler._lexicon import WALKS
from corpora.garbler._morphology import inflect
from corpora.garbler._reserve import Reserved, is_reserved_pair, is_reserved_word
from corpora.garbler._tables import closed_class, observed_keys

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from corpora.garbler._dialect import Dialect
    from corpora.garbler._lexicon import Lexicon

_ATTEMPTS = 4  # draws before a word is left alone
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
_OWN_BASE = 0.08  # of the words with an ending become their own base form, a member of the synset
_LONGEST_EXPANSION = 8  # words that one word may become over several passes


class Replacement(NamedTuple):
    """What to write, and the relation that led there."""

    text: str
    relation: str


Key = dict[str, tuple[Replacement, ...]]
"""Surface form to its replacements: one in a consistent dialect."""


class KeyMaker:
    """Chooses replacements for one document.

    Args:
        lexicon: candidates.
        dialect: how to choose among them.
        rng: the document's generator.
    """

    def __init__(self, lexicon: Lexicon, dialect: Dialect, rng: random.Random) -> None:
        self._lexicon = lexicon
        self._dialect = dialect
        self._rng = rng
        self._random = rng.random
        self._plans: dict[tuple[str, ...], tuple[list[str], list[float]]] = {}
        self._choices: dict[str, tuple[Replacement, ...]] = {}
        self._power = dialect.focus
        self._common = dialect.common
        self._endings = 0.0 if dialect.inflected == "skip" else dialect.endings

    def make(self, counts: dict[str, int]) -> Key:
        """Build the key for a document.

        Args:
            counts: surface forms of words with their numbers of occurrences, in the order of the
                text (which makes the result reproducible).
        """
        dialect = self._dialect
        budget = dialect.share * sum(counts.values())
        heads = {form: self._head(form) for form in counts}
        closed = [form for form, head in heads.items() if head in closed_class()]
        key = self._closed(closed, heads, counts, budget)
        budget -= sum(counts[form] for form in key)
        rest = {form: head for form, head in heads.items() if head and head not in closed_class()}
        key |= self._content(rest, counts, budget)
        return self._again(key, dialect.share) if dialect.passes > 1 else key

    def phrase(self, lemma: str) -> Replacement | None:
        """Choose what a phrase of several words becomes, once a document; one word if possible."""
        if lemma not in self._choices:
            pools = self._lexicon.pools(lemma, several_words=False)
            relations = [name for name in self._dialect.relations if name in pools]
            chosen: tuple[Replacement, ...] = ()
            if relations and self._random() < self._dialect.share:
                name = self._rng.choice(relations)
                chosen = (Replacement(self._rng.choice(pools[name]), name),)
            self._choices[lemma] = chosen
        return self._choices[lemma][0] if self._choices[lemma] else None

    def _content(self, heads: dict[str, str], counts: dict[str, int], budget: float) -> Key:
        """Choose for words outside the closed class until the budget is used up.

        A second round makes up for words for which the first found nothing.
        """
        key: Key = {}
        open_forms = [form for form, head in heads.items() if self._replaceable(head)]
        for _ in range(2):
            total = sum(counts[form] for form in open_forms)
            share = budget / total / self._dialect.occurrences if total else 0.0
            left = []
            for form in open_forms:
                if self._random() >= share:
                    left.append(form)
                elif chosen := self._choose(heads[form], form, counts[form]):
                    key[form] = chosen
                    budget -= counts[form] * self._dialect.occurrences
            open_forms = left
        return key

    def _head(self, form: str) -> str:
        """The lower-case word to look up for a surface form; empty if the form is left alone."""
        dialect = self._dialect
        if not form.islower():
            if len(form) > 1 and form.isupper():
                if not dialect.headlines:
                    return ""
            elif dialect.capitals == "skip":
                return ""
        for mark in _APOSTROPHES:
            if mark in form:
                return form.partition(mark)[0].lower() if dialect.contractions else ""
        return form.lower()

    def _closed(
        self, forms: list[str], heads: dict[str, str], counts: dict[str, int], budget: float
    ) -> Key:
        """Choose for function words; a total key may exceed the budget, others stay within it."""
        key: Key = {}
        self._rng.shuffle(forms)
        for form in forms:
            head = heads[form]
            chosen = self._choices.get(head)
            if chosen is None:
                chosen = self._choices[head] = self._closed_word(head)
            if chosen and (budget >= counts[form] or chosen[0].relation == "observed"):
                key[form] = self._dressed(form, chosen)
                budget -= counts[form]
        return key

    def _closed_word(self, word: str) -> tuple[Replacement, ...]:
        dialect = self._dialect
        known = observed_keys()[dialect.key].get(word) if dialect.key else None
        if known and self._random() < dialect.observed:
            if self._lexicon.reserved is Reserved.PREFER:  # a public key is not an unseen one
                return self._arbitrary()
            if dialect.consistent:
                known = (self._rng.choice(known),)
            return tuple(Replacement(text, "observed") for text in known)
        if self._random() >= dialect.closed:
            return ()
        if self._random() >= dialect.arbitrary:
            drawn = self._draw(word)
            any_key = self._lexicon.reserved is not Reserved.PREFER
            if drawn and (any_key or is_reserved_pair(word, drawn.text)):
                return (drawn,)
        return self._arbitrary() if dialect.arbitrary else ()

    def _arbitrary(self) -> tuple[Replacement, ...]:
        """Draw a kind of word, then a word."""
        kinds = self._dialect.kinds
        words = self._lexicon.arbitrary[self._rng.choices(list(kinds), list(kinds.values()))[0]]
        word = words[int(self._random() * len(words))]
        return (Replacement(word if self._dialect.spelt else word.lower(), "arbitrary"),)

    def _replaceable(self, head: str) -> bool:
        if self._lexicon.analyse(head) is None:
            return False
        if not self._lexicon.is_inflected(head):
            return True
        return self._endings > 0 and self._random() < self._endings

    def _choose(self, head: str, form: str, count: int) -> tuple[Replacement, ...]:
        chosen = self._choices.get(head)
        if chosen is None:
            number = 1 if self._dialect.consistent else min(count, self._dialect.varied)
            chosen = self._choices[head] = self._several(head, number)
        return self._dressed(form, chosen)

    def _several(self, head: str, number: int) -> tuple[Replacement, ...]:
        found = self._lexicon.analyse(head)
        if found is None:
            return ()
        if found.tag and self._dialect.inflected == "base" and self._random() < _OWN_BASE:
            return (Replacement(found.lemma, "synonym"),)
        drawn = {self._draw(found.lemma): None for _ in range(number)}
        tag = found.tag if self._dialect.inflected == "reinflect" else ""
        return tuple(
            Replacement(inflect(one.text, tag), one.relation) for one in drawn if one is not None
        )

    def _draw(self, lemma: str) -> Replacement | None:
        """Draw a relation, then a replacement; try another relation where a walk fails."""
        dialect = self._dialect
        pools = self._lexicon.pools(
            lemma, one_pos=dialect.one_pos, several_words=dialect.several_words
        )
        names, sums = self._plan(tuple(pools))
        for _ in range(_ATTEMPTS if sums else 0):
            name = names[bisect(sums, self._random() * sums[-1])]
            pool = pools.get(name)
            text = self._from(pool) if pool else self._lexicon.walk(lemma, name, self._rng)
            if text and (dialect.several_words or " " not in text):
                return Replacement(text if dialect.spelt else text.lower(), name)
        return None

    def _from(self, pool: tuple[str, ...]) -> str:
        """Draw from a pool; the commoner of two draws as often as the dialect prefers it."""
        text = pool[int(self._random() ** self._power * len(pool))]
        if not self._common or self._random() >= self._common:
            return text
        other = pool[int(self._random() ** self._power * len(pool))]
        tagged = self._lexicon.tagged
        return other if tagged.get(other.lower(), 0) > tagged.get(text.lower(), 0) else text

    def _plan(self, available: tuple[str, ...]) -> tuple[list[str], list[float]]:
        """Relations to draw from with cumulative weights, for a word that has those `available`."""
        plan = self._plans.get(available)
        if plan is None:
            weights = {
                name: weight
                for name, weight in self._dialect.relations.items()
                if name in available or name in WALKS or name == "moby"
            }
            plan = self._plans[available] = (list(weights), list(accumulate(weights.values())))
        return plan

    def _dressed(self, form: str, chosen: tuple[Replacement, ...]) -> tuple[Replacement, ...]:
        """Give replacements the case and the part after the apostrophe of a surface form."""
        if form.islower() and form.isalpha():
            return chosen
        tail = ""
        for mark in _APOSTROPHES:
            if mark in form:
                form, _, tail = form.partition(mark)
                tail = mark + tail
        cased = ((self._cased(form, one.text), one.relation) for one in chosen)
        return tuple(Replacement(text + tail, relation) for text, relation in cased)

    def _cased(self, form: str, text: str) -> str:
        if self._dialect.capitals == "lower" or form.islower():
            return text
        if len(form) > 1 and form.isupper():
            return text.upper()
        return text[:1].upper() + text[1:]

    def _again(self, key: Key, share: float) -> Key:
        """Run the spinner over its own output, as often as the dialect says."""
        for _ in range(1, self._dialect.passes):
            key = {form: self._pass(form, chosen, share) for form, chosen in key.items()}
        return key

    def _pass(
        self, form: str, chosen: Iterable[Replacement], share: float
    ) -> tuple[Replacement, ...]:
        out = []
        for one in chosen:
            words = [self._respun(word, share) for word in one.text.split(" ")]
            text = " ".join(words)
            good = text != form and text.count(" ") < _LONGEST_EXPANSION
            good = good and not self._is_held_out(form.lower(), text)
            out.append(Replacement(text, one.relation) if good else one)
        return tuple(out)

    def _is_held_out(self, word: str, text: str) -> bool:
        """Whether further passes have made a pair that this lexicon is not to produce."""
        if self._lexicon.reserved is not Reserved.EXCLUDE:
            return False
        if word in closed_class() and is_reserved_word(text):
            return True
        found = self._lexicon.analyse(word)
        return is_reserved_pair(found.lemma if found else word, text)

    def _respun(self, word: str, share: float) -> str:
        if word not in self._choices and (
            not word.islower() or self._random() >= share or word in closed_class()
        ):
            return word
        chosen = self._choices.get(word) or self._several(word, 1)
        return chosen[0].text if chosen else word
