"""Inflection at build time: which lemma an original comes from, and how others inflect alike.

What the dictionaries of `lemminflect` do not inflect is inflected by rule, as spinners do it to any
word of any part of speech: ``officeholders``, ``permissioning``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from corpora.garbler._morphology import inflect

# Penn tags of inflected forms, and the WordNet part of speech whose lemmas take them.
INFLECTED = {
    "NNS": "n", "VBZ": "v", "VBD": "v", "VBN": "v", "VBG": "v",
    "JJR": "a", "JJS": "a", "RBR": "r", "RBS": "r",
}  # fmt: skip

# The endings that rules put on instead.
ENDINGS = {"NNS": "s", "VBZ": "s", "VBD": "ed", "VBN": "en", "VBG": "ing"}


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


def inflect_like(lemma: str, tag: str, *, by_rule: bool = True) -> str | None:
    """Inflect a lemma of one to three words; nouns at their last word, verbs at their first.

    Args:
        lemma: of any part of speech.
        tag: of what it shall be, one of `INFLECTED`.
        by_rule: whether single words that no dictionary inflects are inflected by rule.

    >>> inflect_like("officeholder", "NNS"), inflect_like("go on", "VBD")
    ('officeholders', 'went on')
    """
    words = lemma.split(" ")
    place = 0 if tag.startswith("V") else len(words) - 1
    if len(words) > 3:
        return None
    forms = inflections(words[place]).get(tag)
    if not forms and (len(words) > 1 or not by_rule or tag not in ENDINGS):
        return None
    head = forms[0].lower() if forms else inflect(words[place], ENDINGS[tag])
    return " ".join([*words[:place], head, *words[place + 1 :]])


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
