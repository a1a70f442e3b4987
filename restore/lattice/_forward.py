"""Forward-backward over the bigram lattice: first posteriors, all sentences of a document at once.

The recursion is that of Rabiner 1989 (A Tutorial on Hidden Markov Models, section III.A), with the
bigram language model as transition and channel scores as emissions, in log space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._lattice import KEEP, KEY, UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore.lattice._lattice import Lattice
    from restore.lattice._ngram import NgramModel

BEAM = 6  # states kept at a position: keep and the best others by channel score
FLOOR = -12.0  # log posterior of readings outside the beam
_DEAD = np.float32(-1e4)


@dataclass(frozen=True, slots=True)
class Channel:
    """Weights of the noisy channel, fitted on garbled training text.

    log score(original) = prior_weight * log P(original | form garbled)
                          - frequency_weight * log P(original) + bias
    log score(keep)     = - frequency_weight * log P(form)
    """

    prior_weight: float = 1.0
    frequency_weight: float = 0.8
    bias: float = -3.0
    key_bias: float = -3.0
    lm_weight: float = 1.0


def channel_scores(
    lattice: Lattice, log_frequency: NDArray[np.float32], channel: Channel
) -> NDArray[np.float32]:
    """Return the channel score of each reading, shape (U,); unknown readings get `FLOOR`."""
    readings = lattice.readings
    usual = log_frequency[readings.first] + readings.inner
    score = channel.prior_weight * readings.log_prior - channel.frequency_weight * usual
    score += readings.inner
    score += np.where(readings.relation == KEEP, 0.0, channel.bias)
    score += np.where(readings.relation == KEY, channel.key_bias, 0.0)
    return np.where(readings.relation == UNKNOWN, _DEAD, score).astype(np.float32)


def posteriors(
    lattice: Lattice, model: NgramModel, log_frequency: NDArray[np.float32], channel: Channel
) -> NDArray[np.float32]:
    """Return the log posterior of each row, shape (M,), at least `FLOOR`."""
    emissions = channel_scores(lattice, log_frequency, channel)[lattice.slot]
    rows = _beam(lattice, emissions)
    states, scores = _states(lattice, emissions, rows)
    links = _links(states, scores > _DEAD, model)
    links *= np.float32(channel.lm_weight)
    begins, lengths = _sentences(lattice)
    joint = _forward(links, scores, begins, lengths) + _backward(links, scores, begins, lengths)
    joint -= _logsumexp(joint)[:, None]
    out = np.full(len(lattice.slot), FLOOR, np.float32)
    at = joint[lattice.place]
    inside = rows >= 0
    out[rows[inside]] = np.maximum(at[inside], FLOOR)
    return out


def _beam(lattice: Lattice, emissions: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the rows kept at each position, shape (E, BEAM), -1 where fewer; keep comes first."""
    order = np.lexsort((-emissions, lattice.owner))  # rows stay grouped by position
    place = np.arange(len(order), dtype=np.int32) - lattice.starts[lattice.owner]
    keep = lattice.starts[:-1]
    out = np.full((len(lattice.unit), BEAM), -1, np.int32)
    out[:, 0] = keep
    good = (place < BEAM) & (order != keep[lattice.owner]) & (emissions[order] > _DEAD / 2)
    # The keep row may stand among the best: the others close ranks behind column 0.
    keep_place = np.full(len(keep), BEAM, np.int32)
    is_keep = order == keep[lattice.owner]
    keep_place[lattice.owner[is_keep]] = place[is_keep]
    column = place + 1 - (place > keep_place[lattice.owner])
    good &= column < BEAM
    out[lattice.owner[good], column[good]] = order[good]
    return out


def _states(
    lattice: Lattice, emissions: NDArray[np.float32], rows: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return first and last word ids (L, BEAM, 2) and emission scores (L, BEAM)."""
    length = len(lattice.firsts)
    states = np.zeros((length, BEAM, 2), np.int32)
    scores = np.full((length, BEAM), _DEAD, np.float32)
    states[:, 0, 0], states[:, 0, 1] = lattice.firsts, lattice.lasts
    scores[:, 0] = 0.0
    slots = lattice.slot[rows]
    states[lattice.place, :, 0] = lattice.readings.first[slots]
    states[lattice.place, :, 1] = lattice.readings.last[slots]
    scores[lattice.place] = np.where(rows >= 0, emissions[rows], _DEAD)
    return states, scores


def _links(
    states: NDArray[np.int32], alive: NDArray[np.bool_], model: NgramModel
) -> NDArray[np.float32]:
    """Return the log probability of each state after each of the place before: (L - 1, BEAM, BEAM).

    Only that of states that are there; the links across sentences are never used.
    """
    there = alive[:-1, :, None] & alive[1:, None, :]
    place, before, after = np.nonzero(there)
    links = np.zeros(there.shape, np.float32)
    links[there] = model.bigram(states[place, before, 1], states[place + 1, after, 0])
    return links


def _sentences(lattice: Lattice) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first places and lengths of the sentences, longest first, from the ``<s>`` marks."""
    begins = np.flatnonzero(lattice.firsts == 1)
    lengths = np.append(begins[1:], len(lattice.firsts)) - begins
    order = np.argsort(-lengths, kind="stable")
    return begins[order], lengths[order]


def _forward(
    links: NDArray[np.float32],
    scores: NDArray[np.float32],
    begins: NDArray[np.int64],
    lengths: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Return alpha, emissions included, shape (L, BEAM); all sentences advance together."""
    alpha = scores.copy()
    for step in range(1, int(lengths[0])):
        here = begins[: np.searchsorted(-lengths, -step, side="left")] + step
        paths = np.swapaxes(links[here - 1], 1, 2) + alpha[here - 1][:, None, :]
        alpha[here] += _logsumexp(paths)
    return alpha


def _backward(
    links: NDArray[np.float32],
    scores: NDArray[np.float32],
    begins: NDArray[np.int64],
    lengths: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Return beta, emissions left out, shape (L, BEAM)."""
    beta = np.zeros_like(scores)
    for step in range(1, int(lengths[0])):
        active = np.searchsorted(-lengths, -step, side="left")
        here = begins[:active] + lengths[:active] - 1 - step
        beta[here] = _logsumexp(links[here] + (beta[here + 1] + scores[here + 1])[:, None, :])
    return beta


def _logsumexp(values: NDArray[np.float32]) -> NDArray[np.float32]:
    top = values.max(axis=-1, keepdims=True)
    total: NDArray[np.float32] = np.log(np.exp(values - top).sum(axis=-1)) + top[..., 0]
    return total
