"""Mends single characters: stray control signs, invisible debris, ligatures, full-width forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from restore._edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable

# Never meant to be in text: C0 controls but tab, line ends and form feed; DEL; terminal escapes.
_CONTROLS = r"\x1b\[[0-9;?]{0,16}[A-Za-z]|[\x00-\x08\x0b\x0e-\x1f\x7f]"
# Deprecated or internal to programs (as ftfy's `remove_control_chars`).
_INTERNAL = "\u206a-\u206f\ufff9-\ufffc"
_ASCII_DAMAGE = re.compile(_CONTROLS)
_DAMAGE = re.compile(rf"{_CONTROLS}|[{_INTERNAL}]|(?<=.)\ufeff", re.DOTALL)
# Invisible, and meant where a script or an emoji needs it: damage only beside plain Latin text.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_LIGATURES = re.compile("[\ufb00-\ufb06]")
# Unicode's own compatibility mappings, the long s of the fifth made a plain one.
_LIGATURE_LETTERS = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
_FULL_WIDTH = re.compile("[\uff01-\uff5e]+")
# Kana, Bopomofo, Hangul, Han: text in which full-width signs are at home.
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]")
_TO_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LAST_LATIN = "\u024f"


def control(text: str) -> list[Edit]:
    """Propose to delete control characters, terminal escapes and invisible debris.

    False positives: next to none for control characters, which no text needs. Invisible ones
    (soft hyphen, zero-width space and joiners, direction marks, a BOM inside the text) are
    deleted only between Latin letters, or between one and the edge of a word, so that emoji and
    scripts that are written with joiners keep theirs; a BOM at the very beginning stays.
    """
    damage = _ASCII_DAMAGE if text.isascii() else _DAMAGE
    edits = [_delete(match) for match in damage.finditer(text)]
    if text.isascii():
        return edits
    return _disjoint(edits + [_delete(m) for m in _INVISIBLE.finditer(text) if _is_debris(m)])


def ligatures(text: str) -> list[Edit]:
    """Propose letters for typographic ligatures inside words: ``signiﬁcant``.

    False positives: text about the ligatures themselves; one that stands alone is left. Signs
    that are letters of some language (Dutch, Croatian, Afrikaans) are no ligatures here.
    """
    if text.isascii():
        return []
    return [
        _edit(match, _LIGATURE_LETTERS[match.group()], "ligatures", 0.98)
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
        _edit(match, match.group().translate(_TO_NARROW), "width", 0.9)
        for match in _FULL_WIDTH.finditer(text)
        if not _EAST_ASIAN.search(_line_around(text, match.start(), match.end()))
    ]


def _edit(match: re.Match[str], after: str, name: str, confidence: float) -> Edit:
    start, end = match.span()
    return Edit(start, end, match.group(), after, f"repair:{name}", confidence)


def _delete(match: re.Match[str]) -> Edit:
    return _edit(match, "", "control", 0.99)


def _disjoint(edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits in order, without those that overlap an earlier one."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def _is_debris(match: re.Match[str]) -> bool:
    """Tell whether invisible signs stand in Latin text, where they do nothing but break words."""
    text, (start, end) = match.string, match.span()
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    if not (before or match.group().startswith("\ufeff")) and "\ufeff" in match.group():
        return False
    latin = _is_latin(before) + _is_latin(after)
    if "\u00ad" in match.group():
        return latin == 2
    return latin == 2 or (latin == 1 and (before + after).strip().isalpha())


def _is_latin(sign: str) -> bool:
    return sign.isalpha() and sign <= _LAST_LATIN


def _beside_letter(text: str, start: int, end: int) -> bool:
    return _is_latin(text[start - 1 : start]) or _is_latin(text[end : end + 1])


def _line_around(text: str, start: int, end: int) -> str:
    """Return the line of ``text[start:end]``, at most 200 signs each way."""
    before = text[max(0, start - 200) : start]
    after = text[end : end + 200]
    return before[before.rfind("\n") + 1 :] + after.partition("\n")[0]
