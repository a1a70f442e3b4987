"""A misspelt word by itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restore import apply_edits
from restore._document import Document
from restore.seq2seq._alone import correct, is_alone
from tests.shipped import divider, lexicon


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("recieve", "receive"), ("adress", "address"), ("comittee", "committee"),
        ("definately", "definitely"), ("seperate", "separate"), ("goverment", "government"),
        ("tommorow", "tomorrow"), ("freind", "friend"), ("becuase", "because"),
        ("intothe", "into the"), ("wasnever", "was never"),
    ],
)  # fmt: skip
def test_a_misspelt_word_by_itself_is_corrected(typed, meant):
    assert corrected(typed) == meant


@pytest.mark.parametrize(
    "word",
    ["receive", "marzipan", "astatine", "nan", "the", "xkcdqz", "Recieve", "recieve@example.org",
     "two recieve", "schadenfreude", "kubectl"],
)  # fmt: skip
def test_other_words_by_themselves_stay(word):
    assert corrected(word) == word


def corrected(text):
    document = Document.parse(text)
    if not is_alone(document):
        return text
    edits = list(correct(document, divider(), lexicon()))
    return apply_edits(text, [edit for edit in edits if edit.confidence >= 0.4])


@given(st.text(alphabet="abcdeéx -'", min_size=1, max_size=16))
@settings(max_examples=100, deadline=None)
def test_corrections_of_single_words_are_edits_of_the_text(text):
    document = Document.parse(text)
    if is_alone(document):
        for edit in correct(document, divider(), lexicon()):
            assert text[edit.start : edit.end] == edit.before
            assert 0 <= edit.confidence <= 1
            assert edit.after != edit.before
