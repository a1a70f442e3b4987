"""Inflection at build time: which lemma an original comes from, and how others inflect alike."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

# Penn tags of inflected forms, and the WordNet part of speech whose lemmas take them.
INFLECTED = {
    "NNS": "n", "VBZ": "v", "VBD": "v", "VBN": "v", "VBG": "v",
    "JJR": "a", "JJS": "a", "RBR": "r", "RBS": "r",
}  # fmt: skip


class Analysis(NamedTuple):
    """A lemma that an original may be a form of; the tag is "" for the lemma itself."""

    lemma: str
    tag: str


@lru_cache(maxsize=1 << 18)
def inflections(lemma: str) -> dict[str, tuple[str, ...]]:
    """Map each tag of `INFLECTED` to the inflected forms that are known for a one-word lemma."""
    import lemminflect

    found = dict(lemminflect.getAllInflections(lemma))
    return {tag: forms for tag, forms in found.items() if tag in INFLECTED}


def inflect_like(lemma: str, tag: str) -> str | None:
    """Inflect a lemma of one to three words; nouns at their last word, verbs at their first."""
    words = lemma.split(" ")
    place = 0 if tag.startswith("V") else len(words) - 1
    forms = inflections(words[place]).get(tag)
    if not forms or len(words) > 3:
        return None
    return " ".join([*words[:place], forms[0].lower(), *words[place + 1 :]])


def analyse(words: list[str], lemmas: list[str]) -> dict[str, list[Analysis]]:
    """For each word, list the lemmas (of those given) that it is an inflected form of."""
    wanted = set(words)
    analyses: dict[str, list[Analysis]] = {}
    for lemma in lemmas:
        for tag, forms in inflections(lemma).items():
            for form in forms:
                if form in wanted and form != lemma:
                    analyses.setdefault(form, []).append(Analysis(lemma, tag))
    return analyses
