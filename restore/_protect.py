"""Finds what no edit may touch: figures, dates, addresses, code, markup, headlines, user's terms.

Two kinds may: the policy lets a spun text's whole numbers by themselves be written out, and its
headlines are restored from a copy in small letters (`restore._quiet`).
Used by `restore._document` and by the repairs. Takes time linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING

from restore._addresses import address_spans, name_spans
from restore._markup import code_spans, markup_spans, silent_spans
from restore._tokens import ALLCAPS, CAPITAL, INITIAL, NUMBER, PROTECTED, WORD, tokenize, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Span = tuple[int, int]

MONTHS = words(
    "January February March April May June July August September October November December"
    " Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec"
)
_MONTH_WORDS = MONTHS | frozenset(month.upper() for month in MONTHS)
_BEFORE_AMOUNT = frozenset("$€£¥₹₽₩₪₺₴₦฿¢")
_AFTER_AMOUNT = frozenset("%‰€£¥₽₴₫¢°")
# Letters that stand before a dollar sign: US$5, HK$40.
_DOLLARS = words("US A AU C CA HK NZ S R NT")
FORMULA = "h2o"  # the one that spinners write
# What follows a number in a date or a time of day: 21st of May, 3 May, 5 p.m.
_DAY_OR_TIME = re.compile(
    rf"[ \xa0\u202f](?:of )?(?:{'|'.join(sorted(_MONTH_WORDS, key=len, reverse=True))})\b"
    r"|[ \xa0\u202f]?(?:[ap]\.m\b\.?|[AP]\.M\b\.?|[ap]m\b|[AP]M\b)"
)
_AFTER_NUMBER = frozenset("oap" + "".join(month[0] for month in MONTHS))
_PLAIN_NUMBER = NUMBER | PROTECTED  # the kind of every number before sentences are marked
# Three words in capitals or more, figures and marks between them; kinds as bytes.
_CAPITALS = bytes([WORD | CAPITAL | ALLCAPS, WORD | CAPITAL | INITIAL])
_HEADLINE = re.compile(rb"[%b][%b\x04\x0a]*+" % (_CAPITALS, _CAPITALS))
_REST_OF_LINE = re.compile(r"[^\w\n\r]*+(?:[\n\r]|\Z)")


def protected_spans(
    text: str, tokens: list[str], starts: list[int], kinds: bytearray, protect: tuple[str, ...]
) -> tuple[list[Span], list[Span], list[Span]]:
    """Return half-open ranges of offsets, in order, disjoint, that no edit may touch.

    Returns:
        All of them; those that are a whole number by itself (or `FORMULA`) and protected for
        nothing else; and those that are markup which nobody reads out.
    """
    silent = merged(silent_spans(text))
    others = merged([*_other_spans(text, tokens, starts, kinds, protect), *silent])
    spans = merged([*_number_spans(text, tokens, starts, kinds), *others])
    figures = [
        (start, end)
        for start, end in spans
        if (text[start:end].isdecimal() or text[start:end].lower() == FORMULA)
        and not touches(others, start, end)
    ]
    return spans, figures, silent


def _other_spans(
    text: str, tokens: list[str], starts: list[int], kinds: bytearray, protect: tuple[str, ...]
) -> list[Span]:
    """Return what is protected for another reason than being a number or markup not read out."""
    spans = list(_headline_spans(text, tokens, starts, kinds))
    spans += code_spans(text)
    spans += markup_spans(text)
    spans += address_spans(text)
    spans += name_spans(text)
    spans += _term_spans(text, protect)
    return spans


def all_protected(text: str, protect: tuple[str, ...] = ()) -> list[Span]:
    """Return what `protected_spans` does, from the text alone."""
    return protected_spans(text, *tokenize(text), protect)[0]


def verbatim_spans(text: str, protect: tuple[str, ...] = ()) -> list[Span]:
    """Return what not even damaged encoding is mended in: code, markup, addresses, terms."""
    spans = [*code_spans(text), *markup_spans(text), *silent_spans(text), *address_spans(text)]
    return merged(spans + list(_term_spans(text, protect)))


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the union of `spans` as disjoint ranges in order; those that touch become one.

    >>> merged([(4, 6), (0, 2), (1, 3), (6, 7)])
    [(0, 3), (4, 7)]
    """
    out: list[Span] = []
    low, high = -1, -1
    for start, end in sorted(spans):
        if start > high:
            if low < high:
                out.append((low, high))
            low, high = start, end
        elif end > high:
            high = end
    if low < high:
        out.append((low, high))
    return out


def touches(spans: Sequence[Span], start: int, end: int) -> bool:
    """Tell whether the range overlaps one of `spans`, or inserts inside one.

    >>> touches([(4, 6)], 5, 5), touches([(4, 6)], 6, 8), touches([(4, 6)], 0, 4)
    (True, False, False)
    """
    index = bisect_left(spans, (max(end, start + 1),)) - 1
    return index >= 0 and spans[index][1] > start and (start < end or spans[index][0] < start)


def mark_protected(
    tokens: list[str], starts: list[int], kinds: bytearray, spans: list[Span]
) -> None:
    """Set `PROTECTED` on every token that overlaps one of `spans`."""
    for first, end in _ranges(tokens, starts, spans):
        for index in range(first, end):
            kinds[index] |= PROTECTED


