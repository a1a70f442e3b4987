"""Finds where sentences end; used by `restore._document` alone.

A stop ends a sentence unless what stands before it (a title, an initial, a dotted abbreviation)
or after it (a small letter) says otherwise. A line end ends one too, unless the next line goes on
in small letters, or the next word had no room in a text that is hard-wrapped.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import NamedTuple

from restore._tokens import INITIAL, NUMBER, PUNCT, WORD, words
from restore._wrapping import LINE_ENDS, wraps

_STOPS = ".!?\N{HORIZONTAL ELLIPSIS}\N{IDEOGRAPHIC FULL STOP}"
_CLOSERS = "\"')\\]}\N{RIGHT SINGLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}»*_"
_OPENERS = frozenset("\"'([{*_#->«\N{LEFT SINGLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}")
# Never fails once it has begun, hence linear: a stop with what closes it, or a line end.
_CANDIDATE = re.compile(
    rf"[{_STOPS}{LINE_ENDS}](?:(?<=[{_STOPS}])[{_STOPS}]*+[{_CLOSERS}]*+)?+(?:\[\d{{1,3}}\])*+(\s*+)"
)
_BLANK_LINE = re.compile(
    r"(?:\r\n|\r(?!\n)|[\n\x0b\x0c\x85\u2028\u2029])[ \t\xa0]*[\n\r\x0b\x0c\x85\u2028\u2029]"
)
_TAGS = re.compile(r"(?:<[^<>]{1,300}>\s*)+")

# Stand before a name: the sentence goes on.
TITLES = words(
    "Mr Mrs Ms Mx Dr Prof Rev Fr Hon Pres Gov Lt Sen Sens Rep Reps Gen Maj Capt Cmdr Cpl Sgt Col"
    " Adm Brig Pvt Pfc Supt Det Insp Amb Atty Asst Sr Sra St Ste Mt Ft Messrs Mme Mlle Msgr Dist"
    " Treas Sec Dir vs v viz cf eg ie ca approx est resp ed eds trans"
)
# Stand before a figure: the sentence goes on if one follows.
BEFORE_FIGURES = words(
    "No Nos no nos Vol vol Fig Figs fig Art art Sec sec Ch ch Par pp p Sept Jan Feb Mar Apr Jun"
    " Jul Aug Sep Oct Nov Dec Rs Op op Rm Ste Ext ext Pt pt lb oz"
)
# Stand inside sentences and at their ends: what follows decides.
ABBREVIATIONS = words(
    "Sept Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec Rs"
    " Inc Corp Co Ltd Bros Cos LLC Jr Esq Assn Assoc Dept Univ Inst Natl Intl Govt Ave Blvd Rd Hwy"
    " Pkwy Bldg Sq Mon Tue Tues Wed Thu Thurs Fri Sat Sun Ala Ariz Ark Calif Colo Conn Del Fla Ill"
    " Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo"
    " Ont Que etc al hr hrs min mins ft mph Ph Ed Eds Mgr Mfg Chr Phil Matt Rom"
)
# Open a sentence more often than they go on after an abbreviation.
STARTERS = words(
    "The A An This That These Those He She It They We I You His Her Its Their Our My But And Or So"
    " Yet In On At As By For From If When While After Before Since Because Although Though However"
    " Meanwhile Also There Here Now Then Today Some Many Most Several Both All No Not Who What Why"
    " How Where With Without Under Over During Until One Two Once Only Even Still According Among"
    " Despite Instead Last Earlier Later More Such Another Each Every Officials Police"
)
# Follow a time of day within the sentence: 5 p.m. Monday, 5 p.m. EST.
AFTER_TIMES = words(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday EST EDT CST CDT MST MDT PST PDT ET CT"
    " MT PT GMT UTC BST CET Eastern Central Mountain Pacific Greenwich January February March April"
    " May June July August September October November December"
)
# A line that ends in one of these is not finished, whatever the next one begins with.
UNFINISHED = words(
    "a an the of in on at to for from by with and or nor but as that than which who whose into"
    " between among under over is are was were be been has have had will would its his her their"
    " our my your this these those said"
)


class _Tokens(NamedTuple):
    text: str
    wraps: frozenset[int]
    tokens: list[str]
    starts: list[int]
    kinds: bytearray


def split_sentences(
    text: str, tokens: list[str], starts: list[int], kinds: bytearray
) -> list[tuple[int, int]]:
    """Return half-open ranges of token indexes, in order, without gaps or empty ranges."""
    parts = _Tokens(text, wraps(text), tokens, starts, kinds)
    cuts = [0]
    for match in _CANDIDATE.finditer(text):
        after = bisect_left(starts, match.end(), cuts[-1])
        if after > cuts[-1] and after < len(tokens) and _ends(parts, match, after):
            cuts.append(after)
    if tokens:
        cuts.append(len(tokens))
    return list(pairwise(cuts))


def _ends(parts: _Tokens, match: re.Match[str], after: int) -> bool:
    """Tell whether a sentence ends at `match`; the token `after` is the first behind it."""
    found, gap = match.group(), match.group(1)
    if found[0] in LINE_ENDS:
        return _line_ends(parts, found, match.start(), after)
    if not gap:
        return _glued(parts, match, after)
    follower = _opening_word(parts, after)
    if follower < 0 or _BLANK_LINE.search(gap):
        return True
    if parts.tokens[follower][0].islower():
        return False
    stop = bisect_left(parts.starts, match.start())
    if found.rstrip()[-1] in "!?" or found[0] != "." or found.startswith(".."):
        return True
    return stop == 0 or _full_stop_ends(parts, stop, follower)


def _line_ends(parts: _Tokens, found: str, start: int, after: int) -> bool:
    """A line end without a stop: not a boundary if the sentence goes on in the next line."""
    if _BLANK_LINE.search(found):
        return True
    if start in parts.wraps:
        return False
    if parts.kinds[after] & WORD and parts.tokens[after][0].islower():
        return False
    last = bisect_left(parts.starts, start) - 1
    return last < 0 or not (parts.tokens[last] == "," or parts.tokens[last] in UNFINISHED)


def _glued(parts: _Tokens, match: re.Match[str], after: int) -> bool:
    """A stop without white space behind it: a boundary before markup and in "...end.Next one"."""
    text, end = parts.text, match.end()
    if text.startswith("<", end):
        tags = _TAGS.match(text, end)
        return tags is not None and not text[tags.end() : tags.end() + 1].islower()
    if not (text[end : end + 1].isupper() and text[end + 1 : end + 2].islower()):
        return False
    before = text[max(0, match.start() - 2) : match.start()]
    if not (before.islower() and before.isalpha() and parts.kinds[after] & WORD):
        return False
    return _word_before(parts, bisect_left(parts.starts, match.start())) not in TITLES


def _opening_word(parts: _Tokens, index: int) -> int:
    """Return the index of the word or number at `index`, past opening marks, or -1."""
    for at in range(index, min(index + 6, len(parts.tokens))):
        if not parts.kinds[at] & PUNCT:
            return at
        if parts.tokens[at] not in _OPENERS:
            return -1
    return -1


def _word_before(parts: _Tokens, stop: int) -> str:
    """Return the token that touches the token `stop`, or nothing."""
    if stop == 0:
        return ""
    word = parts.tokens[stop - 1]
    return word if parts.starts[stop - 1] + len(word) == parts.starts[stop] else ""


def _full_stop_ends(parts: _Tokens, stop: int, follower: int) -> bool:
    """Tell whether one full stop, white space behind it, ends a sentence: the words decide."""
    word, following = _word_before(parts, stop), parts.tokens[follower]
    kind = parts.kinds[stop - 1] if word else PUNCT
    before_figure = parts.kinds[follower] & NUMBER > 0
    dotted = len(word) <= 2 and stop > 1 and _word_before(parts, stop - 1) == "."
    if word in TITLES or (word in BEFORE_FIGURES and before_figure):
        return False
    if kind & NUMBER:
        return not _is_list_number(parts, stop - 1)
    if dotted and word in ("m", "M"):
        return following not in AFTER_TIMES
    if dotted or (kind & INITIAL and word != "I") or word in ABBREVIATIONS:
        return following in STARTERS and following != "I"
    return True


def _is_list_number(parts: _Tokens, number: int) -> bool:
    """Tell whether the number stands at the beginning of its line, as in ``1. First``."""
    if len(parts.tokens[number]) > 3:
        return False
    if number == 0:
        return True
    last = parts.starts[number - 1] + len(parts.tokens[number - 1])
    gap = parts.text[last : parts.starts[number]]
    return any(sign in gap for sign in LINE_ENDS)
