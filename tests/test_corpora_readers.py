"""Readers: one schema out of every format, and one clear line for every bad input."""

import gzip
import json

import pytest

import corpora
from corpora import CorpusError, read_folder, read_hub, read_m2, read_parallel, read_rows

TEXT = {"reference": "text"}


def one_line(caught):
    """The text of an error, which must be a single line."""
    message = str(caught.value)
    assert "\n" not in message
    assert message
    return message


def test_parallel_lines_keep_separators_that_are_no_line_ends(tmp_path):
    (tmp_path / "s").write_text("a\u2028b\x0cc\nd\n", "utf-8")
    (tmp_path / "r").write_text("A\u2028B\x0cC\r\nD\n", "utf-8", newline="")
    records = list(read_parallel(tmp_path / "s", tmp_path / "r"))
    assert [(r.source, r.reference) for r in records] == [
        ("a\u2028b\x0cc", "A\u2028B\x0cC"),
        ("d", "D"),
    ]


def test_parallel_documents(tmp_path):
    for name, lines in {"s": "a\nb\n", "r": "A\nB\n", "d": "one\none\n"}.items():
        (tmp_path / name).write_text(lines)
    records = list(read_parallel(tmp_path / "s", tmp_path / "r", tmp_path / "d"))
    assert [(r.id, r.doc_id) for r in records] == [("1", "one"), ("2", "one")]


def test_unequal_line_counts_are_refused_before_anything_is_read(tmp_path):
    (tmp_path / "s").write_text("a\nb\n")
    (tmp_path / "r").write_text("A\n")
    with pytest.raises(CorpusError) as caught:
        next(read_parallel(tmp_path / "s", tmp_path / "r"))
    assert "s 2, r 1" in one_line(caught)


ROWS = [{"text": 'He said "no".', "n": 1}, {"text": "Über\tall", "n": 2}]


def write_jsonl(path):
    path.write_text("".join(json.dumps(row) + "\n\n" for row in ROWS))


def write_jsonl_gz(path):
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, ROWS)).encode()))


def write_json(path):
    path.write_text(json.dumps(ROWS))


def write_csv(path):
    path.write_text('n,text\n1,"He said ""no""."\n2,"Über\tall"\n', "utf-8")


def write_parquet(path):
    from pyarrow import Table
    from pyarrow.parquet import write_table

    write_table(Table.from_pylist(ROWS), path)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.jsonl", write_jsonl),
        ("a.jsonl.gz", write_jsonl_gz),
        ("a.json", write_json),
        ("a.csv", write_csv),
        ("a.parquet", write_parquet),
    ],
)
def test_every_table_format_gives_the_same_records(tmp_path, name, write):
    write(tmp_path / name)
    records = list(read_rows(tmp_path / name, TEXT))
    assert [r.reference for r in records] == [row["text"] for row in ROWS]
    assert [r.id for r in records] == ["1", "2"]
    assert [int(r.metadata["n"]) for r in records] == [1, 2]
    assert {r.source for r in records} == {None}


def test_csv_cells_may_be_as_long_as_articles_are(tmp_path):
    text = "It rained again. " * 10_000
    (tmp_path / "a.csv").write_text(f'n,text\n1,"{text}"\n')
    (read,) = read_rows(tmp_path / "a.csv", TEXT)
    assert read.reference == text


def test_tsv_columns_go_by_number_and_quotes_are_text(tmp_path):
    (tmp_path / "a.tsv").write_text('"teh\tthe\textra\n')
    (record,) = read_rows(tmp_path / "a.tsv", {"source": "1", "reference": "2"})
    assert (record.source, record.reference, record.metadata) == ('"teh', "the", {"3": "extra"})


def test_headed_tsv(tmp_path):
    (tmp_path / "a.tsv").write_text("# A remark.\nid\ttext\nx\tFine.\n")
    (record,) = read_rows(tmp_path / "a.tsv", {"id": "id", "reference": "text"}, "tsv-headed")
    assert (record.id, record.doc_id, record.reference) == ("x", "x", "Fine.")


