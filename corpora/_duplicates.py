"""Exact and near duplicates, found in one pass; what was seen is a few numbers a document."""

from __future__ import annotations

import re
import zlib
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"\w+")

# MinHash (Broder, 1997), in bands (Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, 3.4).
# 10 bands of 9 rows find a pair of texts whose sets of 5-word shingles have a Jaccard similarity of
# 0.9 with probability 0.99, of 0.8 with 0.76, of 0.6 with 0.10, of 0.5 with 0.02.
_BANDS, _ROWS = 10, 9
_SHINGLE_WORDS = 5
_SEED = 1


class SeenKeys:
    """Keys met so far, and those met since the last `drain`: what a build keeps on disk."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._new: list[int] = []

    def meet(self, keys: Iterable[int]) -> bool:
        """Return whether any of `keys` was met before; if none was, remember them all."""
        keys = list(keys)
        if not self._seen.isdisjoint(keys):
            return True
        self._seen.update(keys)
        self._new += keys
        return False

    def drain(self) -> list[int]:
        """Return the keys met since the last call."""
        new, self._new = self._new, []
        return new

    def absorb(self, keys: Iterable[int]) -> None:
        """Remember keys that an earlier run met."""
        self._seen.update(keys)


class ExactDuplicates(SeenKeys):
    """Drops a text whose words, case aside, are those of an earlier one.

    >>> step = ExactDuplicates()
    >>> step("The dam held."), step("The dam held!")
    ('The dam held.', None)
    """

    def __call__(self, text: str) -> str | None:
        """Return the text, or None if it was met before."""
        words = " ".join(_WORD.findall(text.casefold()))
        return None if self.meet([_key(words.encode("utf-8", "surrogatepass"))]) else text


class NearDuplicates(SeenKeys):
    """Drops a text most of whose 5-word runs are those of an earlier one."""

    def __call__(self, text: str) -> str | None:
        """Return the text, or None if a near duplicate of it was met before."""
        return None if self.meet(_band_keys(text)) else text


def _key(data: bytes) -> int:
    # 63 bits, so that a key is a plain signed integer in every file format.
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big") >> 1


def _band_keys(text: str) -> list[int]:
    from datasketch import MinHash

    words = _WORD.findall(text.casefold())
    last = max(1, len(words) - _SHINGLE_WORDS + 1)
    shingles = {" ".join(words[at : at + _SHINGLE_WORDS]) for at in range(last)}
    signature = MinHash(num_perm=_BANDS * _ROWS, seed=_SEED, hashfunc=zlib.crc32)
    signature.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in shingles])
    bands = signature.hashvalues.astype(">u8").reshape(_BANDS, _ROWS)
    return [_key(bytes([number]) + band.tobytes()) for number, band in enumerate(bands)]
