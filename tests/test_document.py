"""Documents split any text losslessly, and know its sentences and protected spans."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from restore._document import (
    ALLCAPS,
    CAPITAL,
    INITIAL,
    NUMBER,
    PROTECTED,
    PUNCT,
    SENTENCE_START,
    SPACE,
    WORD,
    Document,
)
from restore._protect import touches

DATA = Path(__file__).parent / "data"
# Pieces that rules look for, so that random text runs into them.
_SIGNS = [
    *(
        "a",
        "B",
        "the",
        "NATO",
        "U.S.",
        "Mr.",
        "don't",
        "Russia's",
        "May 3",
        "5 p.m.",
        "$4",
        "10%",
        "21st",
    ),
    *(
        "F-16",
        "http://",
        "www.",
        ".com",
        "@",
        "#",
        "*b*",
        "_",
        "`",
        "```",
        "~~~",
        "<",
        ">",
        "<a ",
        "<!--",
    ),
    *(
        "-->",
        "<script>",
        "</script>",
        "&",
        "&amp;",
        "](",
        "]:",
        "[",
        "]",
        "(",
        ")",
        "{",
        "|",
        "}",
        "---",
    ),
    *("===", "-", "\\", "C:\\", "/", ".", "..", "...", "!", "?", '"', "\u201c", "\u201d", "\u2019"),
    *("\u2026", "\ufeff", "\x00", "\u200d", "\U0001f469", "e\u0301", "\ud800", "\udc00", "\u00ad"),
    *("\u0e01", "\r\n", "\n", "\n\n", "\t", " ", "  ", "\xa0", "\u2028", "\x85", "    "),
]
anything = st.text(st.characters(exclude_categories=())) | st.lists(
    st.sampled_from(_SIGNS), max_size=20
).map("".join)


def kinds_of(text: str, flag: int, protect: tuple[str, ...] = ()) -> list[str]:
    document = Document.parse(text, protect)
    return [
        token for token, kind in zip(document.tokens, document.kinds, strict=True) if kind & flag
    ]


@given(anything)
@example("\ufeffA\r\n\tb\x00 \ud800")
def test_spans_cover_any_text_without_gaps_or_overlaps(text):
    document = Document.parse(text)
    spans = list(document.spans())
    assert "".join(text[start:end] for _, start, end in spans) == text
    assert [start for _, start, _ in spans[1:]] == [end for _, _, end in spans[:-1]]
    assert all(start < end for _, start, end in spans)
    assert not any(text[start:end].isspace() for kind, start, end in spans if kind != SPACE)
    between = [at for kind, start, end in spans if kind == SPACE for at in range(start, end)]
    silent = [at for at in between if not text[at].isspace()]
    assert all(any(low <= at < high for low, high in document.protected) for at in silent)


@given(anything)
def test_tokens_stand_where_they_are_said_to(text):
    document = Document.parse(text)
    assert len(document.tokens) == len(document.starts) == len(document.kinds)
    for token, start, kind in zip(document.tokens, document.starts, document.kinds, strict=True):
        assert text.startswith(token, start)
        assert (kind & (WORD | NUMBER | PUNCT)).bit_count() == 1


@given(anything)
def test_sentences_cover_all_tokens(text):
    document = Document.parse(text)
    covered = [index for first, after in document.sentences for index in range(first, after)]
    assert covered == list(range(len(document.tokens)))
    assert all(first < after for first, after in document.sentences)
    starts = sum(kind & SENTENCE_START > 0 for kind in document.kinds)
    assert starts <= len(document.sentences)


@given(anything, st.lists(st.sampled_from(_SIGNS), max_size=3))
def test_protected_spans_are_disjoint_and_mark_the_tokens_they_touch(text, terms):
    document = Document.parse(text, tuple(terms))
    spans = document.protected
    assert all(start < end <= len(text) for start, end in spans)
    assert all(left[1] < right[0] for left, right in pairwise(spans))
    for token, start, kind in zip(document.tokens, document.starts, document.kinds, strict=True):
        assert bool(kind & PROTECTED) == touches(spans, start, start + len(token))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Russia's", ["Russia", "'s"]),
        ("the town\u2019s", ["the", "town", "\u2019s"]),
        ("the U.N.'s", ["the", "U", ".", "N", ".", "'s"]),
        ("the boys' club", ["the", "boys", "'", "club"]),
        ("don't they\u2019re o'clock", ["don't", "they\u2019re", "o'clock"]),
        ("mid-October", ["mid-October"]),
        ("20-year-old", ["20", "-", "year-old"]),
        ("F-16s COVID-19 1990's", ["F-16s", "COVID-19", "1990", "'s"]),
        ("10,000 3.5, 2.", ["10,000", "3.5", ",", "2", "."]),
        ("said--or not", ["said", "-", "-", "or", "not"]),
        ("\u201cNo\u2026\u201d", ["\u201c", "No", "\u2026", "\u201d"]),
        ("cafe\u0301 na\u00efve", ["cafe\u0301", "na\u00efve"]),
        ("'single' words", ["'", "single", "'", "words"]),
        ("snake_case", ["snake", "_", "case"]),
        ("", []),
    ],
)
def test_tokens(text, tokens):
    assert Document.parse(text).tokens == tokens


def test_kinds_of_capitals():
    text = "The UN met J. Calder. It left."
    assert kinds_of(text, CAPITAL) == ["The", "UN", "J", "Calder", "It"]
    assert kinds_of(text, ALLCAPS) == ["UN"]
    assert kinds_of(text, INITIAL) == ["J"]
    assert kinds_of(text, SENTENCE_START) == ["The", "It"]


@pytest.mark.parametrize("marked", json.loads((DATA / "sentences.json").read_text("utf-8")))
def test_sentences(marked):
    """In the cases, a bar stands where a sentence begins, the first one excepted."""
    text = marked.replace("|", "")
    parts = marked.split("|")
    expected = [len("".join(parts[:count])) for count in range(1, len(parts))]
    document = Document.parse(text)
    assert [document.starts[first] for first, _ in document.sentences][1:] == expected


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("So **the plan** is _not_ ~~dead~~.", "So the plan is not dead ."),
        ("So *the* plan,** she said.", "So the plan , she said ."),
        ("See [the plan](https://a.example/b 'c') and [that][1].", "See the plan and that ."),
        ("So <b>the</b> plan<br/>is <a href='x y'>here</a>.", "So the plan is here ."),
        ("> So the plan\n> > is dead.", "So the plan is dead ."),
        ("* one * two\n- three", "* one * two - three"),
        ("Call snake_case or f**k it.", "Call snake _ case or f * * k it ."),
        ("3 > 2 and 1 < 2", "3 > 2 and 1 < 2"),
        ("Tom & Co. [sic] wrote (it).", "Tom & Co . [ sic ] wrote ( it ) ."),
    ],
)
def test_what_nobody_reads_out_is_no_token(text, seen):
    """Words on both sides of it are neighbours."""
    assert " ".join(Document.parse(text).tokens) == seen


def test_there_are_enough_sentence_cases():
    cases = json.loads((DATA / "sentences.json").read_text("utf-8"))
    assert len(set(cases)) == len(cases) >= 60
    assert sum("|" not in case for case in cases) >= 20


@pytest.mark.parametrize("marked", json.loads((DATA / "protected.json").read_text("utf-8")))
def test_protected(marked):
    """In the cases, double brackets stand around what is protected; all else must not be."""
    text, expected = "", []
    for part in marked.split("\u27e6"):
        inside, closed, outside = part.partition("\u27e7")
        if closed:
            expected.append((len(text), len(text) + len(inside)))
        text += inside + outside
    assert Document.parse(text).protected == expected


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        (
            "New York Times in New York",
            ("New York", "New York Times"),
            ["New York Times", "New York"],
        ),
        ("Art and art", ("Art",), ["Art"]),
        ("Arty party Art", ("Art",), ["Art"]),
        ("the C++ code", ("C++",), ["C++"]),
        ("nothing", ("",), []),
        ("a.c abc", ("a.c",), ["a.c"]),
        ("caf\u00e9s caf\u00e9", ("caf\u00e9",), ["caf\u00e9"]),
    ],
)
def test_protected_terms(text, terms, expected):
    assert [text[start:end] for start, end in Document.parse(text, terms).protected] == expected


@pytest.mark.parametrize(
    "piece",
    ["a-", "<", "<a \"", "(", "@", "1,", "[", "`", "``x", "](", "~", "-", "=", "|", "|\n", "```\n",
     "a.com", ".com", "://", "_", "*", "...", "A. ", "\n", "AB ", "AB\n", "5 p", "<script>", "<!--",
     "\xa0", "'s", "e\u0301", "    a;\n"],
)  # fmt: skip
def test_odd_text_takes_linear_time(piece):
    """Takes a fraction of a second; a quadratic rule needs a minute and more."""
    text = piece * (200_000 // len(piece)) + "x ````` ]( :// @ < .com"
    begun = time.process_time()
    document = Document.parse(text)
    assert time.process_time() - begun < 5
    assert sum(end - start for _, start, end in document.spans()) == len(text)


@pytest.mark.shared
def test_clean_news_keeps_its_words_open(shared):
    """Few words of news are protected: what is in capitals, dates, addresses, and no more."""
    text = (shared / "bench/clean/wmt22-news/source.txt").read_text("utf-8")
    document = Document.parse(text)
    words = [kind for kind in document.kinds if kind & WORD]
    assert sum(kind & PROTECTED > 0 for kind in words) / len(words) < 0.02
