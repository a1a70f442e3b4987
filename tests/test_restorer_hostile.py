"""The public API under odd arguments, odd data and odd texts, and how user tables rank."""

from __future__ import annotations

import time

import pytest
from typer.testing import CliRunner

from restore import EditError, Restoration, RestoreError, Restorer, apply_edits
from restore.cli._app import app
from restore.cli._load import Settings
from restore.dictionary import Dictionary
from restore.dictionary._decoder import DictionaryDecoder
from tests.cli_fake import FakeRestorer

MODES = ("dictionary", "fast")
CURLY = "\N{RIGHT SINGLE QUOTATION MARK}"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "mine.tsv"

    def write(**rows):
        lines = (f"{form.replace('_', ' ')}\t{original}" for form, original in rows.items())
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


def restored(table, mode, text, protect=()):
    return Restorer.load(mode=mode, dictionaries=[table], protect=protect).restore(text)


@pytest.mark.parametrize("mode", MODES)
class TestUserDictionary:
    def test_phrases_come_before_built_in_ones_that_begin_earlier(self, table, mode):
        mine = table(market_rally="bazaar race")
        result = restored(mine, mode, "The stock market rally ended today.")
        assert result.text == "The stock bazaar race ended today."

    def test_words_come_before_built_in_phrases_that_hold_them(self, table, mode):
        mine = table(time="hour")
        result = restored(mine, mode, "They may leave at immoderate time today.")
        assert "any time" not in result.text
        assert " hour today." in result.text

    def test_longer_forms_come_before_shorter_ones(self, table, mode):
        mine = table(zorn="mayor", zorn_hall="city hall")
        result = restored(mine, mode, "The zorn hall and the zorn hail.")
        assert result.text == "The city hall and the mayor hail."

    def test_a_protected_part_leaves_the_rest_to_shorter_forms(self, table, mode):
        mine = table(zorn="mayor", zorn_hall="city hall")
        result = restored(mine, mode, "The zorn hall and the zorn.", protect=["hall"])
        assert result.text == "The mayor hall and the mayor."

    def test_protected_forms_stay(self, table, mode):
        mine = table(zorn="mayor", zorn_hall="city hall")
        text = "The zorn hall and the zorn."
        assert restored(mine, mode, text, protect=["zorn"]).edits == ()

    @pytest.mark.parametrize("sign", ["'", CURLY])
    def test_apostrophes_of_either_kind(self, table, mode, sign):
        mine = table(**{"zorn't": "don't"})
        result = restored(mine, mode, f"They zorn{sign}t know it.")
        assert result.text == f"They don{sign}t know it."

    @pytest.mark.parametrize("sign", ["'", CURLY])
    def test_possessives_within_phrases(self, table, mode, sign):
        mine = table(**{"zorn's_sickness": "plague"})
        result = restored(mine, mode, f"He has zorn{sign}s sickness today.")
        assert result.text == "He has plague today."
        assert restored(mine, mode, f"He has zorn {sign}s sickness.").text.startswith("He has zorn")

    def test_what_is_right_already_is_no_edit(self, table, mode):
        mine = table(ibm="IBM")
        result = restored(mine, mode, "She sued IBM and ibm.")
        assert result.text == "She sued IBM and IBM."
        assert [edit.before for edit in result.edits] == ["ibm"]


def test_built_in_phrases_with_possessives_are_found():
    decoder = DictionaryDecoder(Dictionary.load())
    text = "She was found to have alzheimer's infection last year."
    result = Restorer.load(mode="dictionary").restore(text)
    assert decoder.dictionary.lookup("alzheimer's infection").deterministic
    assert "alzheimer's disease" in result.text


def test_punctuation_does_not_count_as_words():
    result = Restorer.load(mode="dictionary").restore("(!!!) - betwixt - (???)")
    assert result.garbled_share == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"protect": "nan dam"}, "protect takes a list, not 'nan dam'"),
        ({"dictionaries": "/nowhere/x.tsv"}, "dictionaries takes a list"),
        ({"repairs": "mojibake"}, "repairs takes a list"),
        ({"protect": [0]}, "protect holds strings, not 0"),
        ({"dictionaries": [None]}, "dictionaries holds strings, not None"),
        ({"min_confidence": "0.9"}, "probability from 0 to 1, not '0.9'"),
        ({"min_confidence": float("nan")}, "probability from 0 to 1, not nan"),
    ],
)
def test_arguments_of_another_type_are_named(arguments, message):
    with pytest.raises(RestoreError, match=message):
        Restorer.load(mode="dictionary", **arguments)


LINE = '{{"source": {}, "edits": {}, "garbled_share": {}, "mode": {}, "text": "a"}}'


@pytest.mark.parametrize(
    "line",
    [
        None,
        "",
        "[]",
        "[" * 100_000,
        LINE.format(5, "[]", 0, '"x"'),
        LINE.format("null", "[]", 0, '"x"'),
        LINE.format('["a"]', "[]", 0, '"x"'),
        LINE.format('"a"', "null", 0, '"x"'),
        LINE.format('"a"', "[5]", 0, '"x"'),
        LINE.format('"a"', "[]", "NaN", '"x"'),
        LINE.format('"a"', "[]", "1e999", '"x"'),
        LINE.format('"a"', "[]", "1" + "0" * 400, '"x"'),
        LINE.format('"a"', "[]", "-1", '"x"'),
        LINE.format('"a"', "[]", '"0.5"', '"x"'),
        LINE.format('"a"', "[]", 0, 5),
    ],
)
def test_odd_json_is_refused_in_one_short_line(line):
    with pytest.raises(EditError, match=r"not an? (restoration|edit)") as caught:
        Restoration.from_json(line)
    assert len(str(caught.value)) < 600


def test_rejected_indexes_may_come_from_an_iterator():
    result = Restorer.load(mode="dictionary").restore("Now betwixt, then betwixt.")
    assert result.apply(reject=iter([1])) == "Now between, then betwixt."


@pytest.mark.parametrize("mode", ["dictionary", "fast", "full"])
@pytest.mark.parametrize(
    "spun", ["", " Nan hull sat betwixt nan docks, and nan crew was astatine sea."]
)
def test_halves_of_surrogate_pairs_come_back(mode, spun):
    text = f"The \ud800 hull and h\udc00ll.{spun}"
    result = Restorer.load(mode=mode).restore(text)
    assert "The \ud800 hull and" in result.text
    assert apply_edits(text, result.edits) == result.text


@pytest.mark.parametrize(
    "text", ["http://a" + ")" * 40_000, "a.com/" + "()" * 20_000 + ")" * 20_000]
)
def test_brackets_behind_an_address_take_no_quadratic_time(text):
    restorer = Restorer.load(mode="dictionary")
    restorer.restore("Warm up.")
    begin = time.process_time()
    assert restorer.restore(text).text == text
    assert time.process_time() - begin < 0.4


@pytest.mark.parametrize("name", ["jsonl", "csv", "tsv"])
def test_a_field_named_twice_is_written_once(name, monkeypatch):
    monkeypatch.setattr(Settings, "load", lambda self: FakeRestorer())
    given = {"jsonl": '{"t": "nan cat"}\n'}.get(name, "t\nnan cat\n")
    arguments = ["text", "--format", name, "-f", "t", "-f", "t"]
    assert CliRunner().invoke(app, arguments, input=given).stdout == given.replace("nan", "the")
