"""Repairs mend what is damaged, leave clean text alone, and touch no protected span."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restore._document import Document
from restore._edits import Edit, apply_edits, in_order
from restore._errors import RestoreError
from restore._protect import all_protected, touches, verbatim_spans
from restore.repairs import DEFAULT_REPAIRS, REPAIRS, run_repairs
from restore.repairs._mojibake import INNOCENT

DATA = Path(__file__).parent / "data"
CASES = json.loads((DATA / "repairs.json").read_text("utf-8"))
_VOCABULARY = frozenset(
    """government governmental wellknown well-known known ab this governs desk desks
    acts hope""".split()  # noqa: SIM905
)
_SIGNS = [
    *("a", "govern", "ment", "caf\u00e9", "caf\u00c3\u00a9", "\u00e2\u20ac\u2122", "\u00c3"),
    *("\u00e9", "-\n", "\n", "\r\n", " ", "\xa0", "\u3000", "\u00ad", "\u200b", "\u200d", "\ufeff"),
    *("g\u043evern", "\u0430", "\u0416", "d\u03b1b", "\U0001d41a\U0001d41b"),
    *("\x00", "\x1b[0m", "\x1b", "[31m", "\ufb01", "\uff21", "\u5317", "\U0001f469", "\u0627"),
    *(
        "{ab|cd}",
        "{",
        "|ab",
        "}",
        "https://a.example/caf\u00c3\u00a9",
        "`",
        "10",
        ".",
        "NATO UN EU",
    ),
    *("\u201c", "\ud83d", "\u00d0\u00bf", "\u00c2", "\x81", "?", "\u200e", "\t"),
]
damaged = st.lists(st.sampled_from(_SIGNS), max_size=16).map("".join)
anything = st.text(st.characters(exclude_categories=()), max_size=60) | damaged


def known(word: str) -> bool:
    return word in _VOCABULARY


def kept_texts(text: str, name: str) -> list[str]:
    spans = (verbatim_spans if REPAIRS[name].mends_names else all_protected)(text)
    return [text[start:end] for start, end in spans]


def repaired(text: str, *names: str) -> str:
    return apply_edits(text, run_repairs(text, names or None, known=known))


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['repair']}-{case['before'][:20]!a}"
)
def test_written_cases(case):
    assert repaired(case["before"], case["repair"]) == case["after"]


@pytest.mark.parametrize("name", REPAIRS)
def test_every_repair_has_positive_and_negative_cases(name):
    own = [case for case in CASES if case["repair"] == name]
    assert any(case["before"] != case["after"] for case in own)
    assert any(case["before"] == case["after"] for case in own)


@pytest.mark.parametrize("text", json.loads((DATA / "repairs_clean.json").read_text("utf-8")))
def test_clean_text_comes_back_as_it_was(text):
    assert run_repairs(text, known=known) == []


@given(anything)
def test_edits_fit_the_text_and_name_their_repair(text):
    edits = run_repairs(text, known=known)
    assert edits == in_order(edits)
    for edit in edits:
        assert text[edit.start : edit.end] == edit.before != edit.after
        assert all(part.startswith("repair:") for part in edit.source.split("+"))
        assert 0 < edit.confidence <= 1


@given(anything)
def test_each_repair_leaves_nothing_to_itself(text):
    """Unless what it deleted made protected text of open text, or the other way round."""
    for name in REPAIRS:
        once = repaired(text, name)
        if kept_texts(once, name) == kept_texts(text, name):
            assert repaired(once, name) == once, name


@given(anything)
def test_protected_spans_are_not_touched(text):
    for repair in REPAIRS.values():
        spans = (verbatim_spans if repair.mends_names else all_protected)(text)
        edits = repair(text, known=known)
        assert not any(touches(spans, edit.start, edit.end) for edit in edits)


@given(damaged)
def test_repairs_in_turn_equal_one_composition(text):
    current = text
    for repair in REPAIRS.values():
        current = apply_edits(current, repair(current, known=known))
    assert repaired(text) == current


@given(damaged)
def test_terms_of_the_user_are_not_touched(text):
    term = "caf\u00c3\u00a9"
    before = Document.parse(text, (term,)).protected
    edits = run_repairs(text, protect=(term,), known=known)
    kept = [(s, e) for s, e in before if text[s:e] == term]
    assert not any(touches(kept, edit.start, edit.end) for edit in edits)


def test_edits_are_small():
    line = "The caf\u00c3\u00a9 didn\u00e2\u20ac\u2122t open; " * 20
    edits = run_repairs(line)
    assert len(edits) == 40
    assert max(len(edit.before) for edit in edits) == 3


def test_damage_of_two_kinds_is_mended_in_place():
    (edit,) = run_repairs("o\u00ef\u00ac\u0192ce")
    assert edit == Edit(
        1, 4, "\u00ef\u00ac\u0192", "ffi", "repair:mojibake+repair:ligatures", edit.confidence
    )


def test_innocent_signs_never_look_broken():
    """The lines that are passed over unseen are lines that ftfy would not touch."""
    from ftfy.badness import is_bad

    for signs in product(f"aA 1.\n{INNOCENT}", repeat=4):
        assert not is_bad("".join(signs))


def test_hyphenation_without_known_words_does_nothing():
    assert run_repairs("the govern-\nment fell", ["hyphenation"]) == []


def test_repairs_can_be_switched_off_by_name():
    assert run_repairs("caf\u00c3\u00a9 o\ufb03ce", ["ligatures"])[0].after == "ffi"
    assert run_repairs("caf\u00c3\u00a9", []) == []
    assert set(DEFAULT_REPAIRS) <= set(REPAIRS)
    with pytest.raises(RestoreError, match="unknown repair 'spelling': choose from mojibake"):
        run_repairs("text", ["spelling"])


@pytest.mark.parametrize("name", REPAIRS)
def test_every_repair_states_its_false_positives(name):
    assert "False positives:" in (REPAIRS[name].propose.__doc__ or "")


@pytest.mark.shared
@pytest.mark.parametrize("group", ["in-the-wild", "negative", "synthetic"])
def test_encoding_cases(shared, group):
    """Every case that ftfy passes, passes, with exactly the encoding fixed."""
    cases = json.loads((shared / f"bench/mojibake/{group}.json").read_text("utf-8"))
    expected = [case.get("fixed-encoding", case["fixed"]) for case in cases]
    found = [repaired(case["original"], "mojibake") for case in cases]
    assert [case["expect"] for case in cases] == ["pass"] * len(cases)
    assert found == expected


@pytest.mark.shared
@pytest.mark.parametrize("group", ["in-the-wild", "negative", "synthetic"])
def test_encoding_cases_with_all_repairs(shared, group):
    """All repairs together give the fixed encoding, or the text cleaned further."""
    cases = json.loads((shared / f"bench/mojibake/{group}.json").read_text("utf-8"))
    for case in cases:
        wanted = (case.get("fixed-encoding", case["fixed"]), case["fixed"])
        assert repaired(case["original"]) in wanted, case["label"]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["wmt22-news", "wmt23-news"])
def test_clean_news_is_untouched(shared, name):
    text = (shared / "bench/clean" / name / "source.txt").read_bytes().decode()
    assert run_repairs(text) == []
