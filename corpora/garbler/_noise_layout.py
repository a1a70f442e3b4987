"""Noise of careless handling: split and joined words, punctuation, lost case, wrong encodings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import ftfy.bad_codecs  # noqa: F401 - registers `sloppy-windows-1252`, what software really does

from corpora.garbler._places import WORD, draw
from restore import Edit

if TYPE_CHECKING:
    import random

_GAP = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")
_MARK = re.compile(r"[.,;:!?\"'\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}]")
_CAPITALISED = re.compile(r"\b[A-Z]\w*")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")

# Chains of (written as, read as, times), with weights: what is seen in the wild.
_CHAINS = (
    (("utf-8", "sloppy-windows-1252", 1), 10),
    (("utf-8", "latin-1", 1), 5),
    (("utf-8", "sloppy-windows-1252", 2), 3),
    (("utf-8", "latin-1", 2), 1),
    (("utf-8", "mac-roman", 1), 2),
    (("utf-8", "cp437", 1), 1),
    (("utf-8", "sloppy-windows-1251", 1), 1),
    (("sloppy-windows-1252", "utf-8", 1), 1),  # lossy: signs become U+FFFD
)


def split_words(text: str, rate: float, rng: random.Random) -> list[Edit]:
    """Put a stray space into `rate` of the words of four letters or more."""
    words = [m for m in WORD.finditer(text) if m.end() - m.start() >= 4]
    edits = []
    for match in draw(words, rate, rng):
        word, start = match.group(), match.start()
        at = rng.randrange(1, len(word))
        edits.append(
            Edit(start, start + len(word), word, f"{word[:at]} {word[at:]}", "garble:split")
        )
    return edits


def join_words(text: str, rate: float, rng: random.Random) -> list[Edit]:
    """Lose `rate` of the spaces between two words."""
    gaps = draw([m.start() for m in _GAP.finditer(text)], rate, rng)
    return [Edit(at, at + 1, " ", "", "garble:join") for at in gaps]


def punctuation(text: str, rate: float, rng: random.Random) -> list[Edit]:
    """Lose, double or push away `rate` of the punctuation marks."""
    edits = []
    for match in draw(list(_MARK.finditer(text)), rate, rng):
        mark = match.group()
        new = rng.choices(("", mark * 2, f" {mark}", mark * 3), (6, 3, 2, 1))[0]
        edits.append(Edit(*match.span(), mark, new, "garble:punctuation"))
    return edits


def lower_case(text: str, rate: float, rng: random.Random) -> list[Edit]:
    """Lose the capitals of `rate` of the words that have any."""
    found = draw(list(_CAPITALISED.finditer(text)), rate, rng)
    return [Edit(*m.span(), m.group(), m.group().lower(), "garble:lower-case") for m in found]


def upper_case(text: str, rate: float, rng: random.Random) -> list[Edit]:
    """Write `rate` of the words in capitals."""
    found = draw([m for m in WORD.finditer(text) if not m.group().isupper()], rate, rng)
    edits = [Edit(*m.span(), m.group(), m.group().upper(), "garble:upper-case") for m in found]
    return [edit for edit in edits if edit.before != edit.after]


def mojibake(text: str, rate: float, rng: random.Random) -> list[Edit]:
    """Write and read `rate` of the runs of non-ASCII signs in two encodings, one chain a document.

    A text in plain ASCII comes through unharmed, as it does in life.
    """
    (written, read, times), _ = rng.choices(_CHAINS, [weight for _, weight in _CHAINS])[0]
    edits = []
    for match in draw(list(_FOREIGN.finditer(text)), rate, rng):
        broken = match.group()
        for _ in range(times):
            broken = broken.encode(written, "replace").decode(read, "replace")
        if broken != match.group():
            edits.append(Edit(*match.span(), match.group(), broken, "garble:mojibake"))
    return edits
