"""The dictionary at run time: the file, look-up, phrases, overlays, and what is deterministic."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restore import RestoreError
from restore._document import Document
from restore._errors import DictionaryError
from restore.dictionary import (
    Dictionary,
    FormIndex,
    Relation,
    Tables,
    normalise_form,
    write_tables,
)
from restore.dictionary._container import read_tables
from restore.dictionary._decoder import DictionaryDecoder
from restore.dictionary._dictionary import SHIPPED
from tests.timing import least_time

BAD_LINES = json.loads((Path(__file__).parent / "data/user_dictionary_errors.json").read_text())
PAIRS = [
    ("nan", "the"),
    ("astir", "about"),
    ("betwixt", "between"),
    ("beryllium", "be"),
    ("successful", "in"),
    ("whitethorn", "may"),
    ("bill of fare", "menu"),
    ("information technology", "it"),
    ("preceptor't", "don't"),
    ("machine insight", "machine learning"),
]


@pytest.fixture(scope="module")
def shipped():
    return Dictionary.load()


def small(n_forms=3):
    return Tables(
        forms=FormIndex(["aa", "bb", "cc dd"][:n_forms]),
        originals=["x", "y", "z"],
        offsets=np.array([0, 2, 3, 5][: n_forms + 1], np.int32),
        candidates=np.array([0, 1, 2, 1, 0], np.int32),
        log_priors=np.array([-0.25, -1.5, 0.0, -0.5, -1.0], np.float32),
        relations=np.array([4, 6, 2, 3, 3], np.uint8),
        observed=np.array([True, False, False, False, False]),
        deterministic=np.array([False, True, False][:n_forms]),
        version="test",
    )


@pytest.fixture
def tiny(tmp_path):
    write_tables(small(), tmp_path / "tiny.bin")
    return Dictionary.load(tmp_path / "tiny.bin")


def test_what_is_written_is_read(tmp_path):
    digest = write_tables(small(), tmp_path / "d.bin")
    read = read_tables(tmp_path / "d.bin")
    assert (read.forms, read.originals, read.version) == (small().forms, ["x", "y", "z"], "test")
    for name in ("offsets", "candidates", "log_priors", "relations", "observed", "deterministic"):
        assert np.array_equal(getattr(read, name), getattr(small(), name)), name
    assert read.content_hash == digest


def test_same_tables_give_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_tables(small(), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damage_is_told_in_one_line(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("damage") / "d.bin"
    write_tables(small(), path)
    good = path.read_bytes()
    at = data.draw(st.integers(0, len(good) - 1))
    cut = data.draw(st.booleans())
    path.write_bytes(good[:at] if cut else good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1 :])
    told = None
    try:  # a flipped bit in the version's text is the only thing the checksum does not cover
        assert read_tables(path).forms == small().forms
    except DictionaryError as error:
        told = str(error)
    assert told is None or (str(path) in told and "\n" not in told)


def test_missing_file_and_other_format(tmp_path):
    with pytest.raises(DictionaryError, match="cannot read"):
        Dictionary.load(tmp_path / "none.bin")
    write_tables(small(), tmp_path / "d.bin")
    data = (tmp_path / "d.bin").read_bytes().replace(b'"format": 1', b'"format": 9')
    (tmp_path / "d.bin").write_bytes(data)
    with pytest.raises(DictionaryError, match=r"format 9.*rebuild"):
        Dictionary.load(tmp_path / "d.bin")


@pytest.mark.parametrize(("form", "original"), PAIRS)
def test_shipped_pairs(shipped, form, original):
    entry = shipped.lookup(form)
    assert original in [candidate.original for candidate in entry.candidates[:8]]


def test_unknown_and_honest_forms(shipped):
    assert shipped.lookup("qwxzzy") is None
    assert shipped.lookup("") is None


def test_shipped_file_keeps_its_promises(shipped):
    assert SHIPPED.stat().st_size <= 12_000_000
    counts = np.diff(shipped.offsets)
    assert counts.min() >= 1
    assert counts.max() <= 64
    assert shipped.candidates.max() < len(shipped.originals)
    assert set(shipped.relations.tolist()) <= {int(relation) for relation in Relation}
    inside = np.ones(len(shipped.log_priors) - 1, bool)
    inside[shipped.offsets[1:-1] - 1] = False
    assert (np.diff(shipped.log_priors)[inside] <= 1e-6).all()  # best first
    total = np.add.reduceat(np.exp(shipped.log_priors.astype(float)), shipped.offsets[:-1])
    assert abs(total - 1).max() < 0.1  # probabilities, up to quantisation


def test_forms_are_keys_and_differ_from_their_originals(shipped):
    for form, row in list(shipped.forms.items())[::50]:
        assert form == normalise_form(form)
        assert form.count(" ") < 5
        span = slice(shipped.offsets[row], shipped.offsets[row + 1])
        originals = [shipped.originals[i] for i in shipped.candidates[span]]
        assert form not in originals
        assert len(set(originals)) == len(originals)


def test_observed_before_derived(shipped):
    for row in np.unique(
        np.searchsorted(shipped.offsets, np.flatnonzero(shipped.observed), "right") - 1
    ):
        seen = shipped.observed[shipped.offsets[row] : shipped.offsets[row + 1]]
        priors = shipped.log_priors[shipped.offsets[row] : shipped.offsets[row + 1]]
        assert priors[seen].min() >= priors[~seen].max(initial=-99) - 1e-6


def test_loads_as_fast_as_a_plain_dict_is_made(shipped):
    text = "\n".join(shipped.forms)
    by_hand = least_time(lambda: {form: form.split("-") for form in text.split("\n")})
    assert least_time(Dictionary.load) < 1.2 * by_hand  # half of it on a quiet machine


def test_looks_up_nearly_as_fast_as_a_plain_dict(shipped):
    forms = list(shipped.forms)[::3]
    plain = dict.fromkeys(forms, 0)
    by_hand = least_time(lambda: [plain.get(form) for form in forms])
    assert least_time(lambda: [shipped.forms.get(form) for form in forms]) < 20 * by_hand


def test_longest_phrase_wins(tiny):
    assert tiny.match(["CC", "dd", "x"], 0) == ("cc dd", 2)
    assert tiny.match(["bb", "dd"], 0) == ("bb", 1)
    assert tiny.match(["cc"], 0) is None
    assert tiny.phrase_lengths == {"cc": (2,)}


def test_match_follows_the_tokeniser(tiny):
    laid = tiny.overlay([("crohn's sickness", "Crohn's disease")])
    tokens = Document.parse("Crohn\N{RIGHT SINGLE QUOTATION MARK}s sickness").tokens
    assert laid.match(tokens, 0) == ("crohn 's sickness", len(tokens))


def test_user_before_observed_before_derived(tiny):
    laid = tiny.overlay([("aa", "mine")])
    entry = laid.lookup("AA")
    assert [c.original for c in entry.candidates] == ["mine", "x", "y"]
    assert entry.candidates[0].relation == Relation.USER
    assert entry.deterministic
    assert [c.original for c in tiny.lookup("aa").candidates] == ["x", "y"]  # not changed
    assert laid.content_hash != tiny.content_hash


def test_several_user_originals_are_not_deterministic(tmp_path, tiny):
    table = tmp_path / "user.tsv"
    table.write_text("# mine\n\nnew form\tone\t1\nnew form\ttwo\t3\r\n", encoding="utf-8")
    entry = tiny.overlay(table).lookup("new form")
    assert [(c.original, round(c.prior, 2)) for c in entry.candidates] == [
        ("two", 0.75),
        ("one", 0.25),
    ]
    assert not entry.deterministic
    assert tiny.overlay(table).phrase_lengths["new"] == (2,)


def test_overlay_of_a_known_original_keeps_it_once(tiny):
    entry = tiny.overlay([("aa", "y")]).lookup("aa")
    assert [c.original for c in entry.candidates] == ["y", "x"]


@pytest.mark.parametrize("case", BAD_LINES, ids=lambda case: case["name"])
def test_bad_lines_name_file_line_and_reason(tmp_path, tiny, case):
    table = tmp_path / "user.tsv"
    table.write_text(f"# comment\nfine\tgood\n{case['line']}\n", encoding="utf-8")
    with pytest.raises(RestoreError) as caught:
        tiny.overlay(table)
    assert str(caught.value).startswith(f"{table}:3: ")
    assert case["reason"] in str(caught.value)
    assert tiny.lookup("fine") is None


def test_user_table_that_is_not_text(tmp_path, tiny):
    (tmp_path / "u.tsv").write_bytes(b"a\tb\n\xff\xfe\tb\n")
    with pytest.raises(DictionaryError, match=r"u\.tsv:2: not UTF-8"):
        tiny.overlay(tmp_path / "u.tsv")
    with pytest.raises(DictionaryError, match="cannot read"):
        tiny.overlay(tmp_path / "none.tsv")


@given(st.text(max_size=200))
def test_any_user_text_loads_or_is_refused(tmp_path_factory, text):
    table = tmp_path_factory.mktemp("user") / "u.tsv"
    table.write_bytes(text.encode("utf-8", "surrogatepass"))
    told = ""
    try:
        Dictionary(small()).overlay(table)
    except DictionaryError as error:
        told = str(error)
    assert "\n" not in told


@pytest.mark.parametrize("form", ["person", "successful", "arsenic", "beryllium", "past", "some"])
def test_honest_words_are_not_deterministic(shipped, form):
    assert not shipped.lookup(form).deterministic


@pytest.mark.parametrize("form", ["nan", "astir", "betwixt", "whitethorn", "machine insight"])
def test_spinners_own_words_are_deterministic(shipped, form):
    assert shipped.lookup(form).deterministic


@pytest.mark.shared
@pytest.mark.parametrize("part", ["wmt22-news", "wmt23-news"])
def test_dictionary_mode_leaves_clean_news_alone(shared, shipped, part):
    text = (shared / "bench/clean" / part / "reference.txt").read_text(encoding="utf-8")
    document = Document.parse(text)
    edits = DictionaryDecoder(shipped).propose(document).edits
    assert len(edits) / len(document.tokens) <= 0.1 / 1000
