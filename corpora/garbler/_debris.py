"""What spinners leave behind besides wrong words: template fragments and fillers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from restore import Edit

if TYPE_CHECKING:
    import random

    from restore._document import Document

# Names of template fields, as they stay behind when a template is not filled in.
_FIELDS = ("screen", "title", "keyword", "city", "name", "item", "content", "link", "image", "date",
           "spin", "synonym", "article", "brand", "product")  # fmt: skip
_VERBS = frozenset({"is", "are", "was", "were", "isn't", "be"})
_AFTER = frozenset({"a", "an", "the", "not", "one"})
_FILLERS = ("simply", "really", "just", "basically", "actually", "truly")


def debris_edits(
    document: Document, words: list[int], rate: float, rng: random.Random
) -> list[Edit]:
    """Insert template fragments before words, `rate` of them a word.

    Args:
        document: what to garble.
        words: indexes of the tokens before which a fragment may stand.
        rate: fragments a word, 0-1.
        rng: the document's generator.
    """
    number = min(len(words), int(rate * len(words) + rng.random()))
    edits = []
    for i in rng.sample(words, number):
        field = rng.choice(_FIELDS)
        mark = rng.choice(("{%s}", "{%s|", "[%s]", "%%%s%%", "{{%s}}")) % field
        at = document.starts[i]
        edits.append(Edit(at, at, "", f"{mark} ", "garble:debris"))
    return edits


def stray_edits(document: Document, share: float, rng: random.Random) -> list[Edit]:
    """Insert one filler (the same throughout) in `is a`, `was the` and the like.

    Args:
        document: what to garble.
        share: of the places where a filler could stand, 0-1.
        rng: the document's generator.
    """
    filler = rng.choices(_FILLERS, (10, 2, 2, 1, 1, 1))[0]
    tokens, edits = document.tokens, []
    for i, token in enumerate(tokens[:-1]):
        if token in _VERBS and tokens[i + 1] in _AFTER and rng.random() < share:
            at = document.starts[i + 1]
            edits.append(Edit(at, at, "", f"{filler} ", "garble:stray"))
    return edits
