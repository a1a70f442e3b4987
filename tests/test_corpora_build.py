"""Builds: what they hold, that a killed one ends byte-identical, and that failures harm nothing."""

import json
import random
import subprocess
import sys
import time
from dataclasses import replace
from itertools import chain

import pytest
from typer.testing import CliRunner

import corpora
from corpora import Build, BuildConfig, Corpus, CorpusError, SplitRule, config_of_file
from corpora._build_tables import CorpusTable, SplitTable
from corpora.cli import app

VOCABULARY = """
    the a council river harbour vote said that for of and in plan new road bridge town year
    people mayor budget winter school storm ferry water report after before its their were
"""
WORDS = VOCABULARY.split()

run = CliRunner().invoke


def write_corpus(path, documents, words=60, seed=1):
    rng = random.Random(seed)
    rows = [
        {"id": f"doc-{n}", "text": " ".join(rng.choice(WORDS) for _ in range(words))}
        for n in range(documents)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def corpus_of(path, name="mine"):
    columns = {"id": "id", "reference": "text"}
    return Corpus(name, files={"table": str(path)}, columns=columns)


def config_of(*paths, **settings):
    corpora_ = tuple(corpus_of(path, path.stem) for path in paths)
    return BuildConfig(corpora_, split=SplitRule(0.1, 0.1), **settings)


def tree(folder):
    """Every file below a folder, hidden ones too, with its bytes."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def rows_of(folder, split):
    from pyarrow.parquet import read_table

    paths = sorted((folder / split).glob("*.parquet"))
    return [row for path in paths for row in read_table(path).to_pylist()]


@pytest.fixture
def source(tmp_path):
    write_corpus(tmp_path / "mine.jsonl", 60)
    return tmp_path / "mine.jsonl"


CONFIG = """
corpora = ["samples"]
shard_words = 3000
steps = ["white_space", "short", "exact_duplicates", "near_duplicates"]

[[corpus]]
name = "mine"
files = { table = "mine.jsonl" }
columns = { id = "id", reference = "text" }

[split]
dev = 0.1
test = 0.1
"""


def test_every_document_is_in_one_split_with_one_schema(tmp_path, source):
    manifest = Build(config_of(source, shard_words=1000), tmp_path / "out").run()
    ids = {
        split: [row["id"] for row in rows_of(tmp_path / "out", split)] for split in corpora.SPLITS
    }
    assert sorted(chain(*ids.values())) == sorted(f"doc-{n}" for n in range(60))
    rule = SplitRule(0.1, 0.1)
    assert all(rule.of(doc) == split for split, docs in ids.items() for doc in docs)
    row = rows_of(tmp_path / "out", "train")[0]
    assert list(row) == list(corpora.SCHEMA)
    assert json.loads(row["metadata"])["corpus"] == "mine"
    assert manifest["totals"]["mine"]["words_kept"] == 60 * 60
    assert not (tmp_path / "out" / ".state").exists()


def test_duplicates_across_corpora_and_shards(tmp_path, source):
    write_corpus(tmp_path / "copy.jsonl", 60)
    config = config_of(source, tmp_path / "copy.jsonl", shard_words=1000)
    totals = Build(config, tmp_path / "out").run()["totals"]
    assert totals["mine"]["kept"] == 60
    assert totals["copy"]["kept"] == 0
    assert totals["copy"]["steps"]["exact_duplicates"]["dropped"] == 60


def test_nothing_of_a_test_set_is_built(tmp_path, source):
    write_corpus(tmp_path / "exam.jsonl", 5)
    config = config_of(source, against=(corpus_of(tmp_path / "exam.jsonl", "exam"),))
    manifest = Build(config, tmp_path / "out").run()
    assert manifest["totals"]["mine"]["overlaps"] == {"exam": 5}
    assert manifest["totals"]["mine"]["kept"] == 55
    assert manifest["decontamination"]["covered"] == {"exam": 5}


def test_a_corpus_with_the_name_of_a_test_set_is_compared_with_it(tmp_path, source):
    write_corpus(tmp_path / "exam.jsonl", 5)
    config = config_of(source, against=(corpus_of(tmp_path / "exam.jsonl", "mine"),))
    assert Build(config, tmp_path / "out").run()["totals"]["mine"]["overlaps"] == {"mine": 5}
    itself = config_of(source, against=(corpus_of(source, "mine"),))
    assert Build(itself, tmp_path / "same").run()["totals"]["mine"]["overlaps"] == {}


@pytest.mark.parametrize("kind", [{"split": "test"}, {"role": "test"}])
def test_nothing_of_a_test_set_that_is_built_is_trained_on(tmp_path, source, kind):
    write_corpus(tmp_path / "exam.jsonl", 5)  # the first five documents of the other
    exam = replace(corpus_of(tmp_path / "exam.jsonl", "exam"), **kind)
    config = BuildConfig((corpus_of(source), exam), split=SplitRule(0, 0), against=(exam,))
    totals = Build(config, tmp_path / "out").run()["totals"]
    built = {split: {row["id"] for row in rows_of(tmp_path / "out", split)} for split in
             corpora.SPLITS}  # fmt: skip
    exams = {f"doc-{n}" for n in range(5)}
    assert built["test"] == exams
    assert built["train"] == {f"doc-{n}" for n in range(60)} - exams
    assert totals["mine"]["overlaps"] == {"exam": 5}
    assert totals["exam"]["overlaps"] == {}


def test_two_test_sets_of_one_build_keep_what_they_share(tmp_path):
    exams = []
    for name in ("first", "second"):
        path = tmp_path / f"{name}.jsonl"
        write_corpus(path, 5)
        exams.append(replace(corpus_of(path, name), role="test"))
    config = BuildConfig(tuple(exams), steps=("decontaminate",), against=tuple(exams))
    assert Build(config, tmp_path / "out").run()["totals"]["second"]["kept"] == 5


def test_test_sets_that_are_not_there_are_told(tmp_path, source):
    config = config_of(source, against=(corpus_of(tmp_path / "exam.jsonl", "exam"),))
    assert Build(config, tmp_path / "out").run()["decontamination"]["unavailable"] == ["exam"]


def test_the_same_build_again_changes_nothing(tmp_path, source):
    assert Build(config_of(source), tmp_path / "out").run()
    before = tree(tmp_path / "out")
    assert Build(config_of(source), tmp_path / "out").run() is None
    assert tree(tmp_path / "out") == before


KILLED = """
import sys
from pathlib import Path
from corpora import Build, config_of_file
config = config_of_file(Path(sys.argv[1]))
Build(config, Path(sys.argv[2])).run()
"""


def test_a_build_killed_on_its_way_ends_byte_identical(tmp_path):
    write_corpus(tmp_path / "mine.jsonl", 1200)
    config = tmp_path / "build.toml"
    config.write_text(CONFIG.replace('corpora = ["samples"]', ""))
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    process = subprocess.Popen([sys.executable, "-c", KILLED, config, killed])
    wait_for(process, killed / ".state" / "mine-00002.json")
    process.kill()  # SIGKILL: no chance to tidy up
    assert process.wait() != 0
    assert not (killed / "manifest.json").exists()
    # What a kill in the middle of writing leaves behind.
    (killed / "train" / ".restore-0123456789ab.tmp").write_bytes(b"half")
    reports = []
    Build(config_of_file(config), killed).run(reports.append)
    assert len(reports) > 10
    Build(config_of_file(config), whole).run()
    assert tree(killed) == tree(whole)
    assert corpora.cli._check_build(killed) == 0


def wait_for(process, path):
    deadline = time.monotonic() + 60
    while not path.exists():
        assert process.poll() is None, "the build ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_going_on_does_not_read_finished_shards_again(tmp_path, source):
    build = Build(config_of(source, shard_words=600), tmp_path / "out")
    stop_after(build, shards=2)
    finished = tree(tmp_path / "out" / "train")
    Build(config_of(source, shard_words=600), tmp_path / "out").run()
    after = tree(tmp_path / "out" / "train")
    assert {name: after[name] for name in finished} == finished


def stop_after(build, shards):
    class StoppedError(Exception):
        pass

    def stop(report):
        if report.number == shards - 1:
            raise StoppedError

    with pytest.raises(StoppedError):
        build.run(stop)


def test_an_unfinished_build_of_other_data_is_not_gone_on_with(tmp_path, source):
    stop_after(Build(config_of(source, shard_words=600), tmp_path / "out"), shards=1)
    before = tree(tmp_path / "out")
    write_corpus(source, 60, seed=2)
    with pytest.raises(CorpusError, match="another recipe or of other data"):
        Build(config_of(source, shard_words=600), tmp_path / "out").run()
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize(
    "other",
    [
        {"columns": {"id": "id", "doc_id": "text", "reference": "text"}},
        {"kind": "json"},
        {"reader": "m2"},
        {"role": "test"},
        {"split": "test"},
    ],
)
def test_a_corpus_read_in_another_way_is_another_build(tmp_path, source, other):
    assert Build(config_of(source), tmp_path / "out").run()
    config = BuildConfig((replace(corpus_of(source), **other),), split=SplitRule(0.1, 0.1))
    with pytest.raises(CorpusError, match="another recipe"):
        Build(config, tmp_path / "out").run()


def test_other_test_sets_make_another_build(tmp_path, source):
    exam = tmp_path / "exam.jsonl"
    config = config_of(source, against=(corpus_of(exam, "exam"),))
    assert Build(config, tmp_path / "out").run()
    for seed in (1, 2):
        write_corpus(exam, 5, seed=seed)
        with pytest.raises(CorpusError, match="another recipe"):
            Build(config, tmp_path / "out").run()
        assert Build(config, tmp_path / f"out-{seed}").run()
    assert Build(config, tmp_path / "out-2").run() is None
    with pytest.raises(CorpusError, match="another recipe"):
        Build(config, tmp_path / "out-1").run()


def test_test_sets_do_not_matter_where_nothing_is_compared_with_them(tmp_path, source):
    write_corpus(tmp_path / "exam.jsonl", 5)
    config = config_of(source, steps=("short",), against=(corpus_of(tmp_path / "exam.jsonl"),))
    assert Build(config, tmp_path / "out").run()
    write_corpus(tmp_path / "exam.jsonl", 5, seed=2)
    assert Build(config, tmp_path / "out").run() is None


def test_a_folder_that_was_moved_holds_the_same_build(tmp_path, source):
    assert Build(config_of(source), tmp_path / "out").run()
    (tmp_path / "elsewhere").mkdir()
    moved = source.rename(tmp_path / "elsewhere" / source.name)
    assert Build(config_of(moved), tmp_path / "out").run() is None


def test_a_folder_of_something_else_is_left_alone(tmp_path, source):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("precious")
    with pytest.raises(CorpusError, match="choose another --out"):
        Build(config_of(source), tmp_path / "out").run()
    assert tree(tmp_path / "out") == {"thesis.txt": b"precious"}


def test_an_unreadable_shard_ends_the_build_and_leaves_what_was_done(tmp_path):
    from pyarrow import Table
    from pyarrow.parquet import write_table

    path = tmp_path / "mine.parquet"
    texts = [f"{n} " + " ".join(WORDS[n % 7 :]) for n in range(5000)]
    table = Table.from_pydict({"id": list(map(str, range(5000))), "text": texts})
    write_table(table, path, row_group_size=1000, compression="none")
    data = bytearray(path.read_bytes())
    data[len(data) * 3 // 5 : len(data) * 4 // 5] = bytes(len(data) * 4 // 5 - len(data) * 3 // 5)
    path.write_bytes(data)
    # Every text shares its words with others, so that only exact duplicates may be looked for.
    config = config_of(path, shard_words=20_000, steps=("exact_duplicates",))
    reports = []
    with pytest.raises(CorpusError, match=r"mine\.parquet") as caught:
        Build(config, tmp_path / "out").run(reports.append)
    assert "\n" not in str(caught.value)
    assert reports
    assert not (tmp_path / "out" / "manifest.json").exists()
    kept = tree(tmp_path / "out" / "train")
    assert len(kept) == len(reports)


BAD_CONFIGS = {
    "corpora = [": "not TOML",
    "corpora = ['wikinewz']": "near names: wikinews",
    "xyz = 1": "unknown key 'xyz'; keys are corpora, corpus, steps",
    "limits = 1": "unknown key 'limits': did you mean 'limit'?",
    "corpora = 'wikinews'": "corpora: Input should be a valid tuple, not 'wikinews'",
    "corpora = ['samples']\nlimit = true": "limit: Input should be a valid integer, not True",
    "corpora = ['samples']\nlimit = 2.5": "limit: Input should be a valid integer, not 2.5",
    "corpora = ['samples']\nlimit = 0": "limit: Input should be greater than or equal to 1",
    "corpora = ['samples']\nshard_words = 1.5": "shard_words: Input should be a valid integer",
    "corpora = ['samples']\nsteps = ['tidy']": "no cleaning step is called 'tidy'",
    "corpora = ['samples']\nshard_words = 0": "shard_words: Input should be greater than",
    "corpora = ['samples']\nshard_words = 'many'": "shard_words: Input should be a valid integer",
    "corpora = ['samples']\nsplit = { dev = 2.0 }": "split shares",
    "corpora = ['samples']\nsplit = { dev = true }": "split.dev: Input should be a valid number",
    "corpora = ['samples']\nsplit = { valid = 0.1 }": "unknown key 'split.valid'; keys are dev",
    "corpora = []": "nothing to build",
    "[[corpus]]\nname = 'x'\n[[corpus]]\nname = 'x'": "two corpora are called 'x'",
    "corpora = ['samples']\n[[corpus]]\nname = 'samples'": "two corpora are called 'samples'",
    "[[corpus]]\nname = 'x/y'": "a corpus cannot be called 'x/y'",
    "[[corpus]]\nname = '..'": "a corpus cannot be called '..'",
    "[[corpus]]\nname = ''": "a corpus cannot be called ''",
    "[[corpus]]\nfiles = { table = 'a' }": "the key 'corpus.0.name' is missing",
    "[[corpus]]\nname = 'x'\nurl = 'y'": "unknown key 'corpus.0.url'; keys are name",
}


@pytest.mark.parametrize("text", BAD_CONFIGS)
def test_bad_configurations_give_one_line(tmp_path, text):
    (tmp_path / "build.toml").write_text(text)
    with pytest.raises(CorpusError) as caught:
        config_of_file(tmp_path / "build.toml")
    assert BAD_CONFIGS[text] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_configuration_has_the_defaults_of_what_it_makes(tmp_path):
    (tmp_path / "build.toml").write_text("[[corpus]]\nname = 'mine'\n[split]\ndev = 0.5")
    told = config_of_file(tmp_path / "build.toml")
    assert told == BuildConfig((Corpus("mine"),), split=SplitRule(dev=0.5), against=told.against)
    assert set(CorpusTable.model_fields) == set(Corpus.__dataclass_fields__) - {"base"}
    assert set(SplitTable.model_fields) == set(SplitRule.__dataclass_fields__)


def test_command_builds_checks_and_finds_damage(tmp_path, source):
    (tmp_path / "build.toml").write_text(CONFIG)
    out = tmp_path / "out"
    built = run(app, ["build", str(tmp_path / "build.toml"), "--out", str(out), "--limit", "30"])
    assert built.exit_code == 0
    assert "mine: read 30 records (1,800 words)" in built.output
    assert run(app, ["check", str(out)]).exit_code == 0
    shard = next((out / "train").glob("mine-*.parquet"))
    shard.write_bytes(shard.read_bytes()[:-1])
    checked = run(app, ["check", str(out)])
    assert checked.exit_code == 1
    assert f"{shard.name}: bytes differ" in checked.output
    shard.unlink()
    assert f"{shard.name}: missing" in run(app, ["check", str(out)]).output


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["build", "wikinewz", "--out", "OUT"], "near names: wikinews"),
        (["build", "wikinews", "--out", "OUT", "--root", "NOWHERE"], "no such file or folder"),
        (["build", "NOWHERE/a.toml", "--out", "OUT"], "cannot read the configuration"),
        (["build", "samples", "a.toml", "--out", "OUT"], "one configuration at a time"),
        (["describe", "samplez"], "near names: samples"),
        (["check", "samplez"], "near names: samples"),
        (["spun-news", "--out", "OUT", "--root", "NOWHERE"], "no such file or folder"),
    ],
)
def test_bad_commands_fail_with_one_line_and_write_nothing(tmp_path, arguments, expected):
    places = {"OUT": tmp_path / "out", "NOWHERE": tmp_path / "nowhere"}
    for name, path in places.items():
        arguments = [argument.replace(name, str(path)) for argument in arguments]
    result = run(app, arguments)
    assert isinstance(result.exception, CorpusError)
    assert expected in str(result.exception)
    assert "\n" not in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_command_lists_and_describes():
    listed = run(app, ["list"]).output
    assert all(name in listed for name in corpora.registry())
    described = run(app, ["describe", "samples"]).output
    assert "Apache-2.0" in described
    assert "words" in described


def test_check_tells_missing_data(tmp_path):
    checked = run(app, ["check", "wikinews", "samples", "--root", str(tmp_path)])
    assert checked.exit_code == 1
    assert "no such file" in checked.output
    assert "samples: ok" in checked.output


def test_through_the_restore_command_a_failure_is_one_line():
    command = [sys.executable, "-m", "restore.cli", "corpora", "describe", "samplez"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode in (1, 2)
    assert result.stderr.count("\n") == 1
    assert "near names: samples" in result.stderr
