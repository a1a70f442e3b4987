"""The benchmark spun-news: parts by hash, conditions side by side, bytes that anyone can make."""

import gzip
import json
import random

import pytest
from typer.testing import CliRunner

from corpora import CorpusError, registry
from corpora.cli import app
from corpora.garbler import is_reserved_word
from corpora.spun_news import CONDITIONS, PARTS, Benchmark, Recipe, check, is_benchmark
from corpora.spun_news._benchmark import _PLEDGED
from restore import Edit
from restore._edits import apply_edits

STORY = """\
The council of the river town met on Monday with a plan for the new bridge in its hands.
Nobody had asked the ferry company, which will lose about half of its income next year.
"We were told at the last minute," the owner said, and she left the room before the vote.
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A folder of outside data with made-up stories in the place of the real sources."""
    folder = tmp_path_factory.mktemp("outside")
    for name, count in {"wikinews": 10, "usgov_2026": 40}.items():
        path = folder / registry()[name].files["table"]
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [{"id": f"{name}/{n}", "title": "x", "text": story(n)} for n in range(count)]
        path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    return folder


def story(number):
    rng = random.Random(number)
    lines = STORY.splitlines()
    return "\n".join(rng.choice(lines) for _ in range(rng.choice((2, 8, 60))))


@pytest.fixture(scope="module")
def recipe(root):
    data = {**Recipe.standard().data, "documents": {"dev": 8, "test": 12}}
    return Recipe(data, root)


@pytest.fixture(scope="module")
def rows(recipe):
    return {
        (part, condition): list(recipe.rows(part, condition))
        for part in PARTS
        for condition in CONDITIONS
    }


def test_parts_share_no_document(rows):
    parts = {
        part: {row["doc_id"] for (p, _), found in rows.items() if p == part for row in found}
        for part in PARTS
    }
    assert parts["dev"]
    assert parts["test"]
    assert not parts["dev"] & parts["test"]


def test_every_condition_holds_the_same_documents(rows):
    for part in PARTS:
        found = [
            [(row["doc_id"], row["reference"]) for row in rows[part, condition]]
            for condition in CONDITIONS
            if condition != "adversarial"
        ]
        assert found[0]
        assert all(other == found[0] for other in found)


def test_documents_are_whole_paragraphs_within_the_limits(recipe, rows):
    for row in rows["test", "clean"]:
        words = len(row["reference"].split())
        assert recipe.data["min_words"] <= words <= recipe.data["max_words"] + 20
        assert all(line in STORY.splitlines() for line in row["reference"].split("\n"))


def test_whole_sources_come_first_and_the_last_fills_up(recipe):
    names = [record.doc_id.split("/")[0] for record in recipe.documents("test")]
    assert len(names) == 12
    assert names == sorted(names, reverse=True)
    long_enough = sum(len(story(n).split()) >= 80 for n in range(10))
    both = names + [record.doc_id.split("/")[0] for record in recipe.documents("dev")]
    assert both.count("wikinews") == long_enough


@pytest.mark.parametrize("condition", CONDITIONS)
def test_edits_turn_the_source_into_the_reference(rows, condition):
    for part in PARTS:
        for row in rows[part, condition]:
            edits = [Edit.from_dict(edit) for edit in row["edits"]]
            assert apply_edits(row["source"], edits) == row["reference"]
            assert row["condition"] == condition


@pytest.mark.parametrize("condition", ["seen", "unseen", "noise"])
def test_garbled_conditions_are_garbled(rows, condition):
    garbled = [row for row in rows["test", condition] if row["source"] != row["reference"]]
    assert len(garbled) >= len(rows["test", condition]) - 1


@pytest.mark.parametrize("condition", ["clean", "adversarial"])
def test_honest_conditions_are_as_they_should_be(rows, condition):
    for part in PARTS:
        assert rows[part, condition]
        assert all(row["source"] == row["reference"] for row in rows[part, condition])


def arbitrary_words(rows, condition):
    return [
        edit["before"].lower()
        for part in PARTS
        for row in rows[part, condition]
        for edit in row["edits"]
        if edit["source"] == "garble:arbitrary"
    ]


def test_reserved_keys_are_for_the_unseen_condition_alone(rows):
    assert not any(map(is_reserved_word, arbitrary_words(rows, "seen")))
    unseen = arbitrary_words(rows, "unseen")
    assert sum(map(is_reserved_word, unseen)) > 0.5 * len(unseen) > 0


def test_adversarial_sentences_are_split_in_halves(rows):
    dev, test = (len(rows[part, "adversarial"]) for part in PARTS)
    assert dev + test == len(list(registry()["adversarial"].read())) >= 200
    assert 0.4 < dev / (dev + test) < 0.6


def test_the_same_recipe_makes_the_same_rows(recipe, rows):
    again = Recipe(recipe.data, recipe.root)
    assert list(again.rows("dev", "seen")) == rows["dev", "seen"]


def test_other_sources_are_refused(root, tmp_path):
    with pytest.raises(CorpusError, match="bytes differ"):
        Benchmark.make(root)
    result = CliRunner().invoke(
        app, ["spun-news", "--root", str(root), "--out", str(tmp_path / "x")]
    )
    assert "bytes differ" in str(result.exception)
    assert not (tmp_path / "x").exists()


def test_an_unknown_part(root):
    with pytest.raises(CorpusError, match="no part 'train'; there are dev, test"):
        Benchmark.make(root, ["train"])


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(CorpusError, match="choose another --out"):
        Benchmark({"dev/seen.jsonl": b""}, {"benchmark": "spun-news"}).write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_check_tells_missing_and_changed_files(tmp_path):
    Benchmark({"dev/seen.jsonl": b"other"}, {"benchmark": "spun-news"}).write(tmp_path)
    assert is_benchmark(tmp_path)
    faults = check(tmp_path)
    assert "dev/seen.jsonl: bytes differ" in faults
    assert "test/clean.jsonl: missing" in faults
    assert not any(fault.startswith("test/") for fault in check(tmp_path, ["dev"]))


def test_the_manifest_is_of_this_recipe():
    manifest = json.loads(_PLEDGED.read_text("utf-8"))
    assert manifest["recipe"] == Recipe.standard().data
    assert set(manifest["files"]) == {f"{p}/{c}.jsonl" for p in PARTS for c in CONDITIONS}
    assert manifest["sources"]["wikinews"] == registry()["wikinews"].sha256


@pytest.mark.shared
@pytest.mark.parametrize("condition", ["unseen", "noise", "clean", "adversarial"])
def test_anyone_makes_the_pledged_bytes(shared, condition):
    pledged = json.loads(_PLEDGED.read_text("utf-8"))["files"]
    made = Benchmark.make(shared, ["dev"], [condition]).manifest["files"]
    for place, entry in made.items():
        assert entry == pledged[place]


def test_fillers_never_land_inside_a_replaced_phrase():
    from corpora.garbler._spin import _in_place

    phrase = Edit(0, 9, "is in the", "sits")
    kept = _in_place([phrase, Edit(6, 6, "", "simply "), Edit(9, 9, "", "{city} ")])
    assert apply_edits("is in the town", kept) == "sits{city}  town"