BAD = {
    "missing.jsonl": (None, "no such file"),
    "wrong-column.jsonl": (b'{"body": "x"}\n', "no column 'text'; it has 'body'"),
    "late-column.jsonl": (b'{"text": "x"}\n{"body": "x"}\n', "no column 'text'"),
    "not-json.jsonl": (b"{'text'}\n", "line 1: not JSON"),
    "not-object.jsonl": (b"[1]\n", "record 1: an object was expected, not list"),
    "not-text.jsonl": (b'{"text": 5}\n', "row 1: 'text' holds 5, not a text"),
    "null.jsonl": (b'{"text": null}\n', "holds None, not a text"),
    "not-list.json": (b"{}", "a list of objects was expected, not dict"),
    "latin.jsonl": (b'{"text": "caf\xe9"}\n', "not UTF-8 at byte 13"),
    "cut.jsonl.gz": (gzip.compress(b'{"text": "x"}\n' * 99)[:-9], "cannot be read"),
    "no-gzip.jsonl.gz": (b"plain", "cannot be read"),
    "ragged.csv": (b"text,n\nx\n", "row 2: 1 cells under 2 column names"),
    "broken.parquet": (b"PAR1 but not really PAR1", "not a readable Parquet file"),
    "table.xlsx": (b"x", "no reader for .xlsx files"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_tables_give_one_line_that_names_the_file(tmp_path, name):
    content, expected = BAD[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CorpusError) as caught:
        list(read_rows(tmp_path / name, TEXT))
    message = one_line(caught)
    assert expected in message
    assert name in message


def test_a_parquet_file_damaged_in_its_middle(tmp_path):
    path = tmp_path / "a.parquet"
    write_parquet(path)
    data = bytearray(path.read_bytes())
    data[4:60] = bytes(56)
    path.write_bytes(data)
    with pytest.raises(CorpusError) as caught:
        list(read_rows(path, TEXT))
    assert "a.parquet" in one_line(caught)


def test_reference_column_is_needed(tmp_path):
    with pytest.raises(CorpusError, match="which column is the reference"):
        list(read_rows(tmp_path / "a.jsonl", {"source": "text"}))


def test_folder_reads_in_the_order_of_paths(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.txt").write_text("Two.\n")
    (tmp_path / "1.txt").write_text("One.\n\nMore.\n")
    (tmp_path / "notes.md").write_text("no")
    records = list(read_folder(tmp_path))
    assert [(r.id, r.reference) for r in records] == [
        ("1.txt", "One.\n\nMore."),
        ("b/2.txt", "Two."),
    ]


@pytest.mark.parametrize("folder", [".", "nowhere"])
def test_folder_without_texts(tmp_path, folder):
    with pytest.raises(CorpusError) as caught:
        list(read_folder(tmp_path / folder))
    one_line(caught)


M2 = """S He go to school yesterday .
A 1 2|||R:VERB:TENSE|||went|||REQUIRED|||-NONE-|||0
A 4 5|||U:ADV|||-NONE-|||REQUIRED|||-NONE-|||0
A 1 2|||R:VERB:TENSE|||was going|||REQUIRED|||-NONE-|||1

S Fine .
A -1 -1|||noop|||-NONE-|||REQUIRED|||-NONE-|||0

S Nothing marked .
"""


def test_m2(tmp_path):
    (tmp_path / "a.m2").write_text(M2)
    first, second, third = read_m2(tmp_path / "a.m2")
    assert first.source == "He go to school yesterday ."
    assert first.reference == "He went to school ."
    assert first.metadata == {"references": ["He was going to school yesterday ."]}
    assert (second.source, second.reference) == ("Fine .", "Fine .")
    assert (third.source, third.reference) == ("Nothing marked .", "Nothing marked .")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A 0 1|||X|||y|||REQUIRED|||-NONE-|||0\n", "a line 'S ...' was expected"),
        ("S a b\nA 0 one|||X|||y|||REQUIRED|||-NONE-|||0\n", "not an annotation"),
        ("S a b\nA 0 1|||X\n", "not an annotation"),
        ("S a b\nA 1 9|||X|||y|||REQUIRED|||-NONE-|||0\n", "overlaps or lies outside"),
    ],
)
def test_bad_m2(tmp_path, text, expected):
    (tmp_path / "a.m2").write_text(text)
    with pytest.raises(CorpusError) as caught:
        list(read_m2(tmp_path / "a.m2"))
    assert expected in one_line(caught)


def test_hub_streams_columns(monkeypatch):
    import datasets

    asked = []

    def load_dataset(name, config, *, split, streaming):
        asked.append((name, config, split, streaming))
        return iter([{"body": "One.", "extra": 1}, {"body": "Two.", "extra": 2}])

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    records = list(corpora.read("hf:some/news", columns={"reference": "body"}, limit=1))
    assert [(r.reference, r.metadata) for r in records] == [("One.", {"extra": 1})]
    assert asked == [("some/news", None, "train", True)]


def test_hub_wrong_column(monkeypatch):
    import datasets

    monkeypatch.setattr(datasets, "load_dataset", lambda *a, **k: iter([{"body": "One."}]))
    with pytest.raises(CorpusError, match="hf:some/news: no column 'text'; it has 'body'"):
        list(read_hub("some/news", TEXT))


@pytest.mark.parametrize(
    "error", [ConnectionError("Couldn't reach it\non the Hub"), ValueError("bad split")]
)
def test_hub_offline_is_one_line(monkeypatch, error):
    import datasets

    def load_dataset(*args, **kwargs):
        raise error

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    with pytest.raises(CorpusError) as caught:
        list(read_hub("some/news", TEXT))
    assert "is there a network" in one_line(caught)
