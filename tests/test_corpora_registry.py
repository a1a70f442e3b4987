"""The registry, loading, and splits."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpora
from corpora import Corpus, CorpusError, SplitRule, UnknownCorpusError, unit_hash

ROLES = {"train", "test", "sample"}


@pytest.mark.parametrize("corpus", corpora.registry().values(), ids=lambda corpus: corpus.name)
def test_every_entry_says_what_a_user_must_know(corpus):
    assert corpus.role in ROLES
    assert corpus.task
    assert corpus.origin
    assert corpus.licence
    assert corpus.language == "en"
    assert corpus.files
    # Test sets are test whole; only training corpora are divided.
    assert corpus.split == ("hash" if corpus.role == "train" else "test")
    if corpus.base == "shared":
        assert len(corpus.sha256) == len(corpus.files)


def test_groups():
    opened = corpora.find_all(["open"])
    assert opened
    assert all(corpus.open and corpus.role == "train" for corpus in opened)
    assert {corpus.role for corpus in corpora.find_all(["test"])} == {"test"}
    twice = corpora.find_all(["wikinews", "test", "wikinews"])
    assert [corpus.name for corpus in twice].count("wikinews") == 1


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("wikinewz", "wikinews"),
        ("nasa", "nasa_releases_2023_2024"),
        ("mojibake", "mojibake_negative"),
        ("SAMPLES", "samples"),
    ],
)
def test_an_unknown_name_lists_the_near_ones(name, near):
    with pytest.raises(UnknownCorpusError) as caught:
        corpora.find(name)
    assert near in str(caught.value)


def test_a_name_near_to_none_says_where_to_look():
    with pytest.raises(UnknownCorpusError, match="corpora list"):
        corpora.find("qqqqqqqqqqqq")


def test_outside_data_without_a_root_is_one_line(monkeypatch):
    monkeypatch.delenv("RESTORE_SHARED", raising=False)
    with pytest.raises(CorpusError, match="--root"):
        next(corpora.read("wikinews"))


def test_outside_data_that_are_not_there(tmp_path):
    with pytest.raises(CorpusError, match="no such file"):
        next(corpora.read("wikinews", root=tmp_path))


def test_samples_are_articles():
    records = list(corpora.read("samples"))
    assert len({record.doc_id for record in records}) == len(records) >= 10
    for record in records:
        assert record.metadata["title"]
        # The title is not part of the text, which is several paragraphs.
        assert not record.reference.startswith(record.metadata["title"])
        assert record.reference.count("\n\n") >= 2
        assert len(record.reference.split()) > 100


def test_load_gives_one_schema():
    plain = corpora.load("samples", limit=3)
    stream = corpora.load("samples", limit=3, streaming=True)
    assert plain.column_names == list(corpora.SCHEMA)
    assert list(stream) == list(plain)
    assert json.loads(plain[0]["metadata"])["title"]
    assert plain[0]["source"] is None


def test_load_refuses_an_unknown_split():
    with pytest.raises(CorpusError, match="no split 'validation'; there are train, dev, test"):
        corpora.load("samples", split="validation")


def test_a_test_set_has_nothing_to_train_on():
    assert list(corpora.read("samples", split="train")) == []
    assert len(list(corpora.read("samples", split="test"))) == len(list(corpora.read("samples")))


@given(st.text(), st.text())
def test_the_split_of_a_document_is_its_own(doc_id, seed):
    rule = SplitRule(dev=0.2, test=0.2, seed=seed)
    assert rule.of(doc_id) == rule.of(doc_id)
    assert 0 <= unit_hash(doc_id, seed) < 1


def test_split_shares_are_kept():
    rule = SplitRule(dev=0.1, test=0.2)
    splits = [rule.of(f"doc-{number}") for number in range(5000)]
    assert splits.count("dev") == pytest.approx(500, rel=0.2)
    assert splits.count("test") == pytest.approx(1000, rel=0.2)


@pytest.mark.parametrize(("dev", "test"), [(-0.1, 0.1), (0.6, 0.6)])
def test_impossible_shares(dev, test):
    with pytest.raises(CorpusError, match="split shares"):
        SplitRule(dev=dev, test=test)


def test_a_folder_of_ones_own(tmp_path):
    (tmp_path / "a.txt").write_text("A text.\n")
    corpus = Corpus("mine", reader="folder", files={"folder": str(tmp_path)})
    assert [record.reference for record in corpus.read()] == ["A text."]


@pytest.mark.parametrize(
    ("corpus", "expected"),
    [
        (Corpus("mine", reader="xml", files={"table": "a"}), "no reader 'xml'"),
        (Corpus("mine", reader="folder", files={"table": "a"}), "needs files.folder"),
    ],
)
def test_a_corpus_wrongly_described(corpus, expected):
    with pytest.raises(CorpusError, match=expected):
        list(corpus.read())


@pytest.mark.shared
@pytest.mark.parametrize(
    "corpus",
    [c for c in corpora.registry().values() if c.base == "shared"],
    ids=lambda corpus: corpus.name,
)
def test_outside_data_read_as_the_registry_says(corpus, shared):
    records = list(corpus.read(shared, limit=20))
    assert len({record.id for record in records}) == len(records) >= 10
    assert any(record.reference.strip() for record in records)


@pytest.mark.shared
def test_test_sets_are_the_pledged_bytes(shared):
    assert [c.name for c in corpora.find_all(["test"]) if c.changed_files(shared)] == []
