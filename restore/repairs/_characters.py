"""Mends single characters: stray control signs, invisible debris, ligatures, full-width forms."""

from __future__ import annotations

import re

from restore._edits import Edit

# Never meant to be in text: C0 controls but tab, line ends and form feed; DEL.
_CONTROLS = r"\x00-\x08\x0b\x0e-\x1f\x7f"
# Deprecated or internal to programs (as ftfy's `remove_control_chars`).
_INTERNAL = "\u206a-\u206f\ufff9-\ufffc"
# Invisible, and meant where a script or an emoji needs it: damage only beside plain Latin text.
_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
# A sign, with the rest of a terminal escape if it begins one; in front stands a plain set, which
# is found fast.
_SIGN = rf"[{_CONTROLS}{_INTERNAL}{_INVISIBLE}](?:(?<=\x1b)\[[0-9;?]{{0,16}}[A-Za-z])?+"
_RUN = re.compile(f"{_SIGN}(?:{_SIGN})*+")
_NEVER_MEANT = re.compile(rf"(?:[{_CONTROLS}{_INTERNAL}](?:(?<=\x1b)\[[0-9;?]{{0,16}}[A-Za-z])?+)+")
# Soft hyphens and direction marks are meant at the edge of a word, though not inside one.
_NEEDS_LETTERS = re.compile("[\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LIGATURES = re.compile("[\ufb00-\ufb06]+")
# Unicode's own compatibility mappings, the long s of the fifth made a plain one.
_LIGATURE_LETTERS = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl",
    0xFB05: "st", 0xFB06: "st",
}  # fmt: skip
_FULL_WIDTH = re.compile("[\uff01-\uff5e]+")
# Kana, Bopomofo, Hangul, Han: text in which full-width signs are at home.
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]")
_TO_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
LAST_LATIN = "\u024f"


def control(text: str) -> list[Edit]:
    """Propose to delete control characters, terminal escapes and invisible debris.

    False positives: next to none for control characters, which no text needs. Invisible ones
    are deleted only where they do nothing: zero-width spaces and joiners within Latin text, so
    that emoji and scripts that are written with joiners keep theirs; soft hyphens and direction
    marks between Latin letters; a BOM anywhere but at the very beginning.
    """
    edits: list[Edit] = []
    for run in _RUN.finditer(text):
        if _is_debris(text, run.start(), run.end()):
            edits.append(edit_of(run, "", "control", 0.99))
        else:
            signs = _NEVER_MEANT.finditer(text, run.start(), run.end())
            edits += [edit_of(sign, "", "control", 0.99) for sign in signs]
    return edits


def ligatures(text: str) -> list[Edit]:
    """Propose letters for typographic ligatures inside words: ``signiﬁcant``.

    False positives: text about the ligatures themselves; one that stands alone is left. Signs
    that are letters of some language (Dutch, Croatian, Afrikaans) are no ligatures here.
    """
    if text.isascii():
        return []
    return [
        edit_of(match, match.group().translate(_LIGATURE_LETTERS), "ligatures", 0.98)
        for match in _LIGATURES.finditer(text)
        if _beside_letter(text, match.start(), match.end())
    ]


def width(text: str) -> list[Edit]:
    """Propose plain signs for full-width ones, the Latin letters of East Asian fonts.

    False positives: full-width letters as a decoration. Lines with Chinese, Japanese or Korean
    text are passed over: there full-width signs are right.
    """
    if text.isascii():
        return []
    return [
        edit_of(match, match.group().translate(_TO_NARROW), "width", 0.9)
        for match in _FULL_WIDTH.finditer(text)
        if not _EAST_ASIAN.search(line_around(text, match.start(), match.end()))
    ]


def edit_of(match: re.Match[str], after: str, name: str, confidence: float) -> Edit:
    start, end = match.span()
    return Edit(start, end, match.group(), after, f"repair:{name}", confidence)


def _is_debris(text: str, start: int, end: int) -> bool:
    """Tell whether invisible signs do nothing where they stand, unless break words."""
    signs = text[start:end]
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if "\ufeff" in signs:
        return start > 0
    if _NEEDS_LETTERS.search(signs):
        return _is_latin(before) and _is_latin(after)
    return _is_plain(before) and _is_plain(after)


def _is_plain(sign: str) -> bool:
    """Tell whether a sign is Latin text, a figure excepted, or the edge of the text."""
    return not sign or (sign <= LAST_LATIN and not sign.isnumeric())


def _is_latin(sign: str) -> bool:
    return sign.isalpha() and sign <= LAST_LATIN


def _beside_letter(text: str, start: int, end: int) -> bool:
    return _is_latin(text[max(0, start - 1) : start]) or _is_latin(text[end : end + 1])


def line_around(text: str, start: int, end: int) -> str:
    """Return the line of ``text[start:end]``, at most 200 signs each way."""
    before = text[max(0, start - 200) : start]
    after = text[end : end + 200]
    return before[before.rfind("\n") + 1 :] + after.partition("\n")[0]
