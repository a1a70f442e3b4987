"""The compiled table, loaded with numpy alone, and the walks over it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corpora.wordnet._relation import PARTS_OF_SPEECH, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from numpy.typing import NDArray

    IntArray = NDArray[np.integer[Any]]

_SHIPPED = Path(__file__).parent / "data" / "wordnet.npz"


class Neighbour(NamedTuple):
    """A lemma one step away.

    Attributes:
        lemma: the target as WordNet spells it (`Oregon`, `information technology`).
        relation: what the target is to the source (`HYPERNYM`: the target is more general).
        rank: sense number of the source, from 0, within its lemma and part of speech.
        pos: part of speech of the source's sense, one of `n v a r`.
        target_rank: sense number of the target, from 0.
    """

    lemma: str
    relation: Relation
    rank: int
    pos: str
    target_rank: int


class Links(NamedTuple):
    """All links of one relation between lemmas, as rows of a compressed sparse matrix.

    Row *i* (lemma number) is the slice ``offsets[i]:offsets[i + 1]`` of the other arrays. A target
    is listed once for each pair of senses that links it.
    """

    offsets: IntArray  # int64[lemmas + 1]
    targets: IntArray  # lemma numbers
    spellings: IntArray  # numbers of the targets' cased spellings
    ranks: IntArray  # sense rank of the source, from 0
    target_ranks: IntArray  # sense rank of the target, from 0
    pos: IntArray  # part of speech of the source's sense: index into "nvar"
    places: IntArray  # place of the target among the words of its synset, from 0


class WordNet:
    """Lemmas and their relations; part of speech is ignored unless the caller looks at it.

    Attributes:
        lemmas: lower-case keys, sorted; multi-word lemmas with spaces.
        index: lemma to its number.
        spellings: cased spellings; `Links.spellings` points here.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.spellings: list[str] = arrays["spellings"].tobytes().decode().split("\n")
        lowered = [spelling.lower() for spelling in self.spellings]
        self.lemmas: list[str] = list(dict.fromkeys(lowered))
        self.index: dict[str, int] = {lemma: i for i, lemma in enumerate(self.lemmas)}
        key = np.array([self.index[lemma] for lemma in lowered], np.int32)
        self.sense_spelling = arrays["sense_spelling"]
        self.sense_lemma = key[self.sense_spelling]
        self.sense_synset = arrays["sense_synset"]
        self.sense_rank = arrays["sense_rank"]
        self.sense_tagged = arrays["sense_tagged"]
        self.synset_pos = arrays["synset_pos"]
        self._semantic = arrays["semantic"]
        self._lexical = arrays["lexical"]
        self._links: dict[Relation, Links] = {}

    @classmethod
    def load(cls, path: Path | None = None) -> WordNet:
        """Read a table written by `compile_wordnet`; by default the one in this package.

        >>> "whitethorn" in {n.lemma for n in WordNet.load().neighbours("may")}
        True
        """
        with np.load(path or _SHIPPED, allow_pickle=False) as arrays:
            return cls(dict(arrays))

    def neighbours(
        self, lemma: str, relations: tuple[Relation, ...] = tuple(Relation)[:8]
    ) -> list[Neighbour]:
        """List what is one step from `lemma` (any case), frequent senses first, without itself.

        Sisters are many and are listed only when asked for. An unknown lemma has no neighbours.
        """
        number = self.index.get(lemma.lower())
        if number is None:
            return []
        found: list[Neighbour] = []
        for relation in relations:
            links = self.links(relation)
            row = slice(int(links.offsets[number]), int(links.offsets[number + 1]))
            columns = (links.spellings, links.ranks, links.pos, links.target_ranks)
            for spelling, rank, pos, other in zip(*(c[row].tolist() for c in columns), strict=True):
                found.append(
                    Neighbour(self.spellings[spelling], relation, rank, PARTS_OF_SPEECH[pos], other)
                )
        found.sort(key=lambda n: (n.rank, n.relation, n.target_rank))
        return found

    def links(self, relation: Relation) -> Links:
        """Return every lemma-to-lemma link of one relation; computed once, then kept."""
        if relation not in self._links:
            self._links[relation] = self._compute(relation)
        return self._links[relation]

    def _compute(self, relation: Relation) -> Links:
        source, target = self._synset_pairs(relation)
        from_sense, to_sense = self._cross(source, target)
        lexical = self._lexical[self._lexical[:, 2] == _stored(relation)]
        ends = (lexical[:, 1], lexical[:, 0]) if relation == Relation.HYPONYM else lexical.T[:2]
        from_sense = np.concatenate([from_sense, ends[0]])
        to_sense = np.concatenate([to_sense, ends[1]])
        if relation == Relation.PERTAINYM:  # stored in one direction only
            from_sense, to_sense = (
                np.concatenate([from_sense, to_sense]),
                np.concatenate([to_sense, from_sense]),
            )
        return self._rows(from_sense, to_sense)

    def _synset_pairs(self, relation: Relation) -> tuple[IntArray, IntArray]:
        """Pairs of synsets under a relation; sisters meet in a hypernym."""
        if relation == Relation.SYNONYM:
            every = np.arange(len(self.synset_pos))
            return every, every
        pairs = self._semantic[self._semantic[:, 2] == _stored(relation)]
        if relation == Relation.HYPONYM:
            return pairs[:, 1], pairs[:, 0]
        if relation != Relation.SISTER:
            return pairs[:, 0], pairs[:, 1]
        pairs = pairs[np.argsort(pairs[:, 1], kind="stable")]
        starts, counts = _groups(pairs[:, 1], len(self.synset_pos))
        left, right = _expand(starts[pairs[:, 1]], counts[pairs[:, 1]])
        apart = left != right
        return pairs[left[apart], 0], pairs[right[apart], 0]

    def _cross(self, source: IntArray, target: IntArray) -> tuple[IntArray, IntArray]:
        """Expand pairs of synsets to pairs of senses (senses lie synset after synset)."""
        starts, counts = self._members
        left, from_sense = _expand(starts[source], counts[source])
        right, to_sense = _expand(starts[target[left]], counts[target[left]])
        return from_sense[right], to_sense

    @cached_property
    def _members(self) -> tuple[IntArray, IntArray]:
        return _groups(self.sense_synset, len(self.synset_pos))

    def _rows(self, from_sense: IntArray, to_sense: IntArray) -> Links:
        lemma = self.sense_lemma
        keep = lemma[from_sense] != lemma[to_sense]
        from_sense, to_sense = from_sense[keep], to_sense[keep]
        order = np.lexsort((to_sense, self.sense_rank[from_sense], lemma[from_sense]))
        from_sense, to_sense = from_sense[order], to_sense[order]
        counts = np.bincount(lemma[from_sense], minlength=len(self.lemmas))
        return Links(
            np.concatenate([[0], np.cumsum(counts)]),
            lemma[to_sense],
            self.sense_spelling[to_sense],
            self.sense_rank[from_sense],
            self.sense_rank[to_sense],
            self.synset_pos[self.sense_synset[from_sense]],
            to_sense - self._members[0][self.sense_synset[to_sense]],
        )


def _stored(relation: Relation) -> Relation:
    """The relation under which the table stores a computed one."""
    computed = {Relation.HYPONYM: Relation.HYPERNYM, Relation.SISTER: Relation.HYPERNYM}
    return computed.get(relation, relation)


def _groups(keys: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """First place and number of each key in sorted `keys`."""
    counts = np.bincount(keys, minlength=size)
    return np.cumsum(counts) - counts, counts


def _expand(starts: IntArray, counts: IntArray) -> tuple[IntArray, IntArray]:
    """For ranges (start, count): the range each place belongs to, and the places themselves."""
    owner = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, starts[owner] + within
