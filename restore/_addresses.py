"""Finds addresses: URLs, bare domains, e-mail, @handles, #tags, file names and paths.

Used by `restore._protect` alone. Each rule runs only where its sign occurs, starts at that sign
and looks a bounded way back, so that the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from restore._tokens import words

if TYPE_CHECKING:
    from collections.abc import Iterator

Span = tuple[int, int]

# Endings of bare domains. Those that are English words (it, in, at, so, me, news) are left out:
# a sentence whose blank was lost ("over.it was") must stay open to repair.
DOMAIN_ENDINGS = words(
    "com org net gov edu mil biz info io ai co tv fm uk eu de fr ru cn jp ca au nz nl se ch es br"
    " pl ua il za ie dk fi cz gr hu kr tr mx ar cl ro pt gl ly app dev xyz edu int"
)
# Endings of file names, likewise.
FILE_ENDINGS = words(
    "pdf txt csv tsv json jsonl xml html htm css js ts py rb java cpp hpp sh bat exe dll zip gz tar"
    " bz2 zst rar 7z jpg jpeg png gif svg webp bmp tiff mp3 mp4 wav avi mov mkv doc docx xls xlsx"
    " ppt pptx odt ods rtf tex md rst yml yaml toml ini cfg conf sql db log parquet ipynb php asp"
    " aspx jsp apk dmg iso"
)
_URL_BODY = r"[^\s<>\"`{}|\\^\u00ab\u00bb\u2018-\u201f\u3000-\u303f\uff00-\uffef]"
# Addresses may be glued to a word of any script: what they are must not depend on its letters.
_START = "(?<![A-Za-z0-9])"
_URL = re.compile(rf"(?:https?|{_START}[A-Za-z][A-Za-z0-9+.-]{{0,15}})://{_URL_BODY}++")
_WWW = re.compile(rf"{_START}[wW]{{3}}\d?\.(?=\w){_URL_BODY}++")
_MAILTO = re.compile(rf"{_START}(?:mailto|tel|urn|doi):(?=\w){_URL_BODY}++")
_AT = re.compile(r"@(\w[\w-]*+(?:\.[\w-]++)*+)?(?:@[\w-]++(?:\.[\w-]++)++)?+")
_TAG = re.compile(r"(?<![\w&#])#[^\W_]\w*+")
_DOT_NAME = re.compile(r"\.([A-Za-z][A-Za-z0-9]{1,9})(?![A-Za-z0-9_-])(/(?=\w))?")
_DOMAIN_TAIL = re.compile(rf"(?::\d{{1,5}})?(?:[/?#]{_URL_BODY}*+)?")
_UNIX_PATH = re.compile(r"(?<![\w/<.~])(?:~|\.{1,2})?/(?:[\w.@+-]++/)++[\w.@+-]*+")
_WINDOWS_PATH = re.compile(rf"(?:{_START}[A-Za-z]:|(?<!\\)\\)\\[^\s\"<>|*?]++")
_STOPS = frozenset(".,;:!?'*_)]")  # at the end of an address they end the sentence
_LOOK_BACK = 253  # the longest domain name


def address_spans(text: str) -> Iterator[Span]:
    """Yield URLs, domains, e-mail addresses and paths, in no particular order."""
    for sign, pattern in _RULES:
        if sign in text:
            for match in pattern.finditer(text):
                yield match.start(), _without_stops(text, match.start(), match.end())
    if "@" in text:
        yield from _at_spans(text, in_mail=True)
    if "." in text:
        yield from _dotted_spans(text)


_RULES = (
    ("://", _URL),
    ("www.", _WWW),
    ("WWW.", _WWW),
    ("mailto:", _MAILTO),
    ("tel:", _MAILTO),
    ("doi:", _MAILTO),
    ("/", _UNIX_PATH),
    ("\\", _WINDOWS_PATH),
)


def name_spans(text: str) -> Iterator[Span]:
    """Yield @handles and #tags, in no particular order."""
    if "#" in text:
        yield from (match.span() for match in _TAG.finditer(text))
    if "@" in text:
        yield from _at_spans(text, in_mail=False)


def _without_stops(text: str, start: int, end: int) -> int:
    """Return `end` without the marks that end a sentence rather than an address."""
    if text[end - 1] not in _STOPS:
        return end
    unopened = text.count(")", start, end) - text.count("(", start, end)
    while end > start and text[end - 1] in _STOPS:
        if text[end - 1] == ")":
            if unopened <= 0:
                break
            unopened -= 1
        end -= 1
    return end


def _at_spans(text: str, *, in_mail: bool) -> Iterator[Span]:
    """Yield e-mail addresses, or else @handles and @handles@servers."""
    for match in _AT.finditer(text):
        name = match.group(1)
        if not name:
            continue
        start = _back(text, match.start(), "._%+-", 64)
        is_mail = start < match.start() and "." in name
        if is_mail if in_mail else start == match.start():
            yield start, _without_stops(text, start, match.end())


def _dotted_spans(text: str) -> Iterator[Span]:
    """Yield bare domains (with what follows them) and file names (with what leads to them)."""
    reached = 0
    for match in _DOT_NAME.finditer(text):
        ending = match.group(1)
        known = ending if ending.islower() else ending.lower() if ending.isupper() else ""
        is_domain = known in DOMAIN_ENDINGS or (match.group(2) and len(known) == 2)
        if match.start() < reached or not (is_domain or known in FILE_ENDINGS):
            continue
        limit = min(_LOOK_BACK, match.start() - reached)
        start = _back(text, match.start(), "-._" if is_domain else "-._/\\~:", limit)
        if start == match.start() != reached:  # the ending alone, not the second part of .co.uk
            continue
        end = match.end(1)
        if is_domain and (tail := _DOMAIN_TAIL.match(text, end)):
            end = _without_stops(text, start, tail.end())
        reached = end
        yield start, end


def _back(text: str, end: int, signs: str, limit: int) -> int:
    """Return where the run of letters, digits and `signs` before `end` begins."""
    start = end
    least = max(0, end - limit)
    while start > least and (text[start - 1].isalnum() or text[start - 1] in signs):
        start -= 1
    while start < end and not text[start].isalnum() and text[start] not in "/\\~":
        start += 1
    return start
