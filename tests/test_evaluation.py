"""Test sets, systems, runs and their command: what is scored is what was given."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from evaluation import EvaluationError
from evaluation._oracle import Oracle
from evaluation._outside import Command
from evaluation._predict import predict, split
from evaluation._resample import compare, intervals
from evaluation._run import Options, evaluate
from evaluation._score import score
from evaluation._seed import Fact, gold_edits, read_facts
from evaluation._set_readers import read_set
from evaluation._sets import Row, TestSet
from evaluation._systems import AsIs, Prediction, make_system
from evaluation.cli import app
from restore import Edit, apply_edits

QUICK = Options(families=("wer",), rounds=50)


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


@pytest.fixture
def spun(tmp_path):
    """Line-parallel: six documents of two lines."""
    sources = [f"nan council met {n} times\nit was astir late" for n in range(6)]
    write(tmp_path, "spun/source.txt", "\n".join(sources) + "\n")
    reference = "\n".join(sources).replace("nan", "the").replace("astir", "rather")
    write(tmp_path, "spun/reference.txt", reference + "\n")
    write(tmp_path, "spun/docs.txt", "".join(f"d{n}\nd{n}\n" for n in range(6)))
    return tmp_path / "spun"


class Table:
    """A system that replaces words by a table, naming its edits."""

    name, signature = "table", "table"

    def __init__(self, table, confidence=0.9):
        self.table, self.confidence = table, confidence

    def predict(self, documents):
        for text in documents:
            edits = []
            for word, other in self.table.items():
                at = text.find(word)
                if at >= 0:
                    edits.append(Edit(at, at + len(word), word, other, "t", self.confidence))
            yield Prediction(apply_edits(text, edits), tuple(edits), 0.001)


# --- test sets -----------------------------------------------------------------------------


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
    "not JSON": ({"a.jsonl": "{\n"}, "a.jsonl", "line 1: not a JSON object"),
    "wrong edits": (
        {
            "a.jsonl": '{"id": "7", "source": "ab", "reference": "c", "edits": '
            '[{"start": 0, "end": 1, "before": "a", "after": "c"}]}\n'
        },
        "a.jsonl",
        "row '7': its edits do not turn the source into the reference",
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


# --- systems -------------------------------------------------------------------------------


def test_an_outside_command_is_scored(spun):
    program = "import sys; sys.stdout.write(sys.stdin.read().replace('nan', 'the'))"
    system = Command(f'{sys.executable} -c "{program}"')
    report = evaluate(system, read_set(f"x={spun}"), QUICK).report
    assert report["metrics"]["fix_rate"][0] == 0.5


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (f'{sys.executable} -c "print()"', "12 lines given, 1 returned"),
        (f'{sys.executable} -c "raise SystemExit(3)"', "ended with exit code 3"),
        ("/nowhere/to/be/found", "cannot be run"),
    ],
)
def test_a_command_that_fails_is_named(spun, command, message):
    with pytest.raises(EvaluationError, match=message):
        predict(Command(command), read_set(f"x={spun}"))


def test_a_system_that_returns_fewer_documents_is_refused(spun):
    class Lazy(AsIs):
        def predict(self, documents):
            return iter([Prediction(documents[0], (), 0.0)] if len(documents) == 6 else [])

    with pytest.raises(EvaluationError, match="6 documents given, 1 returned"):
        predict(Lazy(), read_set(f"x={spun}"))


def test_a_failing_document_is_recorded_and_the_rest_goes_on(spun):
    class Fragile(Table):
        def predict(self, documents):
            for text in documents:
                if " 3 " in text:
                    "".index("three")
                yield from super().predict([text])

    report = evaluate(Fragile({"nan": "the", "astir": "rather"}), read_set(f"x={spun}"), QUICK)
    assert report.report["counts"]["failed"] == 2
    assert report.report["counts"]["scored"] == 10
    assert report.report["failed"] == {"d3": "ValueError: substring not found"}
    assert report.report["metrics"]["err"][0] == 1.0


def test_edits_that_do_not_make_the_text_are_refused(spun):
    class Liar(AsIs):
        def predict(self, documents):
            return (Prediction(text + "!", (), 0.0) for text in documents)

    with pytest.raises(EvaluationError, match="document 'd0': its edits do not turn"):
        predict(Liar(), read_set(f"x={spun}"))


lines = st.lists(st.text(alphabet="ab c", min_size=1, max_size=6), min_size=1, max_size=4)


@given(lines, st.data())
def test_rows_joined_again_are_the_document(parts, data):
    text = "\n".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    edits = tuple(
        Edit(a, b, text[a:b], data.draw(st.sampled_from(["", "X", "Y Z"])))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    )
    made = apply_edits(text, edits)
    rows = [Row(str(n), "d", part, part) for n, part in enumerate(parts)]
    out = split("here", rows, text, Prediction(made, edits, 0.0))
    assert [one.text for one in out] == [apply_edits(o.row.source, o.edits) for o in out]
    if not any("\n" in edit.before for edit in edits):
        assert "\n".join(one.text for one in out) == made
    else:  # the line feed went with an edit: every letter is still in one row
        assert "".join(one.text for one in out) == made.replace("\n", "")


OFFERED = {
    "person": ["have", "has"],
    "astir apt": ["probably"],
    "thief": ["steal", "rob"],
    "nan": ["the"],
}


class _Offers:
    """Stands in for the dictionary: three candidates a form."""

    class Entry:
        def __init__(self, originals):
            self.candidates = [type("C", (), {"original": one}) for one in originals]

    def lookup(self, form):
        return self.Entry(OFFERED[form]) if form in OFFERED else None


@pytest.mark.parametrize(
    ("first", "source", "reference", "expected"),
    [
        (2, "They person gone.", "They has gone.", "They has gone."),
        (1, "They person gone.", "They has gone.", "They person gone."),
        (2, "They will astir apt go.", "They will probably go.", "They will probably go."),
        (2, "nan thief astir apt it", "the rob probably it", "the rob probably it"),
        (2, "A person came.", "A person came.", "A person came."),
        (2, "Unlisted garble here.", "Plain words here.", "Unlisted garble here."),
    ],
)
def test_the_oracle_takes_only_what_is_offered(first, source, reference, expected):
    oracle = Oracle.__new__(Oracle)
    oracle._dictionary, oracle._first, oracle._offers = _Offers(), first, {}
    oracle.bind([source], [reference])
    assert next(oracle.predict([source])).text == expected


def test_a_spell_checker_mends_misspelt_words_and_spares_names():
    pytest.importorskip("symspellpy")
    made = next(make_system("symspell").predict(["Zxqwv recieved teh lettr."]))
    assert made.text == "Zxqwv received the letter."


@pytest.mark.parametrize("spec", ["slow", "fast@high", "command:"])
def test_unknown_systems_are_named(spec):
    with pytest.raises(EvaluationError):
        make_system(spec)


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


# --- intervals and tests -------------------------------------------------------------------


def scores_of(hypotheses):
    return score(["x y"] * len(hypotheses), ["a y"] * len(hypotheses), hypotheses)


def test_intervals_hold_the_value_and_are_the_same_every_time():
    found = scores_of(["a y"] * 12 + ["x y"] * 8)
    first, second = intervals(found, rounds=200), intervals(found, rounds=200)
    assert first == second
    assert first["err"][0] < 0.6 < first["err"][1]
    # The binomial standard error of 12 in 20 is .11: the interval is about 4 of them wide.
    assert 0.3 < first["err"][1] - first["err"][0] < 0.55


def test_few_documents_have_no_interval():
    assert intervals(scores_of(["a y"] * 4)) == {}


def test_paired_tests_tell_a_real_difference_from_none():
    good, bad = scores_of(["a y"] * 18 + ["x y"] * 2), scores_of(["a y"] * 4 + ["x y"] * 16)
    clear = compare(bad, good, ["err"], rounds=300)["err"]
    assert clear.difference == pytest.approx(0.7)
    assert clear.p_randomisation == pytest.approx(1 / 301)
    assert clear.p_bootstrap < 0.02
    assert clear.low < 0.7 < clear.high
    same = compare(good, good, ["err"], rounds=300)["err"]
    assert (same.p_randomisation, same.p_bootstrap) == (1.0, 1.0)


def test_randomisation_matches_the_exact_distribution():
    # Two documents differ, both in favour of the second: 2 of 4 exchanges are as extreme.
    first, second = scores_of(["x y", "x y", "x y"]), scores_of(["a y", "a y", "x y"])
    found = compare(first, second, ["err"], rounds=2000)["err"]
    assert found.p_randomisation == pytest.approx(0.5, abs=0.04)


def test_other_documents_cannot_be_paired():
    with pytest.raises(EvaluationError, match=r"different documents \(3 and 2\)"):
        compare(scores_of(["a y"] * 3), scores_of(["a y"] * 2), ["err"])


# --- the command ---------------------------------------------------------------------------


def run_cli(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_run_writes_results_that_compare_reads(spun, tmp_path):
    for name, command in (("a", "cat"), ("b", "sed s/nan/the/")):
        done = run_cli("run", "--root", tmp_path, "--set", "x=spun", "--system",
                       f"command:{command}", "--out", tmp_path / name, "--rounds", 50)  # fmt: skip
        assert done.exit_code == 0, done.output
    done = run_cli(
        "compare", tmp_path / "a", tmp_path / "b/aggregate/results.json", "--metric", "err"
    )
    assert done.exit_code == 0, done.output
    assert "0.500" in done.output
    assert "over documents" in done.output
    (scored,) = (tmp_path / "b" / "score" / "x" / "sed").iterdir()
    first = json.loads(scored.read_text().splitlines()[0])
    assert first["hypothesis"] == "the council met 0 times"


def test_the_same_run_gives_the_same_json_but_for_its_times(spun):
    found = []
    for _ in range(2):
        done = run_cli("run", "--set", f"x={spun}", "--system", "as-is", "--json", "--rounds", 20)
        data = json.loads(done.output)
        data["results"][0].pop("speed")
        found.append(data)
    assert found[0] == found[1]
    entry = found[0]["results"][0]
    assert entry["metrics"]["err"] == [0.0, 0.0, 0.0]
    for part in ("data:x,parallel,sha256-", "system:as-is", "jiwer-", "v:", "seed=12345"):
        assert part in entry["signature"]


def test_markdown_has_a_signature_a_line(spun):
    done = run_cli("run", "--set", f"x={spun}", "--system", "as-is", "--markdown", "--rounds", 20)
    assert "| as-is | 0.000" in done.output
    assert "12 read, 12 scored (6 documents), 0 skipped, 0 failed" in done.output
    assert "- as-is: `data:x" in done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run",), "give --set NAME=PATH"),
        (("run", "--set", "nameless"), "NAME=PATH or NAME:KIND=PATH, not 'nameless'"),
        (("run", "--set", "x:odd=."), "no kind of test set 'odd'"),
        (("compare", "nowhere", "nowhere"), "no such file or folder: nowhere"),
        (("compare", ".", ".", "--metric", "errr"), "no metric 'errr'"),
    ],
)
def test_wrong_arguments_give_one_line(arguments, message):
    done = run_cli(*arguments)
    assert done.exit_code == 2
    assert message in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_results_of_other_data_are_not_compared(spun, tmp_path):
    for name in ("a", "b"):
        done = run_cli("run", "--set", f"x={spun}", "--system", "as-is", "--out", tmp_path / name)
        assert done.exit_code == 0, done.output
        write(spun, "source.txt", (spun / "source.txt").read_text().replace("late", "owed"))
    done = run_cli("compare", tmp_path / "a", tmp_path / "b")
    assert done.exit_code == 2
    assert "set 'x' is not the same in both results" in done.output


def test_figures_say_what_was_not_measured(tmp_path):
    write(tmp_path, "bench/clean/wmt22-news/source.txt", "All is well.\n")
    write(tmp_path, "bench/clean/wmt22-news/reference.txt", "All is well.\n")
    done = run_cli("figures", "--root", tmp_path, "--system", "as-is", "--rounds", 10)
    assert done.exit_code == 0, done.output
    assert "### clean-wmt22" in done.output
    assert "not measured: spun-news (not found)" in done.output


def test_a_test_set_hash_depends_on_every_row(spun):
    found = read_set(f"x={spun}")
    shorter = TestSet(found.name, found.kind, found.rows[:-1])
    assert found.hash != shorter.hash
    assert found.hash == read_set(f"y={spun}").hash
