"""Counts how words are capitalised inside sentences of clean news (compare Lita et al. 2003)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from training._corpora import articles, corpus_files
from training.ngram._encode import is_held_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

WORD = re.compile(r"[^\W\d_]+")
INSIDE = frozenset((" ", ", ", "-"))  # what stands before a word that begins no sentence
TITLE_SHARE = 0.5  # of a line's words with capitals, from which it is a title
FEWEST, SHARE = 10, 0.99  # occurrences of a word, and how many of them are written alike
SHORT, FEWEST_SHORT = 3, 2000  # letters of words that may be anything else, and their occurrences


def count_forms(texts: Iterable[str]) -> Counter[str]:
    """Count the forms of words that begin no sentence, titles left out."""
    found: Counter[str] = Counter()
    for text in texts:
        for line in text.splitlines():
            found.update(word for word, inside, _ in read_line(line) if inside)
    return found


def read_line(line: str) -> Iterator[tuple[str, bool, str]]:
    """Yield each word, whether it goes on a sentence of a line that is no title, and the gap.

    >>> list(read_line("We met, he said"))[1:3]
    [('met', True, ' '), ('he', True, ', ')]
    """
    matches = list(WORD.finditer(line))
    title = sum(match.group()[0].isupper() for match in matches) > TITLE_SHARE * len(matches)
    end = len(line)
    for match in matches:
        gap = line[end : match.start()]
        yield match.group(), gap in INSIDE and not title, gap
        end = match.end()


def always_capital(forms: Counter[str], known: Callable[[str], bool]) -> list[str]:
    """Return the words that are nearly always written with the same capitals, sorted.

    Args:
        forms: how often each form occurs.
        known: tells which lower-case words are wanted.

    >>> forms = Counter({"Ghent": 300, "ghent": 1, "May": 40, "may": 90, "NATO": 20, "of": 70})
    >>> always_capital(forms, lambda word: True)
    ['Ghent', 'NATO']
    """
    by_word: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for form, count in forms.items():
        by_word[form.lower()].append((count, form))
    found = []
    for word, written in by_word.items():
        total, (most, form) = sum(count for count, _ in written), max(written)
        fewest = FEWEST if len(word) > SHORT else FEWEST_SHORT
        if form != word and most >= max(fewest, SHARE * total) and len(word) > 1 and known(word):
            found.append(form)
    return sorted(found)


def read_texts(folder: Path) -> Iterator[str]:
    """Yield the texts of Parquet corpora, those that measure left out.

    Raises:
        InputError: there is none.
    """
    for path in corpus_files(folder):
        for name, _, text in articles(path):
            if text and not is_held_out(name):
                yield text
