"""WordNet's inverse for single letters: `due south` is a synonym of `s`, `letter` a hypernym."""

from __future__ import annotations

import string
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from restore.repairs._initials import LONGEST, between_names, last_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from corpora.garbler import Lexicon


def letters_of_forms(lexicon: Lexicon) -> dict[str, str]:
    """Return the letters that each form may stand for, one relation of WordNet away.

    Args:
        lexicon: its relations.

    Returns:
        Form, in small letters, to letters, in their order.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for letter in string.ascii_lowercase:
        for forms in lexicon.pools(letter).values():
            for form in forms:
                if len(form) > 1 and len(form.split(" ")) <= LONGEST:
                    found[form.lower()].add(letter)
    return {form: "".join(sorted(letters)) for form, letters in sorted(found.items())}


def count_middle(texts: Iterable[str], forms: Collection[str]) -> Counter[str]:
    """Count how often honest news has each form where a middle initial may stand."""
    lasts = last_words(forms)
    return Counter(
        text[start:stop].lower()
        for text in texts
        for start, stop in between_names(text, forms, lasts)
    )


def table(letters: Mapping[str, str], honest: Mapping[str, int]) -> str:
    """Return the lines of the list: form, letters, and whether it may be a middle initial."""
    rows = ((form, found, int(not honest.get(form))) for form, found in letters.items())
    return "".join(f"{form}\t{found}\t{may}\n" for form, found, may in rows)
