"""Every format restores its text and keeps every other byte."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restore import Edit, Restoration, _errors
from restore.formats import Segment, TextSource, segments, text_batches
from restore.formats._html_tokens import TEXT, tokens
from restore.formats._segments import raw_edit, together
from tests.cli_fake import WORDS, FakeRestorer

DATA = Path(__file__).parent / "data"
CASES = json.loads((DATA / "formats.json").read_text(encoding="utf-8"))
REFUSED = json.loads((DATA / "formats_refused.json").read_text(encoding="utf-8"))
# Text that is likely to meet the formats' special characters and the fake's words.
MARKS = '<p>|</p>|<b>|<!--|-->|<script>|</script>|&amp;|<code>|</code>|&nbsp;|<|&#233;|"|""|,'
LIVELY = st.text(
    st.sampled_from("<>/&;#\"'=!-?[]{}:,ntin \t\r\n\ufeff\u00e9") | st.characters(codec="utf-8")
) | st.lists(
    st.sampled_from([*WORDS, *MARKS.split("|"), " ", "\n", "\r\n", "<a href='", "'>"])
).map("".join)


def pieces(data: bytes, name: str, fields=(), chunk: int = 1 << 16, encoding=None):
    source = TextSource([data[at : at + chunk] for at in range(0, len(data), chunk)], encoding)
    fake = FakeRestorer()
    batches = text_batches(segments(source, name, fields), lambda: source.encoding)
    found = (piece for one in batches for piece in one.pieces(fake.restore_many(one.texts)))
    return [(piece, source.encoding) for piece in found]


def run(data: bytes, name: str, fields=(), chunk: int = 1 << 16, encoding=None) -> bytes:
    return b"".join(p.new.encode(e) for p, e in pieces(data, name, fields, chunk, encoding))


@pytest.mark.parametrize("chunk", [1 << 16, 5])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_only_the_text_changes(case, chunk):
    found = run(case["in"].encode(), case["format"], case.get("fields", ()), chunk)
    assert found.decode() == case["out"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_edits_are_on_the_file_as_it_stands(case):
    from restore._edits import apply_edits

    found = pieces(case["in"].encode(), case["format"], case.get("fields", ()))
    edits = [edit for piece, _ in found for edit in piece.edits]
    assert apply_edits(case["in"], edits) == case["out"]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
def test_malformed_input_is_named(case):
    with pytest.raises(_errors.InputError, match=re.escape(case["error"])):
        run(case["in"].encode(), case["format"], case["fields"])


def test_edits_that_cannot_be_made_are_counted():
    found = pieces(b"<p>gap <b>word</b> a&nbsp;b", "html")
    assert sum(piece.left_out for piece, _ in found) == 2


def test_what_the_encoding_lacks_is_left_out_or_referred_to():
    assert run(b"curly caf\xe9s", "txt", encoding="latin-1") == b"curly inns"
    assert run(b"<p>curly \xe9", "html", encoding="latin-1") == b"<p>&#8220;hello&#8221; \xe9"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_marks_and_wide_encodings_stay(codec):
    mark = "\ufeff" if codec in ("utf-16-le", "utf-16-be") else ""
    data = (mark + "nan \U0001f600 tin\r\n").encode(codec)
    assert run(data, "txt", chunk=3) == (mark + "the \U0001f600 can\r\n").encode(codec)


def test_offsets_count_the_mark():
    ((_, _), (piece, _)) = pieces(b"\xef\xbb\xbfnan", "txt")
    assert piece.edits[0].start == 1


@pytest.mark.parametrize(
    ("data", "encoding", "error"),
    [
        (b"abc\xff", None, "byte 3 (0xff) is not utf-8"),
        (b"x" * 10 + b"\xe2\x82", None, "byte 10 (0xe2) is not utf-8"),
        (b"ab\0c", None, "binary data"),
        (b"\xff\xfea\0b", None, "byte 4 (0x62) is not utf-16-le"),
        (b"abc", "no-such", "unknown encoding 'no-such'"),
        (b"abc", "hex", "not a text encoding"),
        (b"abc", "a\0b", "unknown encoding"),
        (b"+AGE-", "utf-7", "does not survive utf-7 unchanged"),
        (b"a\x81", "cp1252", "byte 1 (0x81) is not cp1252"),
    ],
)
def test_bytes_that_are_no_text_are_named(data, encoding, error):
    for chunk in (1, 4, 64):
        with pytest.raises(_errors.InputError, match=re.escape(error)):
            run(data, "txt", chunk=chunk, encoding=encoding)


def test_empty_in_empty_out():
    for name in ("txt", "md", "html", "xml"):
        assert run(b"", name) == b""
    assert run(b"", "jsonl", ["t"]) == b""


@given(LIVELY, st.sampled_from(["html", "xml"]))
def test_markup_is_cut_without_loss_and_kept(text, name):
    cut = list(tokens(text, name == "xml"))
    assert "".join(text[t.start : t.end] for t in cut) == text
    if "\0" in text:
        return
    found = pieces(text.encode(), name)
    spans = [(t.start, t.end) for t in cut if t.kind == TEXT]
    for piece, _ in found:
        for edit in piece.edits:
            assert any(start <= edit.start and edit.end <= end for start, end in spans)
    assert "".join(piece.raw for piece, _ in found) == text


class _Events(HTMLParser):
    """Tags, attributes and comments as the standard library sees them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[object] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, attrs))

    def handle_endtag(self, tag):
        self.seen.append(tag)

    def handle_comment(self, data):
        self.seen.append(("comment", data))


