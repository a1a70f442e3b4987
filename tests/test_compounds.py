"""Compounds of which a part is misspelt."""

from __future__ import annotations

import pytest

from restore import apply_edits
from restore._document import Document
from restore.seq2seq._compounds import mend_compounds
from tests.shipped import speller


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("a goyernment-run school", "a government-run school"),
        ("a long-distancc runner", "a long-distance runner"),
        ("the multi-agency talks and the Ocasio-Cortez bill", None),  # a beginning, a name
        ("a well-known long-term plan and a two-fold rise", None),
        ("a qzxv-wide rule, a goyernment-rnn school", None),  # nothing near; both parts
    ],
)
def test_the_misspelt_part_of_a_compound_is_corrected(wrong, right):
    document = Document.parse(wrong)
    edits = list(mend_compounds(document, document.sentences, speller()))
    assert apply_edits(wrong, edits) == (right or wrong)
    assert all(edit.confidence < 0.5 for edit in edits)  # none makes a text count as misspelt
