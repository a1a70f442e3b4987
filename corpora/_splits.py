"""Splits by document hash: the same document always falls on the same side, whatever the order."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from corpora._errors import CorpusError

SPLITS = ("train", "dev", "test")


def unit_hash(text: str, seed: str = "") -> float:
    """Return a number in [0, 1) that depends on `text` and `seed` alone.

    >>> unit_hash("a story") == unit_hash("a story")
    True
    """
    digest = blake2b(f"{seed}\0{text}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


@dataclass(frozen=True, slots=True)
class SplitRule:
    """Shares of documents held out of training.

    Attributes:
        dev: share of documents for development, 0-1.
        test: share of documents for testing, 0-1.
        seed: another seed, another split.
    """

    dev: float = 0.01
    test: float = 0.01
    seed: str = "split"

    def __post_init__(self) -> None:
        if min(self.dev, self.test) < 0 or self.dev + self.test > 1:
            message = f"split shares must lie in 0-1 together: dev {self.dev}, test {self.test}"
            raise CorpusError(message)

    def of(self, doc_id: str) -> str:
        """Return the split of a document: `train`, `dev` or `test`.

        >>> SplitRule(dev=0, test=1).of("a story")
        'test'
        """
        place = unit_hash(doc_id, self.seed)
        if place < self.test:
            return "test"
        return "dev" if place < self.test + self.dev else "train"