@given(
    st.recursive(
        st.sampled_from([*WORDS, "&amp;", "x < y", "<br>", "<!-- nan -->", "<img alt='nan'>"]),
        lambda inner: st.builds(
            lambda tag, parts: f"<{tag} class='nan'>{' '.join(parts)}</{tag}>",
            st.sampled_from(["p", "b", "code", "div", "span", "em"]),
            st.lists(inner, max_size=4),
        ),
    )
)
def test_another_parser_sees_the_same_markup(page):
    before, after = _Events(), _Events()
    before.feed(page)
    after.feed(run(page.encode(), "html").decode())
    assert after.seen == before.seen


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(), JSON, max_size=3), LIVELY, st.booleans(), st.booleans())
def test_jsonl_values_are_restored_and_nothing_else(record, text, is_ascii, is_roomy):
    record["text"] = text
    indent = (", ", " : ") if is_roomy else None
    line = json.dumps(record, ensure_ascii=is_ascii, separators=indent)
    try:
        data = line.encode()
    except UnicodeEncodeError:
        return
    found = json.loads(run(data + b"\n", "jsonl", ["text"]))
    expected = FakeRestorer().restore(text).text if text.strip() else text
    assert found == {**record, "text": expected}


@given(
    st.lists(st.tuples(LIVELY, LIVELY), min_size=1, max_size=4),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_csv_cells_are_restored_and_nothing_else(rows, quoting, line_end):
    out = io.StringIO()
    writer = csv.writer(out, quoting=quoting, lineterminator=line_end)
    writer.writerow(("id", "text"))
    if quoting == csv.QUOTE_MINIMAL:  # the csv module leaves carriage returns bare, then drops them
        rows = [(a.replace("\r", ""), b.replace("\r", "")) for a, b in rows]
    rows = [(a, b) for a, b in rows if "\0" not in a + b]
    writer.writerows(rows)
    found = run(out.getvalue().encode(), "csv", ["text"]).decode()
    fake = FakeRestorer()
    expected = [[a, fake.restore(b).text if b.strip() else b] for a, b in rows]
    assert list(csv.reader(io.StringIO(found, newline="")))[1:] == expected


@given(st.binary(), st.sampled_from(["txt", "md", "html", "xml", "jsonl", "csv", "tsv"]))
def test_any_bytes_are_restored_or_refused(data, name):
    try:
        found = pieces(data, name, ["t"] if name in ("jsonl", "csv", "tsv") else (), chunk=7)
    except _errors.InputError:
        return
    assert b"".join(p.raw.encode(e) for p, e in found) == data


BLOCKS = ["So nan mayor spoke.", "She said nan plan was sound.", "For nan vote see below."]


@pytest.mark.parametrize(
    ("name", "page", "before"),
    [
        ("html", "<h1>{}</h1>\n<script>nan</script><p>{}</p>\n<!-- nan --><ul><li>{}</ul>", "<h1>"),
        ("md", "{}\n```\nnan = 1\n```\n{}\n\n~~~\nnan\n~~~\n{}\n", ""),
    ],
)
def test_the_blocks_of_a_document_are_read_together(name, page, before):
    """A document has one key: a block by itself may not show it."""
    source = TextSource([page.format(*BLOCKS).encode()], None)
    (batch,) = text_batches(segments(source, name), lambda: source.encoding)
    (text,) = batch.texts
    paragraphs = [part.strip() for part in re.split(r"\n\n+", text)]
    assert [part for part in paragraphs if part] == BLOCKS
    assert run(page.format(*BLOCKS).encode(), name).decode() == page.format(
        *(block.replace("nan", "the") for block in BLOCKS)
    )
    assert batch.segments[0].raw == before or not before


def test_the_strings_of_a_record_are_read_together():
    record = {
        "title": "nan vote",
        "body": ["nan mayor", "", "met \u00e9 nan\nteam"],
        "tags": ["nan"],
    }
    line = json.dumps(record)
    source = TextSource([line.encode()], None)
    (batch,) = text_batches(segments(source, "jsonl", ["body", "title"]), lambda: source.encoding)
    assert batch.texts == ["nan vote\n\nnan mayor\n\nmet \u00e9 nan\nteam"]
    found = json.loads(run(line.encode(), "jsonl", ["body", "title"]))
    assert found["body"] == ["the mayor", "", "met \u00e9 the\nteam"]
    assert (found["title"], found["tags"]) == ("the vote", ["nan"])


def test_the_cells_of_a_row_are_read_together():
    table = 'id,title,tag,text\r\n1,nan vote,nan,"nan ""big"" mayor"\r\n2, ,nan,nan team\r\n'
    source = TextSource([table.encode()], None)
    (batch,) = text_batches(segments(source, "csv", ["text", "title"]), lambda: source.encoding)
    assert batch.texts == ['nan vote\n\nnan "big" mayor', "nan team"]
    found = run(table.encode(), "csv", ["text", "title"]).decode()
    expected = 'id,title,tag,text\r\n1,the vote,nan,"the ""big"" mayor"\r\n2, ,nan,the team\r\n'
    assert found == expected


@pytest.mark.parametrize(
    ("row", "restored"),
    [
        ("nan,nan", '"So, ""the""","So, ""the"""'),
        ('"nan",nan', '"So, ""the""","So, ""the"""'),
        ('x,"nan ""a"" nan"', 'x,"So, ""the"" ""a"" So, ""the"""'),
    ],
)
def test_each_cell_of_a_row_is_quoted_by_itself(row, restored):
    source = TextSource([f"one,two\n{row}\n".encode()], None)
    (batch,) = text_batches(segments(source, "csv", ["one", "two"]), lambda: source.encoding)
    edits = [
        Edit(match.start(), match.end(), "nan", 'So, "the"')
        for match in re.finditer("nan", batch.texts[0])
    ]
    made = batch.pieces([Restoration(batch.texts[0], tuple(edits), 0.0, "full")])
    assert "".join(piece.new for piece in made) == f"one,two\n{restored}\n"


def test_elements_of_an_xml_file_are_texts_by_themselves():
    source = TextSource([b"<item>Nan mayor.</item><item>Nan vote.</item>"], None)
    (batch,) = text_batches(segments(source, "xml"), lambda: source.encoding)
    assert batch.texts == ["Nan mayor.", "Nan vote."]


@pytest.mark.parametrize(
    ("section", "restored"),
    [
        ("nan mayor & nan vote", "the mayor & the vote"),
        (
            "<p>nan mayor</p><pre>nan</pre><p>nan &amp; x</p>",
            "<p>the mayor</p><pre>nan</pre><p>the &amp; x</p>",
        ),
        ("", ""),
    ],
)
def test_feeds_wrap_their_texts_in_sections(section, restored):
    feed = "<item><title>nan</title><text><![CDATA[{}]]></text></item><nan/>"
    found = run(feed.format(section).encode(), "xml").decode()
    assert found == feed.format(restored).replace("<title>nan", "<title>the")
    assert run(b"<x><![CDATA[nan", "xml") == b"<x><![CDATA[nan"


@pytest.mark.parametrize(
    "edit",
    [
        Edit(4, 8, "one\n", "x"),
        Edit(7, 8, "\n", ""),
        Edit(7, 9, "\n\n", " "),
        Edit(8, 12, "\nand", "x"),
    ],
)
def test_no_edit_touches_what_the_file_does_not_have(edit):
    (joined,) = together([Segment("nan one", "nan one"), Segment("<p>"), Segment("and", "and")])
    assert joined.text == "nan one\n\nand"
    assert raw_edit(joined, edit) is None
    assert raw_edit(joined, Edit(9, 12, "and", "or")) == Edit(10, 13, "and", "or")


def test_long_documents_are_read_in_parts():
    parts = [Segment("nan", "nan"), Segment("<p>")] * 5
    found = list(together(parts, size=6))
    assert [segment.text for segment in found if segment.text] == [
        "nan\n\nnan",
        "nan\n\nnan",
        "nan",
    ]
    assert "".join(segment.raw for segment in found) == "nan<p>" * 5
