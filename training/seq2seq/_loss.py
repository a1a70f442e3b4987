"""The objective: judge every position, and say what each doubtful one stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own custom

from restore.lattice._columns import ELSEWHERE, NAMES
from training.seq2seq._examples import IGNORED

if TYPE_CHECKING:
    from training.seq2seq._network import RestorerModel

IMPOSSIBLE = -1e4
# Features that rest on the n-gram model or on what fast mode made of it.
VEILED = [
    name.startswith(("lm_", "order_", "keep_order_", "pmi_", "previous")) or "altered" in name
    for name in NAMES
]
# Features that tell of the same word elsewhere in the document, or of the document as a whole.
KEYED = [
    name.startswith(("pooled", "original_", "document_"))
    or name in ("log_count", "excess", "form_restored_elsewhere", "log_size")
    or number >= ELSEWHERE
    for number, name in enumerate(NAMES)
]
SOFT_ROWS = 5  # readings mixed into what the encoder reads
PIECE_WEIGHT = 0.3  # of the vocabulary's loss at words whose original is listed
JUDGE_WEIGHT = 0.5


class Outcome(NamedTuple):
    """What a forward pass says.

    Attributes:
        loss: scalar, per slot and position.
        judge: log probability of each reading from the encoder alone, (P, R).
        rows: log probability of each reading at the slots, (S, R); the second is "not listed".
        pieces: log probability of the first piece where it is not listed, (K, V).
        known: the K slots that `pieces` is about: the altered ones whose original can be said.
        steps: log probability of the next piece at steps inside a replacement, (I, V).
    """

    loss: Tensor
    judge: Tensor
    rows: Tensor
    pieces: Tensor
    known: Tensor
    steps: Tensor


def run(model: RestorerModel, batch: dict[str, Tensor]) -> Outcome:
    """Run the network over a batch with the originals, or drafts, as the earlier steps."""
    vectors = model.text_vectors(batch["text_pieces"])
    states = model.encode(
        vectors, batch["unit_text"], batch["case"], batch["kind"], batch["mask"], batch["place"],
        batch["row_text"][:, :SOFT_ROWS], _belief(model, batch),
    )  # fmt: skip
    queries = _queries(model, batch, states)
    place, slot, step = batch["place"], batch["slot"], batch["slot_step"]
    rows_of = batch["row_text"]
    judged = model.judge_query(states).flatten(0, 1)
    match = model.matches(judged, vectors, place, rows_of)
    slot_match = model.matches(queries.flatten(0, 1), vectors, step, rows_of[slot])
    first = queries.flatten(0, 1)[step]
    with torch.autocast(states.device.type, enabled=False):  # few products, much precision
        features, absent = _described(model, batch)
        relation = batch["relation"]
        judge = model.judge(states.flatten(0, 1)[place].float(), match, features, relation)
        judge = judge.masked_fill(absent, IMPOSSIBLE).log_softmax(1)
        rows = model.scorer(first.float(), slot_match, features[slot], relation[slot])
        rows = rows.masked_fill(absent[slot], IMPOSSIBLE).log_softmax(1)
    # Only altered words say what the vocabulary should have said.
    known = (batch["altered"][slot] & (batch["first_piece"][slot] != IGNORED)).nonzero()[:, 0]
    pieces = model.piece_scores(first[known]).float().log_softmax(1)
    inside = batch["step_target"] != IGNORED
    steps = model.piece_scores(queries[inside]).float().log_softmax(1)
    loss = _loss(batch, judge, rows, pieces, known, absent)
    if len(steps):
        loss = loss + F.nll_loss(steps, batch["step_target"][inside]) * len(steps) / len(rows)
    return Outcome(loss, judge, rows, pieces, known, steps)


def _belief(model: RestorerModel, batch: dict[str, Tensor]) -> Tensor:
    """Return fast mode's log posteriors (P, SOFT_ROWS), or that the word stands as it should."""
    belief = batch["log_fast"][:, :SOFT_ROWS]
    if model.config.candidates:
        return belief
    blank = torch.full_like(belief, IMPOSSIBLE)
    blank[:, 0] = 0
    return blank


def _described(model: RestorerModel, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Return standardised features (P, R, F) and which readings are absent (P, R)."""
    features, absent = model.standard(batch["features"]), ~batch["row_mask"]
    veiled = batch["veil"][:, None, None] & torch.tensor(VEILED, device=features.device)
    features = features.masked_fill(veiled, 0)
    if not model.config.document_key:
        features = features.masked_fill(torch.tensor(KEYED, device=features.device), 0)
    if not model.config.candidates:
        features, absent = features * 0, absent.clone()
        absent[:, 2:] = True
    return features, absent


def _queries(model: RestorerModel, batch: dict[str, Tensor], states: Tensor) -> Tensor:
    flat = states.flatten(0, 1)
    if not model.config.decoder_layers:  # the encoder's states are asked directly
        return model.transform_norm(F.gelu(model.transform(flat[batch["step_place"]])))
    previous = model.text_vectors(batch["step_previous"].flatten(0, 1)).unflatten(
        0, batch["step_place"].shape
    )
    inputs = model.step_inputs(flat[batch["step_place"]], previous, batch["step_inside"])
    return model.decode(inputs, model.memories(states), allowed(batch["step_group"]), batch["mask"])


def allowed(group: Tensor) -> Tensor:
    """Return which steps see which, (B, D, D): themselves and earlier ones of their group.

    >>> allowed(torch.tensor([[0, 0, 1]]))[0].int().tolist()
    [[1, 0, 0], [1, 1, 0], [0, 0, 1]]
    """
    same = group[:, :, None] == group[:, None, :]
    return same & torch.ones_like(same[0]).tril()


def _loss(
    batch: dict[str, Tensor],
    judge: Tensor,
    rows: Tensor,
    pieces: Tensor,
    known: Tensor,
    absent: Tensor,
) -> Tensor:
    gold = batch["gold"] & ~absent
    unlisted = ~gold.any(1)
    judged = gold.clone()
    judged[unlisted, 1] = True
    judge_loss = -judge.masked_fill(~judged, IMPOSSIBLE).logsumexp(1).mean()
    slot = batch["slot"]
    piece = pieces.gather(1, batch["first_piece"][slot[known], None])[:, 0]
    # An original that cannot be said is known to be none of the readings, no more.
    written = torch.where(unlisted[slot], rows[:, 1], torch.full_like(rows[:, 1], IMPOSSIBLE))
    written = written.index_copy(0, known, rows[known, 1] + piece)
    listed = rows.masked_fill(~gold[slot], IMPOSSIBLE).logsumexp(1)
    chosen = torch.logaddexp(listed, written)
    extra = -(piece * ~unlisted[slot[known]]).sum() / max(1, len(slot))
    return -chosen.mean() + PIECE_WEIGHT * extra + JUDGE_WEIGHT * judge_loss
