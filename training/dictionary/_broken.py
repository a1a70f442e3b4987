"""Contractions whose first part was taken for a word and replaced: `preceptor't` for `don't`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from restore.dictionary import Relation
from training.dictionary._assemble import Row

if TYPE_CHECKING:
    from training.dictionary._assemble import Draft

# First part as a spinner sees it -> what may follow the apostrophe.
PARTS = {
    "don": ("t",), "can": ("t",), "won": ("t",), "isn": ("t",), "aren": ("t",), "wasn": ("t",),
    "weren": ("t",), "hasn": ("t",), "haven": ("t",), "hadn": ("t",), "doesn": ("t",),
    "didn": ("t",), "couldn": ("t",), "wouldn": ("t",), "shouldn": ("t",), "ain": ("t",),
    "i": ("m", "ve", "ll", "d"), "he": ("ll", "d"), "she": ("ll", "d"),
    "we": ("re", "ve", "ll", "d"),
    "you": ("re", "ve", "ll", "d"), "they": ("re", "ve", "ll", "d"), "it": ("ll", "d"),
    "who": ("ve", "ll", "d"), "that": ("ll", "d"), "there": ("ll", "d"),
}  # fmt: skip
LEAST = 0.02  # prior that a form must give to the first part
_RELATIONS = frozenset(
    (Relation.SYNONYM, Relation.SIMILAR, Relation.HYPERNYM, Relation.HYPONYM, Relation.CLOSED_CLASS)
)


def add_broken(draft: Draft) -> None:
    """Add `form't` for `part't` wherever `form` may stand for the part."""
    additions: dict[str, dict[str, float]] = {}
    for form, here in draft.rows.items():
        for part in PARTS.keys() & here.keys():
            row = here[part]
            if row.prior >= LEAST and row.relation in _RELATIONS and form.count(" ") < 3:
                for ending in PARTS[part]:
                    broken = additions.setdefault(f"{form}'{ending}", {})
                    broken[f"{'I' if part == 'i' else part}'{ending}"] = row.prior
    for form, originals in sorted(additions.items()):
        total = sum(originals.values())
        draft.rows[form] = {
            original: Row(prior / total, Relation.BROKEN) for original, prior in originals.items()
        }
