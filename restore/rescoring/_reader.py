"""Scores the variants of a passage: a trunk, and a branch for each other variant, all in one pass.

The trunk is the passage as it is believed to read; a branch begins where its place does, sees what
lies before it on the trunk, and holds the variant and the words that follow. What was read before
stays in a cache of keys and values (compare Miao et al. 2023, SpecInfer, section 4.2).
"""

from __future__ import annotations

from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.rescoring._model import Score

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from restore.rescoring._llama import Llama
    from restore.rescoring._model import Place

CONTEXT, MOST_CONTEXT = 128, 384  # tokens kept of what was read, once they are more than the second


class _Branch(NamedTuple):
    """Tokens to be scored.

    Attributes:
        at: index on the trunk of the first of them.
        tokens: the variant's and those that follow.
        own: how many are the variant's.
        on_trunk: whether it is what stands there.
    """

    at: int
    tokens: list[int]
    own: int
    on_trunk: bool


class TreeReader:
    """Reads one document; see `restore.rescoring.Reader`.

    Args:
        tokens: splits text.
        network: the language model.
        begin: token that begins texts.
    """

    def __init__(self, tokens: Callable[[str], list[int]], network: Llama, begin: int) -> None:
        self._tokens, self._network, self._begin = tokens, network, begin
        self._context = [begin]
        self._passage = ""  # what was scored last
        self._trunk: list[int] = []  # what `_states` and `_cache` are of
        self._states, self._cache = network.nothing()

    def read(self, text: str) -> None:
        """Go on in the document: `text` is settled."""
        # What has been split already is not split again, as it would be split otherwise.
        same = bool(text) and text == self._passage
        self._context = self._trunk if same else self._context + self._tokens(text)
        self._passage = ""
        if len(self._context) > MOST_CONTEXT:
            self._context = [self._begin, *self._context[-CONTEXT:]]

    def glance(self, passage: str, places: Sequence[Place]) -> list[list[float]]:
        """Return the log probability of the first token of each variant, 0 for none."""
        branches = self._lay_out(passage, places)
        heads = [
            [branch._replace(tokens=branch.tokens[:1] if branch.own else []) for branch in group]
            for group in branches
        ]
        return [[score.both for score in group] for group in self._scores(heads)]

    def score(self, passage: str, places: Sequence[Place]) -> list[list[Score]]:
        """Return what is said of each variant of each place."""
        return self._scores(self._lay_out(passage, places))

    def _lay_out(self, passage: str, places: Sequence[Place]) -> list[list[_Branch]]:
        """Split a passage at the ends of all places, read it, and lay branches off it.

        Returns:
            The branches of each place.
        """
        edges = {0, len(passage)}.union(*(place[:3] for place in places))
        index: dict[int, int] = {0: len(self._context)}
        whole = list(self._context)
        for left, right in pairwise(sorted(edges)):
            whole += self._tokens(passage[left:right])
            index[right] = len(whole)
        self._go_on(whole)
        self._passage = passage
        return [self._branches(passage, place, index) for place in places]

    def _branches(self, passage: str, place: Place, index: dict[int, int]) -> list[_Branch]:
        begin, end, reach = (index[offset] for offset in place[:3])
        there, out = passage[place.start : place.end], []
        for variant in place.variants:
            same = variant == there
            own = self._trunk[begin:end] if same else self._tokens(variant)
            out.append(_Branch(begin, own + self._trunk[end:reach], len(own), same))
        return out

    def _go_on(self, whole: list[int]) -> None:
        """Make `whole` the trunk, and read what is new of it."""
        pairs = zip(self._trunk, whole, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        states, self._cache = self._states[:same], self._cache.first(same)
        if same < len(whole):
            new = np.array(whole[same:])
            places = np.arange(same, len(whole))
            seen = np.tri(len(new), len(whole), same, dtype=np.bool_)
            found, self._cache = self._network.read(new, places, seen, self._cache)
            states = np.concatenate([states, found])
        self._states, self._trunk = states, whole

    def _scores(self, branches: list[list[_Branch]]) -> list[list[Score]]:
        flat = [branch for group in branches for branch in group]
        # The last token of a branch is asked for, but nothing is asked of it.
        off = [b for b in flat if not b.on_trunk and len(b.tokens) > 1]
        states = self._states
        if off:
            size = len(self._trunk)
            tokens = [token for branch in off for token in branch.tokens[:-1]]
            places = [branch.at + i for branch in off for i in range(len(branch.tokens) - 1)]
            found, _ = self._network.read(
                np.array(tokens), np.array(places), _seen(size, off), self._cache
            )
            states = np.concatenate([states, found])
        values = iter(self._read_off(states, flat))
        return [[next(values) for _ in group] for group in branches]

    def _read_off(self, states: NDArray[np.float32], branches: list[_Branch]) -> list[Score]:
        """Return the log probabilities of each branch's tokens."""
        rows: list[int] = []
        targets: list[int] = []
        at = len(self._trunk)
        for branch in branches:
            more = max(0, len(branch.tokens) - 1)
            begin = branch.at if branch.on_trunk else at
            at += 0 if branch.on_trunk else more
            rows += [branch.at - 1, *range(begin, begin + more)][: len(branch.tokens)]
            targets += branch.tokens
        logs = self._network.logs(states, np.array(rows, np.int64), np.array(targets, np.int64))
        ends = np.cumsum([len(branch.tokens) for branch in branches])
        return [
            Score(float(part[: branch.own].sum()), float(part[branch.own :].sum()), branch.own)
            for part, branch in zip(np.split(logs, ends[:-1]), branches, strict=True)
        ]


def _seen(length: int, branches: Sequence[_Branch]) -> NDArray[np.bool_]:
    """Tell what each token of branches sees: what lies before it on the trunk, and on its branch.

    Returns:
        True where it does, (tokens but the last of each branch, `length` and these).
    """
    sizes = [len(branch.tokens) - 1 for branch in branches]
    seen = np.zeros((sum(sizes), length + sum(sizes)), np.bool_)
    at = 0
    for branch, size in zip(branches, sizes, strict=True):
        seen[at : at + size, : branch.at] = True
        seen[at : at + size, length + at : length + at + size] = np.tri(size, dtype=np.bool_)
        at += size
    return seen
