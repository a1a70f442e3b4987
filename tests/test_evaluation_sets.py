"""Test sets: what is scored is what the files hold, and what cannot be scored is named."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from evaluation import EvaluationError
from evaluation._run import evaluate
from evaluation._seed import Fact, gold_edits, read_facts
from evaluation._set_readers import read_set
from evaluation._sets import TestSet
from evaluation._systems import AsIs
from evaluation.cli import app
from restore import Edit, RestoreError, apply_edits
from tests.evaluation_fake import QUICK, Table, spun, write

__all__ = ["spun"]  # a fixture


def test_line_parallel_files_keep_their_documents(spun):
    found = read_set(f"spun={spun}")
    assert (found.kind, found.read, len(list(found.documents()))) == ("parallel", 12, 6)


def test_equal_files_are_a_clean_set(spun):
    write(spun, "source.txt", (spun / "reference.txt").read_text())
    assert read_set(f"clean={spun}").kind == "clean"


def test_blank_pairs_are_skipped_and_counted(tmp_path):
    for part in ("source", "reference"):
        write(tmp_path, f"x.{part}.txt", "one\n\ntwo\n")
    result = evaluate(AsIs(), read_set(f"x={tmp_path / 'x'}"), QUICK)
    assert result.report["counts"] == {
        "read": 3, "scored": 2, "skipped": {"blank": 1}, "failed": 0, "documents": 2,
    }  # fmt: skip


def test_jsonl_rows_bring_their_edits_and_metadata(tmp_path):
    row = {
        "id": "1", "doc_id": "a", "condition": "seen", "source": "nan cat", "reference": "the cat",
        "edits": [Edit(0, 3, "nan", "the", "arbitrary").to_dict()],
    }  # fmt: skip
    clean = row | {"id": "2", "doc_id": "b", "condition": "clean", "source": "the cat", "edits": []}
    path = write(tmp_path, "spun.jsonl", f"{json.dumps(row)}\n{json.dumps(clean)}\n")
    report = evaluate(Table({"nan": "the"}), read_set(f"spun={path}"), QUICK).report
    assert report["relations"] == {"arbitrary": [1, 1]}
    assert report["slices"]["condition"]["seen"]["metrics"]["err"] == 1.0
    assert report["slices"]["condition"]["clean"]["metrics"]["err"] is None


@pytest.mark.parametrize(
    ("name", "text", "kind", "rows"),
    [
        ("adv.tsv", "id\tform\tsentence\nx1\tperson\tA person came.\n", "adversarial", 1),
        ("adv.tsv", "# why\nid\tform\tsentence\nx1\tperson\tA person came.\n", "adversarial", 1),
        ("pairs.tsv", "teh\tthe\nadn\tand\n", "words", 2),
        ("phrases.tsv", "bosom peril\tbreast cancer\n", "phrases", 1),
        ("moji.json", '[{"original": "Ã©", "fixed": "é"}]', "mojibake", 1),
        ("plain.txt", "One line.\nAnother.\n", "clean", 2),
        ("news.jsonl", '{"id": "n1", "text": "Clean."}\n', "clean", 1),
    ],
)
def test_the_path_tells_the_kind(tmp_path, name, text, kind, rows):
    found = read_set(f"x={write(tmp_path, name, text)}")
    assert (found.kind, len(found.rows)) == (kind, rows)


def test_phrases_match_in_any_case_and_without_their_abbreviation(tmp_path):
    path = write(tmp_path, "p.tsv", "bosom peril\tBreast cancer (BC)\nx y\tz w\n")
    system = Table({"bosom peril": "breast cancer"})
    assert evaluate(system, read_set(f"p={path}"), QUICK).report["metrics"]["exact"][0] == 0.5


BAD = {
    "unequal": ({"s/source.txt": "a\nb\n", "s/reference.txt": "a\n"}, "s", "line counts"),
    "empty reference": ({"s/source.txt": "a\n", "s/reference.txt": "\n"}, "s", "empty reference"),
    "nothing": ({"s/source.txt": "\n", "s/reference.txt": "\n"}, "s", "nothing to score"),
    "no id": ({"a.jsonl": '{"source": "a", "reference": "a"}\n'}, "a.jsonl", "row 1 has no id"),
    "two ids": (
        {"a.jsonl": '{"id": "7", "source": "a", "reference": "a"}\n' * 2},
        "a.jsonl",
        "the id '7' is used twice",
    ),
    "no reference": ({"a.jsonl": '{"id": "7", "source": "a"}\n'}, "a.jsonl", "no text 'reference'"),
    "null id": (
        {"a.jsonl": '{"id": null, "source": "a", "reference": "a"}\n'},
        "a.jsonl",
        "row 1 has no id",
    ),
    "a list for an id": (
        {"a.jsonl": '{"id": [1], "source": "a", "reference": "a"}\n'},
        "a.jsonl",
        "line 1: 'id' holds [1], neither a string nor a number",
    ),
    "null text": (
        {"a.jsonl": '{"id": "7", "text": "a"}\n{"id": "8", "text": null}\n'},
        "a.jsonl",
        "line 2: row '8': no text 'text': it holds None",
    ),
    "no text": (
        {"a.jsonl": '{"id": "7", "text": "a"}\n{"id": "8"}\n'},
        "a.jsonl",
        "line 2: row '8': no text 'text': there is no such key",
    ),
    "null original": (
        {"moji.json": '[{"original": null, "fixed": "x"}]'},
        "moji.json",
        "case 1: no text 'original': it holds None",
    ),
    "not JSON": ({"a.jsonl": "{\n"}, "a.jsonl", "line 1: not JSON"),
    "wrong edits": (
        {
            "a.jsonl": '{"id": "7", "source": "ab", "reference": "c", "edits": '
            '[{"start": 0, "end": 1, "before": "a", "after": "c"}]}\n'
        },
        "a.jsonl",
        "row '7': its edits do not turn the source into the reference",
    ),
    "edits no list": (
        {"a.jsonl": '{"id": "7", "source": "ab", "reference": "c", "edits": 5}\n'},
        "a.jsonl",
        "row '7': 'edits' holds 5, not a list",
    ),
    "edits that are none": (
        {"a.jsonl": '{"id": "7", "source": "ab", "reference": "c", "edits": [{"start": 0}]}\n'},
        "a.jsonl",
        "row '7': not an edit: {'start': 0}",
    ),
    "torn document": (
        {
            "a.jsonl": "".join(
                f'{{"id": "{n}", "doc_id": "{d}", "source": "a", "reference": "a"}}\n'
                for n, d in enumerate("xyx")
            )
        },
        "a.jsonl",
        "document 'x' do not follow one another",
    ),
    "half a case": ({"moji.json": '[{"original": "x"}]'}, "moji.json", "case 1: needs the keys"),
    "no tab": ({"a.tsv": "alone\n"}, "a.tsv", "line 1: a tab"),
    "missing": ({}, "nowhere", "no such test set"),
    "odd file": ({"a.xyz": "?"}, "a.xyz", "say its kind"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_sets_give_one_line_that_names_them(tmp_path, case):
    contents, place, message = BAD[case]
    for name, text in contents.items():
        write(tmp_path, name, text)
    done = CliRunner().invoke(app, ["run", "--set", f"x={tmp_path / place}", "--system", "as-is"])
    assert done.exit_code == 2
    assert message in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_documents_may_be_numbered_from_0(tmp_path):
    rows = [{"id": n, "doc_id": n // 2, "source": "a", "reference": "b"} for n in range(4)]
    path = write(tmp_path, "a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert [name for name, _ in read_set(f"x={path}").documents()] == ["0", "1"]


def test_an_article_that_is_not_utf_8_is_named(tmp_path):
    (tmp_path / "article.txt").write_bytes(b"caf\xe9")
    with pytest.raises(RestoreError, match=r"article\.txt: not UTF-8 at byte 3"):
        read_set(f"seed:seed={tmp_path / 'article.txt'}")


def test_a_test_set_hash_depends_on_every_row(spun):
    found = read_set(f"x={spun}")
    shorter = TestSet(found.name, found.kind, found.rows[:-1])
    assert found.hash != shorter.hash
    assert found.hash == read_set(f"y={spun}").hash


# --- the sample article's key --------------------------------------------------------------


def test_the_key_holds_facts_in_order():
    facts = read_facts()
    assert len(facts) > 100
    assert [fact.first for fact in facts] == sorted({fact.first for fact in facts})
    assert all(fact.length >= 1 and fact.garbled for fact in facts)


def test_facts_become_edits_that_take_a_space_when_they_delete():
    text = "It is simply nan end."
    edits = gold_edits(text, [Fact(2, 1, "simply", ""), Fact(3, 1, "nan", "the")], "text")
    assert apply_edits(text, edits) == "It is the end."


def test_a_key_for_another_text_is_refused():
    with pytest.raises(EvaluationError, match="1 of the key's 1 words do not stand"):
        gold_edits("Another text.", [Fact(0, 1, "nan", "the")], "text")


@pytest.mark.shared
def test_the_key_fits_the_sample_article(shared):
    found = read_set(f"seed:seed={shared / 'seed'}")
    report = evaluate(AsIs(), found, QUICK).report
    assert report["metrics"]["fix_rate"][0] == 0.0
    assert 0.15 < report["metrics"]["wer_before"][0] < 0.30
