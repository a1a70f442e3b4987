"""What full mode says of one place, as plain data, and the edit that follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from restore._capitals import fit_case, is_titled
from restore._decoder import Proposal
from restore._edits import Edit
from restore._function_words import FUNCTION_WORDS
from restore._sources import STRAY
from restore.lattice._decoder import ALTERNATIVES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEAST_ALTERNATIVE = 0.001  # probability
STRAY_LETTERS = 3  # at most, of what scanning leaves between words
POSSESSIVE = ("'s", "\u2019s")
ENCLOSING = ("*", "_", "~")  # marks of emphasis
STRAY_ENDS = ("", " ", "\n", ",", ";")  # and what may stand beside it

HEADS = ("", "\n")  # what stands before the first word of a line

# What stands around a field that a spinner's template left open: ``{{city}}``, ``[name]``.
FIELDS = (("{{", "}}"), ("{", "}"), ("{", "|"), ("[", "]"), ("%", "%"))


class Reading(NamedTuple):
    """One text that may stand at a place.

    Attributes:
        text: as the dictionary writes it; empty for a deletion.
        share: its probability.
        source: what suggests it: ``keep`` for the word itself, ``written`` for what no list holds.
    """

    text: str
    share: float
    source: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What may stand at one place of a text, and how probable each reading is.

    Attributes:
        start: offset of its first code point.
        end: offset after its last.
        before: what stands there.
        readings: best first, the word itself among them; no two have the same text.
        keeps: whether the word itself was chosen.
        garbled: probability that it is garbled.
        explained: probability of the readings that speak for a spinner.
    """

    start: int
    end: int
    before: str
    readings: tuple[Reading, ...]
    keeps: bool
    garbled: float
    explained: float

    def edit(self, text: str, mode: str) -> Edit | None:
        """Return the edit that makes the best reading stand, if there is one to make.

        Args:
            text: the document's.
            mode: what the source of the edit begins with.
        """
        best = self.readings[0]
        after = fit_case(text, self.start, self.end, _bare(best.text, text, self.end))
        if self.keeps or best.source == "keep" or after == self.before:
            return None
        if not after and not self.before.isascii():
            return None  # debris of an encoding, which repairs know better
        if not after and text.endswith(".", 0, self.start) and text.startswith(".", self.end):
            return None  # a letter of an abbreviation: e.g.
        if not after and _is_enclosed(text, self.start, self.end):
            return None  # it would leave marks of emphasis around nothing
        start, end = (self.start, self.end) if after else self._deleted(text)
        stray = not after and _is_piece(text, self.start, self.end)
        source = STRAY if stray else best.source
        return Edit(
            start, end, text[start:end], after, f"{mode}:{source}",
            round(best.share, 4), self._alternatives(text, after),
        )  # fmt: skip

    def _deleted(self, text: str) -> tuple[int, int]:
        """Return what goes with the word: a space beside it, the marks of a template field."""
        start, end = self.start, self.end
        for opening, closing in FIELDS:
            if text.endswith(opening, 0, start) and text.startswith(closing, end):
                start, end = start - len(opening), end + len(closing)
                break
        goes_too = _heads_line(text, start) and text.startswith(" ", end)
        return with_space(text, start), end + goes_too

    def _alternatives(self, text: str, after: str) -> tuple[tuple[str, float], ...]:
        """Return what else may stand there, and how probable it is, equal texts as one."""
        found: dict[str, float] = {}
        for word, share, _ in self.readings[1:]:
            other = fit_case(text, self.start, self.end, _bare(word, text, self.end))
            if share > LEAST_ALTERNATIVE and other != after:
                found[other] = found.get(other, 0.0) + share
        return tuple((other, round(share, 4)) for other, share in found.items())[:ALTERNATIVES]


def _bare(word: str, text: str, end: int) -> str:
    """Return a word without the possessive ending that stands behind its place already.

    >>> _bare("mayor's", "the mayr's plan", 8), _bare("mayor's", "the mayr plan", 8)
    ('mayor', "mayor's")
    """
    there = text[end : end + 2].lower() in POSSESSIVE and not text[end + 2 : end + 3].isalpha()
    bare = word[:-2] if there and word[-2:].lower() in POSSESSIVE else word
    return bare or word


def _is_enclosed(text: str, start: int, end: int) -> bool:
    return text[max(0, start - 1) : start] in ENCLOSING and text[end : end + 1] in ENCLOSING


def _is_piece(text: str, start: int, end: int) -> bool:
    """Tell whether a word is a few letters by themselves, and none of the function words.

    >>> _is_piece("the rt end", 4, 6), _is_piece("he was it", 3, 6), _is_piece("rt.com", 0, 2)
    (True, False, False)
    """
    word = text[start:end]
    alone = text[end : end + 1] in STRAY_ENDS and text[max(0, start - 1) : start] in STRAY_ENDS
    return alone and len(word) <= STRAY_LETTERS and word.lower() not in FUNCTION_WORDS


class Heard(NamedTuple):
    """What is said of some sentences.

    Attributes:
        ruled: edits that a rule demands whatever the context.
        choices: the other doubtful places.
        words: number of words looked at.
    """

    ruled: tuple[Edit, ...]
    choices: tuple[Choice, ...]
    words: int


def with_space(text: str, start: int) -> int:
    """Widen what begins at `start` by the space before it: a deletion leaves none over."""
    return start - 1 if start > 0 and text[start - 1] == " " else start


def _heads_line(text: str, start: int) -> bool:
    """Tell whether nothing stands before an offset in its line."""
    return text[max(0, start - 1) : start] in HEADS


def _apart(text: str, edits: list[Edit]) -> Iterator[Edit]:
    """Yield edits in order, deletions without what the one before takes along already.

    What follows deletions at the head of a line moves there, without a space before it.
    """
    end, head = 0, False  # has all of the line been deleted so far?
    for proposed in sorted(edits, key=lambda edit: edit.start):
        edit, over = proposed, end - proposed.start
        if not edit.after and 0 < over < len(edit.before):
            stop = edit.end + (head and text.startswith(" ", edit.end))
            edit = replace(edit, start=end, end=stop, before=text[end:stop])
        goes_on = head and edit.start == end
        head = not edit.after and (goes_on or _heads_line(text, edit.start))
        end = edit.end
        yield edit


def proposal(text: str, heard: Iterable[Heard], mode: str) -> Proposal:
    """Make edits of what is said of a document, and count what is garbled.

    Args:
        text: the document's.
        heard: all of it, in the document's order.
        mode: what the edits' sources begin with.
    """
    edits: list[Edit] = []
    garbled, explained, words = 0.0, 0.0, 0
    for ruled, choices, number in heard:
        words += number
        edits += [replace(e, source=f"{mode}:{e.source.partition(':')[2]}") for e in ruled]
        for choice in choices:
            garbled += choice.garbled
            explained += choice.explained
        made = (choice.edit(text, mode) for choice in choices)
        edits += _apart(text, [edit for edit in made if edit is not None])
    return Proposal(tuple(edits), garbled, words, explained, is_titled(text))
