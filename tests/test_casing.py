"""Capitals of words that were put back in spun texts, by their neighbours and by the text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from restore import Edit, ModelError, Restorer
from restore._container import read_container, write_container
from restore._decoder import Proposal
from restore._document import Document
from restore.lattice._case_features import FEATURES, UNTOLD, describe, line_up
from restore.lattice._case_table import (
    FORMAT,
    LEFT,
    OVER,
    RATE,
    RIGHT,
    SHIPPED,
    STEP,
    VERSION,
    CaseTable,
    hashed,
    load_casing,
)  # fmt: skip
from restore.lattice._casing import Casing
from restore.lattice._fuse import FuseTable
from tests.unread import unread_ids
from training.capitals._casing import build_casing
from training.capitals._pairs import build_odds, read_words
from training.fast._run import FIT_PART, MEASURE_PART

WORDS = ["<unk>", "a", "state", "of", "secretary", "group", "the", "met", "ordinary", "steel"]
NEWS = [
    "We met the Secretary of State here and they met a state of mind.",
    "They saw a state and a state, the group met.",
    "Then Steel Group met the group.",
] * 12


@pytest.fixture(scope="module")
def casing():
    return Casing.load()


@pytest.fixture(scope="module")
def counted():
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    cells, shape, count = build_odds(read_words(NEWS, vocabulary), WORDS)
    return CaseTable(FuseTable(cells, shape)), count


def spun(text: str, *pairs: tuple[str, str]) -> tuple[Document, Proposal]:
    """Return a text and the edits that put the second of each pair in the place of the first."""
    edits, at = [], 0
    for before, after in pairs:
        start = text.index(before, at)
        at = start + len(before)
        edits.append(Edit(start, at, before, after, "full:synonym", 0.9))
    return Document.parse(text), Proposal(tuple(edits), len(edits), 20, len(edits))


def afters(proposal: Proposal) -> list[str]:
    return [edit.after for edit in proposal.edits]


# A spinner that loses capitals: two beginnings in small letters tell.
LOST = "urban center halls were empty. later the vessel sank."


def test_words_are_counted_by_their_neighbours(counted):
    table, count = counted

    def one(kind, word, other=""):
        return float(table.logs(kind, hashed([word]), hashed([other]) if other else 0)[0])

    assert one(RATE, "state") == pytest.approx(np.log(12.5 / 36.5), abs=STEP)
    assert one(RATE, "ordinary") == 0  # never met
    assert one(OVER, "state", "secretary") > 2
    assert one(LEFT, "state", "a") < -2
    assert one(LEFT, "group", "steel") > 1
    assert one(RIGHT, "state", "ordinary") == 0
    assert count > len(WORDS) - 2


def test_a_pair_has_to_tell_enough():
    """The gain that is asked for takes several occurrences of a pair that surprises."""
    words, vocabulary = WORDS, {word: number for number, word in enumerate(WORDS)}
    few = ["They saw a group and the group met."] * 10 + ["They met Steel Group here."] * 2
    cells, shape, _ = build_odds(read_words(few, vocabulary), words)
    table = CaseTable(FuseTable(cells, shape))
    assert table.logs(LEFT, hashed(["group"]), hashed(["steel"]))[0] == 0


def test_titles_and_beginnings_are_not_counted():
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    running = read_words(["Group Met Steel", "Group met the group. State of the group"], vocabulary)
    assert running.inside.sum() == 6
    assert not (running.capital & running.inside).any()


def test_the_text_is_read_as_it_will_stand():
    document, proposal = spun(
        "Old vessels sank. nan urban center of Ghent stayed, one by one.",
        ("vessels", "ships"), ("nan", "the"), ("urban center", "city"), ("one by one", "in turn"),
    )  # fmt: skip
    line = line_up(document, proposal.edits)
    assert line.words == [
        "old",
        "ships",
        "sank",
        ".",
        "the",
        "city",
        "of",
        "ghent",
        "stayed",
        ",",
        "in",
        "turn",
        ".",
    ]
    assert line.edit.tolist() == [-1, 0, -1, -1, 1, 2, -1, -1, -1, -1, -2, -2, -1]
    assert line.capital.tolist()[:2] == [1, UNTOLD]
    assert line.capital.tolist()[6:8] == [0, 1]
    assert np.flatnonzero(line.start).tolist() == [0, 4]
    assert not line.near[0]
    assert not line.near[3]
    assert line.near[4]


def test_a_spinner_that_loses_capitals_gets_names_theirs(casing):
    text = f"{LOST} They live in geographical region Carolina beside a stream."
    pairs = [("urban center", "city"), ("later", "then"), ("vessel", "ship"),
             ("geographical region", "south"), ("stream", "river")]  # fmt: skip
    found = casing.recased(*spun(text, *pairs))
    assert afters(found)[2:] == ["ship", "South", "river"]


def test_how_a_text_itself_writes_a_word_is_known(casing):
    document, proposal = spun(
        "They asked the Ministry of Works. Ministry staff and the Ministry said nothing, no "
        "ministry did, and the curacy wrote.",
        ("curacy", "ministry"),
    )
    about, numbers = describe(casing.table, document, proposal.edits)
    names = dict(zip(FEATURES, about[0].tolist(), strict=True))
    assert numbers == [0]
    assert names["text_capital"] == pytest.approx(np.log(3))  # the beginning tells nothing
    assert names["text_small"] == pytest.approx(np.log(2))
    assert (names["form_small"], names["as_it_is"]) == (1, 0)


def test_a_spinner_that_keeps_capitals_is_believed(casing):
    text = "The unit met at noon. A unit of men left the Unit in the rain, and each unit sang."
    pairs = [("unit", "group"), ("unit", "group"), ("Unit", "Group"), ("unit", "group")]
    assert afters(casing.recased(*spun(text, *pairs))) == ["group", "group", "Group", "group"]


def test_capitals_that_were_the_forms_go(casing):
    text = "They treat Crab in the clinic, and Crab in the ward; most Crab is found late."
    pairs = [("Crab", "Cancer")] * 3
    assert set(afters(casing.recased(*spun(text, *pairs)))) == {"cancer"}


@pytest.mark.parametrize("source", ["user", "full:spelling", "full:numeral", "full:case"])
def test_what_no_spinner_wrote_keeps_its_capitals(casing, source):
    document, _ = spun("They met Crab and left.", ("Crab", "Cancer"))
    own = Edit(9, 13, "Crab", "Cancer", source)
    assert casing.recased(document, Proposal((own,), 1, 5, 1)).edits == (own,)


def test_an_edit_that_changes_nothing_any_more_is_dropped(casing, monkeypatch):
    document, proposal = spun("They met Crab and left.", ("Crab", "crab"))
    monkeypatch.setattr(Casing, "shares", lambda _, about: np.ones(len(about), np.float32))
    assert casing.recased(document, proposal).edits == ()


def test_honest_text_is_not_asked_about(monkeypatch):
    def asked(*_: object) -> None:
        pytest.fail("the text is not spun")

    monkeypatch.setattr(Casing, "recased", asked)
    text = "The mayor opened a new bridge over the river on Monday."
    assert Restorer.load(mode="fast").restore(text).text == text


letters = st.text("aBc ,.\n", max_size=30)


@given(letters, st.data())
def test_only_first_letters_change(casing, text, data):
    starts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    edits = tuple(
        Edit(
            a, b, text[a:b], data.draw(st.sampled_from(["the", "Ghent", "in a", "", "USA"])), "f:s"
        )
        for a, b in zip(starts[::2], starts[1::2], strict=False)
    )
    found = casing.recased(Document.parse(text), Proposal(edits, 1, 9, 1)).edits
    kept = {(e.start, e.end): e for e in found}
    for edit in edits:
        other = kept.get((edit.start, edit.end))
        if other is not None:
            assert other.after.lower() == edit.after.lower()
            assert other.after[1:] == edit.after[1:]
        else:
            assert edit.after.lower() == edit.before.lower()


def test_a_damaged_table_is_named(tmp_path):
    path = tmp_path / "casing.bin"
    path.write_bytes(SHIPPED.read_bytes()[:-1])
    with pytest.raises(ModelError, match=r"casing\.bin"):
        load_casing(FEATURES, path)


def test_a_table_for_other_features_is_refused(tmp_path):
    with pytest.raises(ModelError, match="other features"):
        load_casing(FEATURES[:-1])
    header, arrays = read_container(SHIPPED, FORMAT, VERSION, ModelError)
    del arrays["cells"]
    path = tmp_path / "casing.bin"
    write_container(path, FORMAT, VERSION, {"features": header["features"]}, arrays)
    with pytest.raises(ModelError, match="install it or build it again"):
        load_casing(FEATURES, path)


def test_the_table_is_built_fitted_and_written(tmp_path):
    story = (
        "The mayor of Ghent met the council on Monday. She said that the city would open a new "
        "bridge over the river, and that work on the bridge would begin in the spring.\n"
        "Many people in the city have asked for the bridge for years, the council said."
    )
    ids = [*unread_ids(FIT_PART, 12), *unread_ids(MEASURE_PART, 4)]
    pq.write_table(pa.table({"id": ids, "text": [story] * len(ids)}), tmp_path / "news.parquet")
    words = sorted({"<unk>", *story.lower().replace(".", "").split()})
    said: list[str] = []
    running = read_words([story] * 20, {word: number for number, word in enumerate(words)})
    out = tmp_path / "casing.bin"
    build_casing(running, words, tmp_path, out, documents=(12, 4), log=said.append)
    table, scorer = load_casing(FEATURES, out)
    assert table.logs(RATE, hashed(["ghent"]))[0] > 2
    assert len(scorer.mean) == len(FEATURES)
    assert "before" in said[-1]
