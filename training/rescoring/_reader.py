"""Scores all variants of a passage in one pass: a trunk, and a branch for each other variant.

The trunk is the passage as it is believed to read; a branch begins where its place does, sees what
lies before it on the trunk, and holds the variant and the words that follow. What was read before
stays in a cache of keys and values (compare Miao et al. 2023, SpecInfer, section 4.2).
"""

from __future__ import annotations

from inspect import signature
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from transformers import DynamicCache

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from restore.rescoring import Place

CONTEXT, MOST_CONTEXT = 128, 384  # tokens kept of what was read, once they are more than the second


class _Branch(NamedTuple):
    """Tokens to be scored.

    Attributes:
        at: index on the trunk of the first of them.
        tokens: the variant's and those that follow.
        on_trunk: whether it is what stands there.
    """

    at: int
    tokens: list[int]
    on_trunk: bool


class TreeReader:
    """Reads one document; see `restore.rescoring.Reader`.

    Args:
        tokens: splits text.
        network: a causal model of transformers.
        begin: token that begins texts.
    """

    def __init__(self, tokens: Callable[[str], list[int]], network: Any, begin: int) -> None:
        self._tokens, self._network, self._begin = tokens, network, begin
        self._context = [begin]
        self._cached: list[int] = []
        self._cache = DynamicCache()
        names = signature(network.model.forward).parameters
        self._cache_name = "cache" if "cache" in names else "past_key_values"  # renamed in 5.x

    def read(self, text: str) -> None:
        """Go on in the document: `text` is settled."""
        self._context += self._tokens(text)
        if len(self._context) > MOST_CONTEXT:
            self._context = [self._begin, *self._context[-CONTEXT:]]

    @torch.inference_mode()
    def score(self, passage: str, places: Sequence[Place]) -> list[list[float]]:
        """Return the log probability of each variant of each place, in nats."""
        trunk, branches = self._lay_out(passage, places)
        whole = self._context + trunk
        done = self._rewind(whole)
        flat = [branch for group in branches for branch in group]
        states = self._run(whole, done, [branch for branch in flat if not branch.on_trunk])
        values = iter(self._read_off(states, len(whole), done, flat))
        return [[next(values) for _ in group] for group in branches]

    def _lay_out(
        self, passage: str, places: Sequence[Place]
    ) -> tuple[list[int], list[list[_Branch]]]:
        """Split a passage at the ends of all places, and lay branches off it.

        Returns:
            The tokens of the passage, and the branches of each place.
        """
        edges = {0, len(passage)}.union(*(place[:3] for place in places))
        index: dict[int, int] = {0: len(self._context)}
        trunk: list[int] = []
        for left, right in pairwise(sorted(edges)):
            trunk += self._tokens(passage[left:right])
            index[right] = len(self._context) + len(trunk)
        return trunk, [self._branches(passage, place, trunk, index) for place in places]

    def _branches(
        self, passage: str, place: Place, trunk: list[int], index: dict[int, int]
    ) -> list[_Branch]:
        base = len(self._context)
        begin, end, reach = (index[offset] - base for offset in place[:3])
        there = passage[place.start : place.end]
        return [
            _Branch(index[place.start], trunk[begin:reach], on_trunk=True)
            if variant == there
            else _Branch(
                index[place.start], self._tokens(variant) + trunk[end:reach], on_trunk=False
            )
            for variant in place.variants
        ]

    def _rewind(self, whole: list[int]) -> int:
        """Cut the cache down to what the next pass shares; returns how many tokens that is.

        What is scored needs the state of the token before it, so one token is read at least.
        """
        pairs = zip(self._cached, whole, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        same = min(same, len(self._context) - 1)
        if same:
            self._cut(len(self._cached) - same)
        else:
            self._cache = DynamicCache()
        self._cached = whole
        return same

    def _run(self, whole: list[int], done: int, branches: list[_Branch]) -> torch.Tensor:
        """Run the network over what is new of the trunk, and over the branches: (tokens, H)."""
        tokens, positions = whole[done:], list(range(done, len(whole)))
        for branch in branches:
            tokens = tokens + branch.tokens
            positions += range(branch.at, branch.at + len(branch.tokens))
        out = self._network.model(
            input_ids=torch.tensor([tokens]),
            position_ids=torch.tensor([positions]),
            attention_mask=_seen(len(whole), done, branches)[None, None],
            use_cache=True,
            **{self._cache_name: self._cache},
        )
        self._cut(sum(len(branch.tokens) for branch in branches))
        states: torch.Tensor = out.last_hidden_state[0]
        return states

    def _cut(self, count: int) -> None:
        """Forget the last tokens of the cache."""
        if count:
            self._cache.crop(-count)

    def _read_off(
        self, states: torch.Tensor, length: int, done: int, branches: list[_Branch]
    ) -> list[float]:
        """Return the log probability of each branch's tokens."""
        rows: list[int] = []
        targets: list[int] = []
        at = length - done
        for branch in branches:
            size = len(branch.tokens)
            begin = branch.at - done if branch.on_trunk else at
            at += 0 if branch.on_trunk else size
            rows += [branch.at - 1 - done, *range(begin, begin + size - 1)][:size]
            targets += branch.tokens
        if not rows:
            return [0.0] * len(branches)
        # Many are on the trunk for several places: each state meets the vocabulary once.
        unique, where = torch.tensor(rows).unique(return_inverse=True)
        logits = self._network.lm_head(states[unique])
        logs = logits[where, torch.tensor(targets)] - logits.logsumexp(1)[where]
        parts = logs.double().split([len(branch.tokens) for branch in branches])
        return [float(part.sum()) for part in parts]


def _seen(length: int, done: int, branches: list[_Branch]) -> torch.Tensor:
    """Tell what each new token sees: what lies before it on the trunk, and on its own branch.

    Returns:
        True where it does, (new tokens, all tokens): the trunk's first, then branch by branch.
    """
    sizes = [len(branch.tokens) for branch in branches]
    total = length + sum(sizes)
    seen = torch.zeros((total, total), dtype=torch.bool)
    seen[:length, :length] = torch.ones((length, length), dtype=torch.bool).tril()
    at = length
    for branch, size in zip(branches, sizes, strict=True):
        seen[at : at + size, : branch.at] = True
        seen[at : at + size, at : at + size] = torch.ones((size, size), dtype=torch.bool).tril()
        at += size
    return seen[done:]
