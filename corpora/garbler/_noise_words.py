"""Errors that leave words: misreadings and slips that happen to spell another usual one."""

from __future__ import annotations

from functools import cache, lru_cache
from string import ascii_lowercase
from typing import TYPE_CHECKING

from corpora.garbler._noise_ocr import misreadings
from corpora.garbler._places import WORD, draw, whole_words

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from restore import Edit
    from restore.lattice import NgramModel

USUAL = -13.0  # log frequency of what counts as a usual word
_SHORTEST, _LONGEST = 3, 12  # letters: longer words hardly ever turn into others


def confused(text: str, rate: float, rng: random.Random) -> list[Edit]:
    """Turn `rate` of the words in small letters into usual ones that look alike (Kukich 1992).

    Words that resemble no other stay, so that the rate is an upper bound.
    """
    words = [match for match in WORD.finditer(text) if match.group().islower()]
    changes = [
        (*match.span(), rng.choice(others))
        for match in draw(words, rate, rng)
        if (others := lookalikes(match.group()))
    ]
    return whole_words(text, changes, "garble:confused")


@lru_cache(maxsize=65536)
def lookalikes(word: str) -> tuple[str, ...]:
    """Return the usual words that one misreading or one slip makes of a word, in order.

    >>> lookalikes("from"), lookalikes("bridge")
    (('form',), ('bride', 'ridge'))
    """
    if len(word) > _LONGEST:
        return ()
    model = _model()
    found = {*misreadings(word), *_slips(word)} - {word}
    return tuple(
        sorted(w for w in found if w.isalpha() and w.islower() and model.log_share(w) >= USUAL)
    )


def _slips(word: str) -> Iterator[str]:
    """Yield a word with a letter too few, another one, and with two that changed places."""
    if len(word) < _SHORTEST:
        return
    for at, letter in enumerate(word):
        head, tail = word[:at], word[at + 1 :]
        yield head + tail
        yield head + tail[:1] + letter + tail[1:]
        yield from (head + other + tail for other in ascii_lowercase)


@cache
def _model() -> NgramModel:
    from restore.lattice import NgramModel

    return NgramModel.load()
