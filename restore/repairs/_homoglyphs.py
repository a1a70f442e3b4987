"""Mends letters of other scripts that look like Latin ones, and letters of mathematical styles.

Who hides a copy from a search writes some letters of a word in Cyrillic or Greek: a reader sees no
difference, a program no word. Which letters look alike is Unicode's own judgement (Unicode
Technical Standard 39, section 4), as far as their small forms or capitals differ in nothing.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from restore.repairs._characters import LAST_LATIN, edit_of, line_around

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from restore._edits import Edit

_CYRILLIC = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u0501\u04bb\u051b\u051d\u04cf"
    "\u0410\u0412\u0415\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0405\u0422\u0425\u0423"
    "\u051a\u051c",
    "aeopcyxisjdhqwlABEIJKMHOPCSTXYQW",
)
_OTHERS = str.maketrans(
    # Greek, Armenian, letters of the phonetic alphabet.
    "\u03bf\u03bd\u03c1\u03b1\u03b9\u03c5\u03ba\u03c7\u03b3\u03f2\u03f3"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u0585\u057d\u0570\u0578\u0251\u0261",
    "ovpaiukxycjABEZHIKMNOPTYXouhnag",
)
_LOOKALIKES = _CYRILLIC | _OTHERS
_ANY = re.compile(f"[{''.join(map(chr, _LOOKALIKES))}]")
_WORD = re.compile(r"[^\W\d_]+")
_STYLED = re.compile("[\U0001d400-\U0001d7ff\u210e\u2113\u212f\u2134]{2,}")
NAME = "homoglyphs"
FEWEST = 2  # different words of a text that are certainly mixtures: one may be meant


def homoglyphs(text: str, known: Callable[[str], bool]) -> list[Edit]:
    """Propose Latin letters for those of other scripts inside Latin words, and for styled ones.

    Args:
        text: what to mend.
        known: tells whether a word, in small letters, exists.

    False positives: names that are written with a letter of another script for effect, where two
    words of a text are known words but for such letters. Then every mixture is mended, and whole
    words too that are known ones in letters that look alike, if their line has no other letters of
    those scripts. Styled letters by themselves stay, as formulas have them.
    """
    if text.isascii():
        return []
    edits = list(_plain(text))
    if _ANY.search(text):
        edits += _latin(text, known)
    return sorted(edits, key=lambda edit: edit.start)


def _plain(text: str) -> Iterator[Edit]:
    for match in _STYLED.finditer(text):
        plain = unicodedata.normalize("NFKC", match[0])
        if plain.isascii() and plain.isalpha():
            yield edit_of(match, plain, NAME, 0.9)


def _latin(text: str, known: Callable[[str], bool]) -> Iterator[Edit]:
    words = [match for match in _WORD.finditer(text) if _ANY.search(match[0])]
    if len({match[0] for match in words if _is_told(match[0], known)}) < FEWEST:
        return
    for match in words:
        word = match[0].translate(_LOOKALIKES)
        if _has_latin(match[0]):
            if _is_latin(word):
                yield edit_of(match, word, NAME, 0.97)
        elif known(word.lower()) and not _is_at_home(text, match):
            yield edit_of(match, word, NAME, 0.9)


def _is_told(word: str, known: Callable[[str], bool]) -> bool:
    """Is a word Latin but for letters that look so, and one that exists, or half Cyrillic?"""
    plain = word.translate(_LOOKALIKES)
    if not _has_latin(word) or not _is_latin(plain):
        return False
    return known(plain.lower()) or _is_latin(word.translate(_CYRILLIC))


def _is_latin(word: str) -> bool:
    return all(letter <= LAST_LATIN for letter in word)


def _has_latin(word: str) -> bool:
    return any(letter <= LAST_LATIN for letter in word)


def _is_at_home(text: str, match: re.Match[str]) -> bool:
    """Tell whether the line of a word has letters of other scripts that look like no Latin ones."""
    line = line_around(text, *match.span()).translate(_LOOKALIKES)
    return any(letter.isalpha() and "\u0370" <= letter <= "\u058f" for letter in line)
