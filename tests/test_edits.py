"""Edits apply, invert, compose and replay exactly, or refuse in one line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restore._compose import compose_edits
from restore._edits import Edit, apply_edits, in_order, invert_edits
from restore._errors import EditError

texts = st.text(alphabet="ab \n\u00e9\U0001f600", max_size=24)


@st.composite
def rounds_of_edits(draw, text):
    """Disjoint edits on `text`: insertions, deletions, replacements, touching or not."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edits, used = [], set()
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        if (start, end) not in used:
            after = draw(st.text(alphabet="xy", max_size=3))
            share = draw(st.sampled_from([0.25, 0.5, 1.0]))
            edits.append(Edit(start, end, text[start:end], after, f"stage:{start}", share))
            used.add((start, end))
    return edits


@st.composite
def text_and_rounds(draw, most=3):
    text = draw(texts)
    rounds, current = [], text
    for _ in range(draw(st.integers(1, most))):
        edits = draw(rounds_of_edits(current))
        rounds.append(edits)
        current = apply_edits(current, edits)
    return text, rounds, current


@given(text_and_rounds(most=1))
def test_inversion_gives_back_the_original(case):
    text, rounds, result = case
    inverse = invert_edits(rounds[0])
    assert apply_edits(result, inverse) == text
    assert apply_edits(text, invert_edits(inverse)) == result


@given(text_and_rounds())
def test_composition_equals_the_rounds_one_after_another(case):
    text, rounds, result = case
    composed = compose_edits(text, rounds)
    assert apply_edits(text, composed) == result
    assert composed == in_order(composed)
    assert all(edit.before != edit.after for edit in composed)
    assert all(text[edit.start : edit.end] == edit.before for edit in composed)


@given(text_and_rounds())
def test_composition_names_every_source_that_took_part(case):
    text, rounds, _ = case
    given_sources = {edit.source for edits in rounds for edit in edits}
    for edit in compose_edits(text, rounds):
        assert set(edit.source.split("+")) <= given_sources
        assert 0 < edit.confidence <= 1


@given(text_and_rounds(), st.randoms(use_true_random=False))
def test_order_of_edits_does_not_matter(case, generator):
    text, rounds, _ = case
    shuffled = list(rounds[0])
    generator.shuffle(shuffled)
    assert apply_edits(text, shuffled) == apply_edits(text, rounds[0])


@given(text_and_rounds(most=1))
def test_edits_survive_json(case):
    for edit in case[1][0]:
        assert Edit.from_dict(json.loads(json.dumps(edit.to_dict()))) == edit


def test_edits_that_do_not_touch_stay_apart():
    composed = compose_edits(
        "one two", [[Edit(0, 3, "one", "1", "a")], [Edit(2, 5, "two", "2", "b")]]
    )
    assert [(e.start, e.end, e.after, e.source) for e in composed] == [
        (0, 3, "1", "a"),
        (4, 7, "2", "b"),
    ]


def test_edit_beside_an_edit_stays_apart():
    first = [Edit(0, 1, "[", '"', "a")]
    composed = compose_edits("[cat", [first, [Edit(1, 4, "cat", "dog", "b")]])
    assert [edit.source for edit in composed] == ["a", "b"]


def test_edit_on_an_edit_becomes_one_with_the_product_of_confidences():
    first = [Edit(0, 3, "c@t", "cat", "a", 0.5)]
    (edit,) = compose_edits("c@t", [first, [Edit(0, 3, "cat", "dog", "b", 0.5)]])
    assert edit == Edit(0, 3, "c@t", "dog", "a+b", 0.25)


def test_edit_that_undoes_another_leaves_nothing():
    assert compose_edits("ab", [[Edit(0, 1, "a", "x")], [Edit(0, 1, "x", "a")]]) == []


@pytest.mark.parametrize(
    "edits",
    [
        [Edit(0, 2, "ab", "x"), Edit(1, 3, "bc", "y")],
        [Edit(1, 1, "", "x"), Edit(1, 1, "", "y")],
        [Edit(0, 3, "abc", "x"), Edit(1, 1, "", "y")],
        [Edit(0, 1, "z", "x")],
        [Edit(2, 4, "c", "x")],
        [Edit(-1, 0, "", "x")],
        [Edit(2, 1, "", "x")],
        [Edit(9, 9, "", "x")],
    ],
    ids=[
        "overlap",
        "same-place",
        "inside",
        "other-text",
        "past-end",
        "negative",
        "reversed",
        "far",
    ],
)
def test_edits_that_do_not_fit_are_refused(edits):
    with pytest.raises(EditError) as error:
        apply_edits("abc", edits)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        "edit",
        None,
        {"start": 0, "end": 1, "before": "a"},
        {"start": "0", "end": 1, "before": "a", "after": "b"},
        {"start": True, "end": 1, "before": "a", "after": "b"},
        {"start": -1, "end": 1, "before": "a", "after": "b"},
        {"start": 0, "end": 1, "before": 5, "after": "b"},
        {"start": 0, "end": 1, "before": "a", "after": "b", "confidence": float("nan")},
        {"start": 0, "end": 1, "before": "a", "after": "b", "confidence": 10**400},
        {"start": 0, "end": 1, "before": "a", "after": "b", "alternatives": "xy"},
        {"start": 0, "end": 1, "before": "a", "after": "b", "alternatives": [["x", 2.0]]},
        {"start": 8, "end": 3, "before": "", "after": "b"},
        {"start": 0, "end": 2, "before": "a", "after": "b"},
        {"start": 0, "end": 1, "before": "a", "after": "b", "confidence": True},
        {("odd", "key"): object()},
    ],
)
def test_data_that_is_no_edit_is_refused(data):
    with pytest.raises(EditError, match="not an edit"):
        Edit.from_dict(data)
