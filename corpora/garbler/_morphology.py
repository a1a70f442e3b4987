"""Takes English inflections off and puts them on, by rule and by a table of irregular words.

A spinner looks words up in their base form; what it does with the ending is part of its dialect.
Rules instead of a lemmatiser: every distinct word of a document passes here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from corpora.garbler._tables import rows

if TYPE_CHECKING:
    from collections.abc import Container

# Verbs of more than one syllable that double their last consonant (stress on the last syllable).
_DOUBLING = frozenset(word for (word,) in rows("doubling_verbs.tsv"))
_ONE_SYLLABLE_CVC = re.compile(r"[^aeiou]*(?:qu)?[aeiou][bdgklmnprtz]$")
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_SHORT_END = re.compile(r"(?:^|[^aeiou])[aeiou][^aeiouwxy]$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
# Ending, tag, and what to put in its place, in order of preference.
_STRIP = (
    ("ies", "s", ("y",)),
    ("s", "s", ("",)),
    ("es", "s", ("",)),
    ("ied", "ed", ("y",)),
    ("ed", "ed", ("", "e")),
    ("ing", "ing", ("", "e")),
    ("ier", "er", ("y",)),
    ("er", "er", ("", "e")),
    ("iest", "est", ("y",)),
    ("est", "est", ("", "e")),
)


class Inflected(NamedTuple):
    """A base form and the ending taken off it: `s`, `ed`, `en`, `ing`, `er`, `est`, or none."""

    lemma: str
    tag: str


@cache
def _irregular() -> tuple[dict[str, Inflected], dict[tuple[str, str], str]]:
    """Both ways of the tables: inflected form to base, (base, tag) to inflected form."""
    forms: list[tuple[str, str, str]] = []
    for base, past, participle in rows("irregular_verbs.tsv"):
        forms += [(base, "ed", past), (base, "en", participle)]
    forms += [(base, "s", plural) for base, plural in rows("irregular_nouns.tsv")]
    for base, comparative, superlative in rows("irregular_adjectives.tsv"):
        forms += [(base, "er", comparative), (base, "est", superlative)]
    back: dict[str, Inflected] = {}
    for base, tag, form in forms:
        back.setdefault(form, Inflected(base, tag))
    return back, {(base, tag): form for base, tag, form in forms}


def analyse(form: str, lemmas: Container[str]) -> Inflected | None:
    """Find the base form of lower-case `form` among `lemmas`; a lemma is its own base.

    >>> analyse("soldiers", {"soldier"}), analyse("planned", {"plan"}), analyse("xyzzy", {"plan"})
    (Inflected(lemma='soldier', tag='s'), Inflected(lemma='plan', tag='ed'), None)
    """
    if form in lemmas:
        return Inflected(form, "")
    return strip_ending(form, lemmas)


def strip_ending(form: str, lemmas: Container[str]) -> Inflected | None:
    """Find another lemma of which lower-case `form` is an inflected form.

    >>> strip_ending("said", {"said", "say"})
    Inflected(lemma='say', tag='ed')
    """
    irregular = _irregular()[0].get(form)
    if irregular is not None and irregular.lemma != form and irregular.lemma in lemmas:
        return irregular
    for ending, tag, replacements in _STRIP:
        if form.endswith(ending) and len(form) > len(ending) + 1:
            for base in _bases(form[: -len(ending)], replacements):
                if base in lemmas:
                    return Inflected(base, tag)
    return None


def _bases(stem: str, replacements: tuple[str, ...]) -> list[str]:
    bases = [stem + replacement for replacement in replacements]
    if _SHORT_END.search(stem):  # hoped: hope, since hop would double its consonant
        bases.reverse()
    if len(stem) > 3 and stem[-1] == stem[-2] and "" in replacements:
        bases.append(stem[:-1])
    return bases


def is_inflected(form: str, lemmas: Container[str]) -> bool:
    """Whether `form` has a verb's or noun's ending, be it a lemma of its own or not.

    >>> is_inflected("said", {"said", "say"}), is_inflected("need", {"need", "nee"})
    (True, False)
    """
    irregular = _irregular()[0].get(form)
    if irregular is not None:
        return irregular.lemma != form and irregular.lemma in lemmas
    if len(form) < 5 or form.endswith("ss") or not form.endswith(("s", "ed", "ing")):
        return False
    stripped = strip_ending(form, lemmas)
    return stripped is not None and stripped.tag in {"s", "ed", "ing"}


def inflect(lemma: str, tag: str) -> str:
    """Put the ending `tag` on `lemma`; of several words, verbs change the first, others the last.

    >>> inflect("carry out", "ed"), inflect("strike", "ing"), inflect("strike", "en")
    ('carried out', 'striking', 'struck')
    >>> inflect("newsman", "s"), inflect("piece of work", "s"), inflect("plan", "ed")
    ('newsmen', 'piece of works', 'planned')
    """
    if not tag or not lemma[-1:].isalpha():
        return lemma
    if " " in lemma:
        if tag in {"ed", "en", "ing"}:
            head, _, rest = lemma.partition(" ")
            return f"{inflect(head, tag)} {rest}"
        rest, _, head = lemma.rpartition(" ")
        return f"{rest} {inflect(head, tag)}"
    return _irregular()[1].get((lemma, tag)) or _regular(lemma, tag)


def _regular(lemma: str, tag: str) -> str:
    if tag == "s":
        if _SIBILANT.search(lemma):
            return lemma + "es"
        return lemma[:-1] + "ies" if _CONSONANT_Y.search(lemma) else lemma + "s"
    ending = "ed" if tag == "en" else tag
    if lemma.endswith("e") and not (tag == "ing" and lemma.endswith(("ee", "oe", "ye"))):
        return lemma[:-1] + ending
    if _CONSONANT_Y.search(lemma) and tag != "ing":
        return lemma[:-1] + "i" + ending
    if lemma in _DOUBLING or (_ONE_SYLLABLE_CVC.match(lemma) and len(lemma) > 2):
        return lemma + lemma[-1] + ending
    return lemma + ending
