"""The n-gram language model: one memory-mapped file, vectorised look-ups, numpy alone.

N-grams are kept without their words, as fingerprints in a binary fuse table (`_fuse.py`); the
probabilities are quantised logarithms with backoff already normalised by the trainer.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

import numpy as np

from restore._container import DATA, read_container
from restore._errors import ModelError
from restore.lattice._fuse import FuseShape, FuseTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import ArrayLike, NDArray

FORMAT = "restore-ngram"
VERSION = 1
# Ids of the words that stand for something else; the order is part of the file format.
UNKNOWN, SENTENCE_START, SENTENCE_END, NUMBER = range(4)
SPECIAL_WORDS = ("<unk>", "<s>", "</s>", "<num>")
SHIPPED_MODEL = DATA / "ngram.bin"
_STRAIGHT_QUOTES = str.maketrans(
    {
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    }
)


def normalise(token: str) -> str:
    """The word that a token is looked up as: lower case, straight quotes, `<num>` for numbers.

    Examples:
        >>> normalise("Don\N{RIGHT SINGLE QUOTATION MARK}t"), normalise("2,500")
        ("don't", '<num>')
    """
    if token[:1].isdigit():
        return SPECIAL_WORDS[NUMBER]
    return token.lower().translate(_STRAIGHT_QUOTES)


class Pairs(NamedTuple):
    """What is known of word pairs, in arrays of one shape; trigrams are put together from two.

    Attributes:
        keys: of the pairs, uint64.
        codes: what the table holds of them, uint32.
        second: id of the second word.
        logs: log P(second | first), float32.
        seen: whether the pair itself is in the table.
    """

    keys: NDArray[np.uint64]
    codes: NDArray[np.uint32]
    second: NDArray[Any]
    logs: NDArray[np.float32]
    seen: NDArray[np.bool_]

    def take(self, index: NDArray[np.integer[Any]]) -> Pairs:
        """Return the pairs at `index` of one-dimensional arrays."""
        return Pairs._make(array[index] for array in self)

    def replaced(self, index: NDArray[np.integer[Any]], others: Pairs) -> Pairs:
        """Return these pairs with others at `index`."""
        if not len(index):
            return self
        pairs: Iterable[tuple[NDArray[Any], NDArray[Any]]] = zip(self, others, strict=True)
        return Pairs._make(_replaced(array, index, new) for array, new in pairs)


def _replaced(
    array: NDArray[Any], index: NDArray[np.integer[Any]], new: NDArray[Any]
) -> NDArray[Any]:
    out = array.copy()
    out[index] = new
    return out


class NgramModel:
    """Probabilities of words after one or two others; natural logarithms, backoff included.

    Look-ups take integer arrays of any broadcastable shapes, holding ids from `ids()`; ids outside
    the vocabulary are a programming error. The model never changes, so threads may share it, and it
    pickles as the path of its file. Probability and frequency of `<unk>` are those of *one* unknown
    word, so that their sum over the vocabulary and the unknown words of the training text is 1.

    Attributes:
        path: the file it was read from.
        sha256: hash of the file's content, 64 hexadecimal digits.
        vocabulary: id of each lower-cased word, by descending frequency after the special words
            (0 `<unk>`, 1 `<s>`, 2 `</s>`, 3 `<num>`).
        unigram: float32[V], log P(word) after backing off twice: how many contexts a word has.
        log_frequency: float32[V], log share of the running words of the training text.
        training: how the model was made: sources with their hashes, and settings.
    """

    def __init__(self, path: Path, header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        self.path = path
        self.sha256: str = header["sha256"]
        self.training: dict[str, Any] = header["training"]
        words = arrays["words"].tobytes().decode().split("\n")
        self.vocabulary: dict[str, int] = {word: index for index, word in enumerate(words)}
        self.unigram: NDArray[np.float32] = arrays["unigram"]
        self.log_frequency: NDArray[np.float32] = arrays["log_frequency"]
        self._unigram_backoff: NDArray[np.float32] = arrays["unigram_backoff"]
        self._bigrams = FuseTable(arrays["bigram_cells"], FuseShape(**header["bigrams"]))
        self._trigrams = FuseTable(arrays["trigram_cells"], FuseShape(**header["trigrams"]))
        logs, backoffs = arrays["bigram_logs"], arrays["bigram_backoffs"]
        # A bigram's code is backoff bin * number of log bins + log bin; the last entry of each
        # table is for n-grams that are not in it, where nan marks a value never to be used.
        self._bigram_logs = _with_missing(np.tile(logs, len(backoffs)), np.nan)
        self._bigram_backoffs = _with_missing(np.repeat(backoffs, len(logs)), 0.0)
        self._trigram_logs = _with_missing(arrays["trigram_logs"], np.nan)

    @classmethod
    def load(cls, path: str | Path | None = None) -> NgramModel:
        """Open a model file, by default the shipped one, and check its hash.

        Raises:
            ModelError: the file is missing, of another version, or damaged.
        """
        file = Path(path or SHIPPED_MODEL).resolve()
        header, arrays = read_container(file, FORMAT, VERSION, ModelError)
        try:
            return cls(file, header, arrays)
        except (KeyError, TypeError, ValueError) as error:
            message = f"{file} is not a whole n-gram model: get it again or train it anew"
            raise ModelError(message) from error

    def __reduce__(self) -> tuple[Callable[[str], NgramModel], tuple[str]]:
        return NgramModel.load, (str(self.path),)

    def ids(self, tokens: Iterable[str]) -> NDArray[np.int32]:
        """Look tokens up, in any case and with any quotes: int32 ids, 0 for unknown words.

        The special words are found by their names, such as `<s>`, which no token of a document has.
        """
        find = self.vocabulary.get
        return np.array([find(t) or find(normalise(t), UNKNOWN) for t in tokens], np.int32)

    def log_share(self, word: str) -> float:
        """Return how often a word comes among running words, whatever its case, as a logarithm.

        An unknown word comes as often as `<unk>`, which is less often than any known one.
        """
        return float(self.log_shares([word])[0])

    def log_shares(self, words: Iterable[str]) -> NDArray[np.float32]:
        """Return `log_share` of several words."""
        find = self.vocabulary.get
        straight = (word.lower().translate(_STRAIGHT_QUOTES) for word in words)
        shares: NDArray[np.float32] = self.log_frequency[[find(w, UNKNOWN) for w in straight]]
        return shares

    @overload
    def bigram(
        self, a: ArrayLike, b: ArrayLike, *, return_order: Literal[False] = ...
    ) -> NDArray[np.float32]: ...
    @overload
    def bigram(
        self, a: ArrayLike, b: ArrayLike, *, return_order: Literal[True]
    ) -> tuple[NDArray[np.float32], NDArray[np.uint8]]: ...
    def bigram(
        self, a: ArrayLike, b: ArrayLike, *, return_order: bool = False
    ) -> NDArray[np.float32] | tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Log P(b | a), float32 of the broadcast shape.

        With `return_order` also, as uint8, how many words the estimate rests on: 2, or 1 after
        backing off.
        """
        found = self.pairs(a, b)
        return (found.logs, 1 + found.seen.view(np.uint8)) if return_order else found.logs

    def pairs(self, a: ArrayLike, b: ArrayLike) -> Pairs:
        """Look pairs of words up, for `follow`."""
        a, b = np.asarray(a), np.asarray(b)
        keys = _key(a, b)
        codes = self._bigrams.codes(keys)
        seen = np.asarray(codes < self._bigrams.missing)
        backed_off = self._unigram_backoff[a] + self.unigram[b]
        logs = np.where(seen, self._bigram_logs[codes], backed_off)
        return Pairs(keys, codes, np.broadcast_to(b, keys.shape), logs, seen)

    @overload
    def trigram(
        self, a: ArrayLike, b: ArrayLike, c: ArrayLike, *, return_order: Literal[False] = ...
    ) -> NDArray[np.float32]: ...
    @overload
    def trigram(
        self, a: ArrayLike, b: ArrayLike, c: ArrayLike, *, return_order: Literal[True]
    ) -> tuple[NDArray[np.float32], NDArray[np.uint8]]: ...
    def trigram(
        self, a: ArrayLike, b: ArrayLike, c: ArrayLike, *, return_order: bool = False
    ) -> NDArray[np.float32] | tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Log P(c | a b), float32 of the broadcast shape.

        With `return_order` also, as uint8, how many words the estimate rests on: 3, or 2 or 1 after
        backing off. Cheapest when `a` and `b` broadcast against many `c`: what depends on fewer
        words is looked up once.
        """
        logs, order = self.follow(self.pairs(a, b), self.pairs(b, c))
        return (logs, order) if return_order else logs

    def follow(self, before: Pairs, pairs: Pairs) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Log P(c | a b) of pairs (b, c) after pairs (a, b), and how many words it rests on."""
        logs = np.asarray(pairs.logs + self._bigram_backoffs[before.codes])
        # A trigram is kept only together with its bigrams: where one of them is missing there is
        # nothing to look up, and nothing to be taken for a trigram by chance.
        possible = np.asarray(before.seen & pairs.seen)
        words = np.broadcast_to(pairs.second, logs.shape)[possible].astype(np.uint64)
        context = np.broadcast_to(before.keys, logs.shape)[possible]
        codes = self._trigrams.codes(context | words << np.uint64(32))
        found = codes < self._trigrams.missing
        logs[possible] = np.where(found, self._trigram_logs[codes], logs[possible])
        order = np.broadcast_to(1 + pairs.seen.view(np.uint8), logs.shape).copy()
        order[possible] += found
        return logs, order


def _key(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.uint64]:
    return a.astype(np.uint64) | b.astype(np.uint64) << np.uint64(16)


def _with_missing(table: NDArray[np.float32], missing: float) -> NDArray[np.float32]:
    return np.append(table, np.float32(missing))
