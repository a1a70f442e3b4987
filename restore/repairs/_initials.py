"""Puts back the letters of abbreviations that a spinner took for words: ``Uracil.Due south.``.

Cut at its full stops, ``U.S.`` is two words to a spinner, and WordNet has ``u`` among the synonyms
of ``uracil`` and ``s`` among those of ``due south``. Nobody else glues such words together; what
stands for a middle initial stands between two names.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from restore._container import DATA, read_list
from restore._edits import Edit

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

SHIPPED = DATA / "letters.tsv"
LONGEST = 5  # words of a form: ``letter of the alphabet`` has four
# What news abbreviates, and how often in a quarter of 412,000 articles.
ABBREVIATIONS = {
    "U.S": 37000, "D.C": 4900, "H.R": 3700, "p.m": 950, "a.m": 800, "U.N": 650, "U.S.C": 370,
    "U.K": 350, "M.D": 320, "J.D": 190, "H.W": 170, "B.A": 170, "i.e": 150, "e.g": 130,
    "N.Y": 130, "N.C": 120, "F.B.I": 90, "S.C": 80, "G.I": 60, "L.A": 60, "N.J": 60, "E.O": 55,
    "C.I.A": 50, "E.U": 50, "N.H": 50, "N.D": 50, "P.L": 40, "B.S": 40, "G.O.P": 40, "L.P": 40,
    "H.J": 40, "M.A": 40, "A.I": 30, "N.M": 30, "B.C": 20, "N.W": 20, "C.F.R": 15, "I.R.S": 15,
    "U.S.A": 15, "S.D": 13, "R.I": 10, "C.E.O": 10, "F.D.A": 10, "V.A": 10, "D.A": 10,
}  # fmt: skip
# How often each letter stands between two names there.
MIDDLE_INITIALS = {
    "W": 1070, "J": 830, "E": 710, "R": 690, "L": 610, "F": 530, "M": 490, "A": 480, "B": 460,
    "D": 400, "C": 350, "G": 280, "S": 260, "K": 250, "H": 240, "P": 160, "T": 140, "V": 140,
    "I": 60, "N": 60, "O": 40, "Q": 20, "Y": 10, "Z": 10, "U": 2,
}  # fmt: skip
LEAST = 0.7  # share of the likeliest of what the letters may be
MIDDLE = re.compile(r"\. (?=[A-Z][\w'\u2019-]*[a-z])")  # the full stop of a middle initial
_NAME = re.compile(r"[A-Z][\w'\u2019-]*[a-z]")
_GLUED = re.compile(r"(?<=\w)\.(?=\w)")
_WORDS = re.compile(r"[\w'\u2019-]+(?: [\w'\u2019-]+){0,4}")
_LAST_WORD = re.compile(r"[\w'\u2019-]+ ?\Z")
_NEAR = 60  # code points: no form is longer
_GOES_ON = re.compile(r"\.[a-z]")  # as an address does


class Atom(NamedTuple):
    """A part of an abbreviation: where it is, and the letters that it may stand for."""

    start: int
    end: int
    letters: str


class Letters(NamedTuple):
    """Forms, in small letters, to the letters they may stand for.

    Attributes:
        forms: of abbreviations.
        middle: those that may be middle initials as well.
        lasts: their last words.
    """

    forms: dict[str, str]
    middle: dict[str, str]
    lasts: frozenset[str]


def initials(text: str) -> list[Edit]:
    """Propose the letters of abbreviations and middle initials that were taken for words.

    False positives: words that a full stop without a space joins (``back.Second``) and that happen
    to spell one of `ABBREVIATIONS`.

    Raises:
        ModelError: the list of forms is missing or damaged.

    >>> [edit.after for edit in initials("the Uracil.Due south. and Watt second. Doe")]
    ['U', 'S']
    """
    found = [edit for atoms in _chains(text) for edit in _abbreviation(text, atoms)]
    return sorted([*found, *_middles(text)], key=lambda edit: edit.start)


def _chains(text: str) -> list[list[Atom]]:
    """Find atoms that full stops join, two or more of them; no two chains share a word."""
    out: list[list[Atom]] = []
    for match in _GLUED.finditer(text):
        stop = match.start()
        right = _after(text, stop + 1)
        if right is None:
            continue
        end = out[-1][-1].end if out else 0
        if end == stop:
            out[-1].append(right)
        elif (left := _before(text, stop)) and left.start >= end:
            out.append([left, right])
    return out


def _after(text: str, start: int) -> Atom | None:
    """Return the longest atom that begins at an offset."""
    match = _WORDS.match(text, start, start + _NEAR)
    words = match.group().split(" ") if match else []
    for count in range(len(words), 0, -1):
        form = " ".join(words[:count])
        if letters := _letters_of(form):
            return Atom(start, start + len(form), letters)
    return None


def _before(text: str, end: int) -> Atom | None:
    """Return the longest atom that ends at an offset."""
    for form in _tails(text, end):
        if letters := _letters_of(form):
            return Atom(end - len(form), end, letters)
    return None


def _letters_of(form: str) -> str:
    if len(form) == 1:
        return form.lower() if form.isascii() and form.isalpha() else ""
    return letters().forms.get(form.lower(), "")


def _abbreviation(text: str, atoms: list[Atom]) -> Iterator[Edit]:
    """Yield the edits that make the likeliest abbreviation of atoms, if one is likely."""
    plain = all(atom.end - atom.start == 1 for atom in atoms)
    if plain or _GOES_ON.match(text, atoms[-1].end):
        return
    name = likeliest({n: count for n, count in ABBREVIATIONS.items() if _may_be(n, atoms)})
    if not name:
        return
    for atom, letter in zip(atoms, name.split("."), strict=True):
        if text[atom.start : atom.end] != letter:
            yield _edit(text, atom.start, atom.end, letter)


def _may_be(name: str, atoms: list[Atom]) -> bool:
    spelt = name.lower().split(".")
    return len(spelt) == len(atoms) and all(
        letter in atom.letters for letter, atom in zip(spelt, atoms, strict=True)
    )


def _middles(text: str) -> Iterator[Edit]:
    """Yield the edits that make middle initials of forms between two names."""
    known = letters()
    for start, stop in between_names(text, known.middle, known.lasts):
        found = known.middle[text[start:stop].lower()].upper()
        if letter := likeliest({one: MIDDLE_INITIALS.get(one, 0) for one in found}):
            yield _edit(text, start, stop, letter)


def between_names(
    text: str, forms: Container[str], lasts: Container[str]
) -> Iterator[tuple[int, int]]:
    """Yield where forms with a capital stand as a middle initial would: ``John Joule. Doe``.

    Args:
        text: where to look.
        forms: in small letters; the longest counts.
        lasts: their last words.
    """
    for match in MIDDLE.finditer(text):
        stop = match.start()
        last = _LAST_WORD.search(text, max(0, stop - _NEAR), stop)
        if last is None or last.group().lower() not in lasts:
            continue
        form = next((tail for tail in _tails(text, stop) if tail.lower() in forms), "")
        start = stop - len(form)
        if form[:1].isupper() and _is_after_name(text, start):
            yield start, stop


def _is_after_name(text: str, start: int) -> bool:
    before = _LAST_WORD.search(text, max(0, start - _NEAR), start)
    return before is not None and _NAME.match(before.group()) is not None


def _tails(text: str, end: int) -> list[str]:
    """Return what ends at an offset: five words, four, and so on."""
    words = words_before(text, end)
    return [" ".join(words[first:]) for first in range(len(words))]


def words_before(text: str, end: int) -> list[str]:
    """Return the words, single spaces between them, that end at an offset: as many as a form has.

    >>> words_before("a name, the letter of the alphabet. Next", 34)
    ['the', 'letter', 'of', 'the', 'alphabet']
    """
    words: list[str] = []
    while len(words) < LONGEST and (match := _LAST_WORD.search(text, max(0, end - _NEAR), end)):
        if words and not match.group().endswith(" "):
            break
        words.insert(0, match.group().rstrip())
        end = match.start()
    return words


def likeliest(counts: Mapping[str, int]) -> str:
    """Return the most frequent of several names, if it has the most by far; else nothing."""
    best = max(counts, key=counts.__getitem__, default="")
    return best if best and counts[best] >= LEAST * max(1, sum(counts.values())) else ""


def _edit(text: str, start: int, end: int, letter: str) -> Edit:
    return Edit(start, end, text[start:end], letter, "repair:initials", 0.97)


@cache
def letters() -> Letters:
    """Return what may stand for letters.

    Raises:
        ModelError: the list is missing or damaged.
    """
    return read_list(SHIPPED, _parse)


def _parse(text: str) -> Letters:
    rows = [line.split("\t") for line in text.splitlines()]
    forms = {form: found for form, found, _ in rows}
    middle = {form: found for form, found, may in rows if may == "1"}
    return Letters(forms, middle, last_words(middle))


def last_words(forms: Iterable[str]) -> frozenset[str]:
    """Return the last word of each form."""
    return frozenset(form.rpartition(" ")[2] for form in forms)
