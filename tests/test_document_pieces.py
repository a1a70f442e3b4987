"""Pieces of a stream: the same text, in bounded parts, wherever the chunks were cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restore._errors import InputError
from restore._pieces import pieces

texts = st.text(alphabet='ab.\n\r \u00e9\U0001f469\u200d\u0301\ud83d\ude00"', max_size=120)


@given(texts, st.lists(st.integers(0, 120), max_size=6), st.integers(2, 40))
def test_pieces_are_the_text_whatever_the_chunks(text, cuts, limit):
    places = [0, *sorted(cuts), len(text)]
    chunks = [text[left:right] for left, right in pairwise(places)]
    found = list(pieces(chunks, limit))
    assert "".join(found) == text
    assert found == list(pieces([text], limit))
    assert all(0 < len(piece) <= limit for piece in found)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("One.\n\nTwo.\nThree. Four", 18, ["One.\n\nTwo.\n", "Three. Four"]),
        ("aa bb.\n\ncc dd", 10, ["aa bb.\n\n", "cc dd"]),
        ("aa. bb cc dd ee", 10, ["aa. bb cc ", "dd ee"]),
        ("One two. Three", 12, ["One two. ", "Three"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("abcd\r\nef", 5, ["abcd", "\r\nef"]),
        ("abc\ud83d\ude00", 4, ["abc", "\ud83d\ude00"]),
        ("abce\u0301", 4, ["abc", "e\u0301"]),
        ("", 5, []),
    ],
)
def test_places_of_cuts(text, limit, expected):
    assert list(pieces([text], limit)) == expected


def test_a_stream_is_read_no_further_than_needed():
    read = []

    def stream():
        for number in range(1000):
            read.append(number)
            yield "word " * 20

    first = next(pieces(stream(), 500))
    assert len(first) <= 500
    assert len(read) <= 6


def test_limit_too_small():
    with pytest.raises(InputError, match="at least 2"):
        pieces(["text"], 1)