def read_out(
    tokens: list[str], starts: list[int], kinds: bytearray, silent: list[Span]
) -> tuple[list[str], list[int], bytearray]:
    """Leave out the tokens of markup that nobody reads out: neighbours are to see each other."""
    if not silent:
        return tokens, starts, kinds
    is_read = bytearray(b"\1" * len(tokens))
    for first, end in _ranges(tokens, starts, silent):
        is_read[first:end] = bytes(end - first)
    return (
        list(compress(tokens, is_read)),
        list(compress(starts, is_read)),
        bytearray(compress(kinds, is_read)),
    )


def _ranges(tokens: list[str], starts: list[int], spans: list[Span]) -> Iterator[tuple[int, int]]:
    """Yield the first and end index of the tokens that overlap each of `spans`."""
    first = 0
    for start, end in spans:
        first = max(bisect_right(starts, start, first) - 1, 0)
        if first < len(starts) and starts[first] + len(tokens[first]) <= start:
            first += 1
        yield first, bisect_left(starts, end, first)


def _number_spans(
    text: str, tokens: list[str], starts: list[int], kinds: bytearray
) -> Iterator[Span]:
    """Yield numbers with the signs, months and times of day that belong to them."""
    index = kinds.find(_PLAIN_NUMBER)
    while index >= 0:
        start = starts[index]
        end = start + len(tokens[index])
        yield _amount_start(text, start), _amount_end(text, end)
        if index and tokens[index - 1] in _MONTH_WORDS:
            yield starts[index - 1], _year_end(tokens, starts, kinds, index)
        elif index > 1 and tokens[index - 1] == "." and tokens[index - 2] in _MONTH_WORDS:
            yield starts[index - 2], _year_end(tokens, starts, kinds, index)
        following = tokens[index + 1] if index + 1 < len(tokens) else "-"
        if following[0] in _AFTER_NUMBER and (after := _DAY_OR_TIME.match(text, end)):
            yield start, after.end()
        index = kinds.find(_PLAIN_NUMBER, index + 1)


def _year_end(tokens: list[str], starts: list[int], kinds: bytearray, day: int) -> int:
    """Return where a date ends: behind the year in ``June 19, 2024``, else behind the day."""
    if (
        day + 2 < len(tokens)
        and tokens[day + 1] == ","
        and kinds[day + 2] & NUMBER
        and len(tokens[day + 2]) == 4
    ):
        day += 2
    return starts[day] + len(tokens[day])


def _amount_start(text: str, start: int) -> int:
    """Return where the currency sign before a number begins."""
    if start and text[start - 1] in _BEFORE_AMOUNT:
        start -= 1
        for length in (2, 1):
            begin = max(0, start - length)
            if text[begin:start] in _DOLLARS and not text[max(0, begin - 1) : begin].isalnum():
                return begin
    return start


def _amount_end(text: str, end: int) -> int:
    """Return where the percent, degree or currency sign behind a number ends."""
    return end + (text[end : end + 1] in _AFTER_AMOUNT if end < len(text) else 0)


def _headline_spans(
    text: str, tokens: list[str], starts: list[int], kinds: bytearray
) -> Iterator[Span]:
    """Yield runs of three words or more in capitals, and shorter ones that fill their line."""
    if kinds.find(_CAPITALS[0]) < 0:
        return
    for match in _HEADLINE.finditer(kinds):
        for first, after in _lines(text, tokens, starts, match.start(), match.end()):
            run = kinds[first:after]
            last = first + max(map(run.rfind, _CAPITALS))
            start, end = starts[first], starts[last] + len(tokens[last])
            count = run.count(_CAPITALS[0])
            is_long = count >= 2 and count + run.count(_CAPITALS[1]) >= 3
            if is_long or (count and _fills_line(text, start, end)):
                yield start, end


def _lines(
    text: str, tokens: list[str], starts: list[int], first: int, after: int
) -> Iterator[tuple[int, int]]:
    """Cut a run of tokens at line ends."""
    for index in range(first + 1, after):
        gap = text[starts[index - 1] + len(tokens[index - 1]) : starts[index]]
        if "\n" in gap or "\r" in gap:
            yield first, index
            first = index
    yield first, after


def _fills_line(text: str, start: int, end: int) -> bool:
    """Tell whether no other word stands on the line of ``text[start:end]``."""
    while start and text[start - 1] not in "\n\r":
        start -= 1
        if text[start].isalnum():
            return False
    return _REST_OF_LINE.match(text, end) is not None


def _term_spans(text: str, protect: tuple[str, ...]) -> Iterator[Span]:
    """Yield whole-word occurrences of the user's terms, the longest where several fit."""
    present = tuple(term for term in protect if term and term in text)
    if present:
        for match in _term_pattern(present).finditer(text):
            yield match.span()


@lru_cache(maxsize=64)
def _term_pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    parts = []
    for term in sorted(terms, key=len, reverse=True):
        left = r"(?<!\w)" if term[0].isalnum() or term[0] == "_" else ""
        right = r"(?!\w)" if term[-1].isalnum() or term[-1] == "_" else ""
        parts.append(left + re.escape(term) + right)
    return re.compile("|".join(parts))
