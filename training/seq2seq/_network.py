"""The network: a BERT-style encoder over units, a span decoder over the positions it doubts.

Symbols: B windows, L units, T texts, P positions, R readings, D decoder steps, H hidden size,
V pieces. Vaswani et al. 2017 for the layers; Devlin et al. 2019 for the encoder's; the decoder
points at listed readings or writes pieces (See et al. 2017, section 2.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own custom
from transformers import PretrainedConfig, PreTrainedModel

from restore.lattice._columns import NAMES

if TYPE_CHECKING:
    from training.seq2seq._loss import Outcome


FAR = -1e4  # a score that attention takes for none
ROUND = 128  # rows of the vocabulary's product are padded to a multiple: few shapes, fast kernels


class RestorerConfig(PretrainedConfig):  # type: ignore[misc]
    """Sizes of the network, and which of its parts are there."""

    model_type = "degarble"

    def __init__(
        self,
        vocabulary: int = 20000,
        hidden: int = 384,
        heads: int = 12,
        inner: int = 1536,
        layers: int = 6,
        decoder_layers: int = 2,
        features: int = len(NAMES),
        relations: int = 32,
        scorer: int = 64,
        max_units: int = 160,
        dropout: float = 0.0,
        chained: bool = True,
        candidates: bool = True,
        document_key: bool = True,
        **rest: Any,
    ) -> None:
        self.vocabulary, self.hidden, self.heads, self.inner = vocabulary, hidden, heads, inner
        self.layers, self.decoder_layers = layers, decoder_layers
        self.features, self.relations, self.scorer = features, relations, scorer
        self.max_units, self.dropout = max_units, dropout
        self.chained, self.candidates = chained, candidates
        self.document_key = document_key
        super().__init__(**rest)


class Attention(nn.Module):
    """Multi-head attention (Vaswani et al. 2017, eq. 1)."""

    def __init__(self, config: RestorerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.query = nn.Linear(config.hidden, config.hidden)
        self.key = nn.Linear(config.hidden, config.hidden)
        self.value = nn.Linear(config.hidden, config.hidden)
        self.output = nn.Linear(config.hidden, config.hidden)

    def memory(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return keys and values of `x` (B, L, H), each (B, heads, L, H / heads)."""
        return self._split(self.key(x)), self._split(self.value(x))

    def forward(self, x: Tensor, memory: tuple[Tensor, Tensor], mask: Tensor) -> Tensor:
        """Attend from `x` (B, D, H); `mask` (B, 1, 1 or D, L) is true where allowed."""
        key, value = memory
        # Written out: torch's fused kernel is several times slower on windows this short.
        query = self._split(self.query(x)) * key.shape[-1] ** -0.5
        scores = (query @ key.transpose(-1, -2)).masked_fill(~mask, FAR)
        mixed = scores.softmax(-1).to(value.dtype) @ value
        out: Tensor = self.output(mixed.transpose(1, 2).flatten(2))
        return out

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class EncoderLayer(nn.Module):
    """Post-norm layer as in BERT."""

    def __init__(self, config: RestorerConfig) -> None:
        super().__init__()
        self.attention = Attention(config)
        self.attention_norm = nn.LayerNorm(config.hidden, eps=1e-12)
        self.up = nn.Linear(config.hidden, config.inner)
        self.down = nn.Linear(config.inner, config.hidden)
        self.norm = nn.LayerNorm(config.hidden, eps=1e-12)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Shapes: x (B, L, H), mask (B, 1, 1, L)."""
        attended = self.attention(x, self.attention.memory(x), mask)
        x = self.attention_norm(x + self.dropout(attended))
        out: Tensor = self.norm(x + self.dropout(self.down(F.gelu(self.up(x)))))
        return out


class DecoderLayer(nn.Module):
    """Pre-norm layer: over earlier steps of the sentence, then over the window."""

    def __init__(self, config: RestorerConfig) -> None:
        super().__init__()
        self.before_self, self.self_attention = nn.LayerNorm(config.hidden), Attention(config)
        self.before_cross, self.cross_attention = nn.LayerNorm(config.hidden), Attention(config)
        self.before_feed = nn.LayerNorm(config.hidden)
        self.up = nn.Linear(config.hidden, config.inner)
        self.down = nn.Linear(config.inner, config.hidden)
        self.dropout = nn.Dropout(config.dropout)
        for last in (self.self_attention.output, self.cross_attention.output, self.down):
            nn.init.normal_(last.weight, std=0.01)

    def forward(
        self, x: Tensor, memory: tuple[Tensor, Tensor], allowed: Tensor, mask: Tensor
    ) -> Tensor:
        """Shapes: x (B, D, H), allowed (B, 1, D, D), mask (B, 1, 1, L)."""
        y = self.before_self(x)
        x = x + self.dropout(self.self_attention(y, self.self_attention.memory(y), allowed))
        x = x + self.dropout(self.cross_attention(self.before_cross(x), memory, mask))
        out: Tensor = x + self.dropout(self.down(F.gelu(self.up(self.before_feed(x)))))
        return out


class ReadingScorer(nn.Module):
    """Scores listed readings: ``q . e + w2 relu(W1 f + R[relation] + U h)``."""

    def __init__(self, config: RestorerConfig) -> None:
        super().__init__()
        self.features = nn.Linear(config.features, config.scorer)
        self.relation = nn.Embedding(config.relations, config.scorer)
        self.state = nn.Linear(config.hidden + 1, config.scorer)
        self.middle = nn.Linear(config.scorer, config.scorer)
        self.last = nn.Linear(config.scorer, 1)
        nn.init.normal_(self.relation.weight, std=0.02)

    def forward(self, state: Tensor, match: Tensor, features: Tensor, relation: Tensor) -> Tensor:
        """Return scores (P, R).

        Args:
            state: what is known of the position, (P, H).
            match: inner product of query and reading, (P, R), in full precision.
            features: standardised, (P, R, features).
            relation: codes, (P, R).
        """
        weight = self.state.weight
        hidden = self.features(features) + self.relation(relation)
        hidden = hidden + F.linear(state, weight[:, :-1], self.state.bias)[:, None]
        hidden = F.relu(hidden + match[..., None] * weight[:, -1])
        out: Tensor = self.last(F.relu(self.middle(hidden)))[..., 0] + match
        return out


class RestorerModel(PreTrainedModel):  # type: ignore[misc]
    """Encoder, judge and span decoder; see `training.seq2seq._loss` for how they are used."""

    config_class = RestorerConfig
    base_model_prefix = ""

    def __init__(self, config: RestorerConfig) -> None:
        super().__init__(config)
        h = config.hidden
        self.pieces = nn.Embedding(config.vocabulary, h)
        self.places = nn.Embedding(config.max_units, h)
        self.cases = nn.Embedding(4, h)
        self.kinds = nn.Embedding(3, h)
        self.soft = nn.Linear(h, h, bias=False)
        self.own = nn.Linear(h, h, bias=False)
        self.belief = nn.Linear(2, h, bias=False)
        self.unknown = nn.Parameter(torch.zeros(h))
        self.input_norm = nn.LayerNorm(h, eps=1e-12)
        self.dropout = nn.Dropout(config.dropout)
        self.encoder = nn.ModuleList(EncoderLayer(config) for _ in range(config.layers))
        self.judge_query = nn.Linear(h, h)
        self.judge = ReadingScorer(config)
        self.start = nn.Linear(h, h)
        self.previous = nn.Linear(h, h, bias=False)
        self.steps = nn.Embedding(2, h)
        self.decoder = nn.ModuleList(DecoderLayer(config) for _ in range(config.decoder_layers))
        self.decoder_norm = nn.LayerNorm(h)
        self.transform = nn.Linear(h, h)
        self.transform_norm = nn.LayerNorm(h)
        self.bias = nn.Parameter(torch.zeros(config.vocabulary))
        self.scorer = ReadingScorer(config)
        self.register_buffer("mean", torch.zeros(config.features))
        self.register_buffer("scale", torch.ones(config.features))
        with torch.no_grad():
            for embedding in (self.places, self.cases, self.kinds, self.steps):
                nn.init.normal_(embedding.weight, std=0.02)
            nn.init.normal_(self.pieces.weight, std=0.05)
            nn.init.normal_(self.previous.weight, std=0.01)
            nn.init.zeros_(self.belief.weight)
            self.soft.weight.copy_(0.6 * torch.eye(h))
            self.own.weight.copy_(0.4 * torch.eye(h))
            self.start.weight.copy_(torch.eye(h))
            nn.init.zeros_(self.start.bias)
        self.post_init()

    def _init_weights(self, module: nn.Module) -> None:
        """Leave the initial weights as the constructors set them."""

    def forward(self, batch: dict[str, Tensor]) -> Outcome:
        """Judge a batch's positions and decode its slots; see `training.seq2seq._loss`."""
        from training.seq2seq._loss import run

        return run(self, batch)

    def text_vectors(self, pieces: Tensor) -> Tensor:
        """Return the mean of each text's pieces: (T, 8) to (T, H)."""
        there = (pieces != 0).to(self.pieces.weight.dtype)
        there = there / there.sum(1, keepdim=True).clamp(min=1)
        return F.embedding_bag(pieces, self.pieces.weight, mode="sum", per_sample_weights=there)

    def encode(
        self,
        vectors: Tensor,
        unit_text: Tensor,
        case: Tensor,
        kind: Tensor,
        mask: Tensor,
        place: Tensor,
        row_text: Tensor,
        log_fast: Tensor,
    ) -> Tensor:
        """Return the state of each unit, (B, L, H).

        Args:
            vectors: (T, H).
            unit_text: (B, L), 0 where the window has ended.
            case: (B, L).
            kind: (B, L).
            mask: (B, L), true inside the window.
            place: (P,) index into B * L of each position.
            row_text: (P, 5) the most probable readings: keep, unknown, three others.
            log_fast: (P, 5) their log posteriors, at the floor where there is none.
        """
        own = F.embedding(unit_text, vectors)
        belief = log_fast.exp()
        belief = belief / belief.sum(1, keepdim=True)
        rest = torch.cat([belief[:, :1], belief[:, 2:]], 1)
        texts = torch.cat([row_text[:, :1], row_text[:, 2:]], 1)
        mixed = (F.embedding(texts, vectors) * rest[..., None]).sum(1) + belief[
            :, 1:2
        ] * self.unknown
        soft = own.flatten(0, 1).index_copy(0, place, mixed).view_as(own)
        hint = torch.zeros_like(own).flatten(0, 1).index_copy(0, place, self.belief(belief[:, :2]))
        places = torch.arange(own.shape[1], device=own.device)
        x = self.soft(soft) + self.own(own) + hint.view_as(own)
        x = x + self.places(places) + self.cases(case) + self.kinds(kind)
        x = self.dropout(self.input_norm(x))
        for layer in self.encoder:
            x = layer(x, mask[:, None, None])
        return x

    def standard(self, features: Tensor) -> Tensor:
        """Standardise features, and bound what is far outside."""
        return ((features - self.mean) * self.scale).clamp(-6, 6)

    def matches(self, queries: Tensor, vectors: Tensor, place: Tensor, rows: Tensor) -> Tensor:
        """Return the inner products of queries with their readings: (P, R).

        Args:
            queries: (M, H).
            vectors: (T, H).
            place: (P,) which query each position has.
            rows: (P, R) which text each reading is.
        """
        if queries.dtype == torch.float32:
            found = vectors.index_select(0, rows.flatten()).unflatten(0, rows.shape)
            return (found @ queries.index_select(0, place)[..., None])[..., 0]
        # Where products are cheap, one with all texts beats gathering a vector for each reading.
        every = queries @ vectors.to(queries.dtype).T
        return every.flatten()[place[:, None] * len(vectors) + rows].float()

    def memories(self, states: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Return each decoder layer's keys and values over the window."""
        return [layer.cross_attention.memory(states) for layer in self.decoder]

    def decode(
        self,
        steps: Tensor,
        memories: list[tuple[Tensor, Tensor]],
        allowed: Tensor,
        mask: Tensor,
    ) -> Tensor:
        """Run the decoder over its inputs (B, D, H); returns queries (B, D, H)."""
        x = steps
        for layer, memory in zip(self.decoder, memories, strict=True):
            x = layer(x, memory, allowed[:, None], mask[:, None, None])
        x = self.decoder_norm(x)
        return self.transform_norm(F.gelu(self.transform(x)))

    def step_inputs(self, states: Tensor, previous: Tensor, inside: Tensor) -> Tensor:
        """Return decoder inputs: the unit's state, what was last written, and where one is.

        Args:
            states: (..., H) encoder states of the units that the steps belong to.
            previous: (..., H) vector of the choice before, zeros at a sentence's first step.
            inside: (...) 1 where a replacement has begun, else 0.
        """
        return self.start(states) + self.previous(previous) + self.steps(inside)

    def piece_scores(self, queries: Tensor) -> Tensor:
        """Return a score for each piece: (K, H) to (K, V)."""
        count = len(queries)
        padded = F.pad(queries, (0, 0, 0, -count % ROUND))
        return F.linear(padded, self.pieces.weight, self.bias)[:count]
