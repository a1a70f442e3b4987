"""Damage that rules and the language model mend, beside the words that are read in context."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from restore._beginnings import SHORT
from restore._capitals import capitals
from restore.lattice._truecase import capital_odds
from restore.seq2seq._breaks import mend_breaks
from restore.seq2seq._compounds import mend_compounds
from restore.seq2seq._edges import mend_edges
from restore.seq2seq._elements import name_elements
from restore.seq2seq._lowered import Lost, lost_capitals, raise_names
from restore.seq2seq._marks import are_many, mend_marks
from restore.seq2seq._numerals import write_out
from restore.seq2seq._shouting import quiet
from restore.seq2seq._spaces import mend_spaces
from restore.seq2seq._strays import drop_strays

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from restore._document import Document
    from restore._edits import Edit
    from restore.lattice._case_table import CaseTable
    from restore.lattice._ngram import NgramModel
    from restore.lattice._truecase import Odds
    from restore.seq2seq._choice import Choice
    from restore.seq2seq._encode import Reader

RAISED = 0.5  # a word more likely garbled than this gets no other capitals


class Whole(NamedTuple):
    """What is asked once of a whole text.

    Attributes:
        odds: of a capital at each token.
        lost: what it tells of capitals that it has lost.
        marks: whether so many of its marks went astray that they are certainly damage.
        numbers: the edits of numbers that may stand for words.
    """

    odds: Odds
    lost: Lost | None
    marks: bool
    numbers: tuple[Edit, ...]


def ask_once(document: Document, model: NgramModel, table: CaseTable) -> Whole:
    """Ask what is asked of a whole text.

    Args:
        document: the text.
        model: knows the usual words.
        table: how news writes them.
    """
    numbers = write_out(document, model)
    odds = capital_odds(document, table)
    lost, marks = lost_capitals(document, odds), are_many(document.text)
    return Whole(odds, lost, marks, (*name_elements(document), *numbers))


def mend(
    document: Document,
    sentences: list[tuple[int, int]],
    whole: Whole,
    reader: Reader,
    *,
    spun: bool,
) -> Iterator[Edit]:
    """Yield the edits of damage, and of numbers that stand for words.

    Args:
        document: the text.
        sentences: first and end token of those looked at.
        whole: what was asked of all of the text.
        reader: knows words, and which go together.
        spun: whether the sentences are spun: single letters may stand for words then, and words
            with a capital that nobody knows are names.
    """
    model, extent = reader.lexicon.model, document.extent(sentences)
    yield from mend_breaks(document, *extent, reader.speller)
    yield from drop_strays(document, *extent, model, letters=not spun)
    listed = reader.lexicon.table.forms
    yield from mend_spaces(document, sentences, reader.divider, listed, names=not spun)
    if not spun:
        yield from mend_compounds(document, sentences, reader.speller)
        yield from mend_edges(document, *extent, model)
    yield from quiet(document, sentences, whole.odds, model)
    if whole.lost is not None:
        yield from raise_names(document, sentences, whole.lost, whole.odds, model)
    yield from mend_marks(document, *extent, many=whole.marks)
    yield from (edit for edit in whole.numbers if extent[0] <= edit.start < extent[1])


def unexplained(edits: Iterable[Edit], choices: list[Choice]) -> Iterator[Edit]:
    """Yield the edits that touch no word which a list or the key explains better.

    ``throwaway`` may be two words run together, or what a spinner made of ``bill``. And ``peru``
    gets no capital where it more likely stands for ``like``, which no list explains; nor does a
    word whose sentence only goes on, since ``firm.`` before it stands for ``Inc.``
    """
    places = {at: c for c in choices for at in range(c.start, c.end)}
    for edit in edits:
        touched = [places[at] for at in range(edit.start, edit.end) if at in places]
        case = edit.source.endswith(":case")
        if case and _goes_on(edit, places):
            continue
        rivals = [c.garbled if case else c.explained for c in touched]
        if max(rivals, default=0.0) <= (RAISED if case else edit.confidence):
            yield edit


def _goes_on(edit: Edit, places: dict[int, Choice]) -> bool:
    """Does a beginning get its capital behind what is likely an abbreviation, and its stop?"""
    before = places.get(edit.start - 3)  # a full stop and a space between
    if before is None or before.keeps or before.end != edit.start - 2:
        return False
    return before.readings[0].text.lower() in SHORT and edit.before not in capitals()
