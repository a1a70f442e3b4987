"""From a folder of corpora to a model file, and from a model file to its figures."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from restore import InputError, ModelError
from restore.lattice._ngram import SENTENCE_END, NgramModel
from training.ngram._count import (
    Vocabulary,
    choose_vocabulary,
    count_bigrams,
    count_ngrams,
    to_sequence,
)
from training.ngram._encode import HELD_OUT, encode_corpora
from training.ngram._measure import (
    cloze,
    false_positives,
    following_candidates,
    near_candidates,
    perplexity,
    speed,
    windows,
)
from training.ngram._prune import prune
from training.ngram._smooth import estimate
from training.ngram._write import Bits, write_model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from training.ngram._encode import Streams

# The held-out part of these measures what the model is for; the other sources are officialese.
NEWS_SOURCES = ("allsides_2012_2020", "rss_fulltext_2023", "rss_snippets_2023")
_FUNCTION_WORDS = 200  # the most frequent words, roughly those that carry grammar


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many words, bigrams and trigrams a model keeps."""

    vocabulary: int
    bigrams: int
    trigrams: int


def build_model(  # noqa: PLR0913, PLR0917 - what the command is told
    corpora: Path,
    work: Path,
    out: Path,
    sizes: Sizes,
    say: Callable[[str], None],
    hundredths: range = HELD_OUT,
) -> int:
    """Train on the Parquet files of `corpora` and write `out`; returns its size in bytes.

    Args:
        corpora: folder of Parquet files.
        work: folder for the encoded corpora.
        out: the model file.
        sizes: what it keeps.
        say: told each step.
        hundredths: of the documents, that it does not read beside the first.

    Raises:
        InputError: there are no corpora, or `sizes` cannot be met.
        ModelError: the file written does not give back what was put in.
    """
    streams = encode_corpora(corpora, work, lambda name: say(f"encoding {name}"), hundredths)
    try:
        vocabulary = choose_vocabulary(streams.forms, streams.train.values(), sizes.vocabulary)
    except ValueError as error:
        raise InputError(str(error)) from error
    say("counting")
    counts = count_ngrams([to_sequence(part, vocabulary) for part in streams.train.values()])
    say("estimating")
    estimates = estimate(counts, len(vocabulary.words))
    say("pruning")
    pruned = prune(counts, estimates, bigrams=sizes.bigrams, trigrams=sizes.trigrams)
    say("writing")
    training: dict[str, Any] = {"sources": streams.hashes, "sizes": asdict(sizes)}
    training["trigrams_seen"], training["bigrams_seen"] = len(counts.trigrams), len(counts.bigrams)
    if hundredths != HELD_OUT:
        training |= {"held_out": len(hundredths), "held_out_from": hundredths.start}
    size = write_model(out, pruned, vocabulary, training, Bits())
    _check(NgramModel.load(out), pruned.trigrams)
    return size


def measure_model(
    corpora: Path, work: Path, model_file: Path | None, say: Callable[[str], None]
) -> dict[str, Any]:
    """Figures of a model on the held-out documents; see `docs/ngram.md` for what they mean.

    Raises:
        InputError: there are no corpora.
        ModelError: the model cannot be read.
    """
    model = NgramModel.load(model_file)
    streams = encode_corpora(corpora, work, lambda name: say(f"encoding {name}"))
    vocabulary = _vocabulary_of(model, streams)
    held_out = {name: to_sequence(part, vocabulary) for name, part in streams.held_out.items()}
    news = [held_out[name] for name in held_out if name in NEWS_SOURCES] or list(held_out.values())
    other = [held_out[name] for name in held_out if name not in NEWS_SOURCES] or news
    say("measuring")
    train = [to_sequence(part, vocabulary) for part in streams.train.values()]
    return {
        "sha256": model.sha256,
        "news": perplexity(model, np.concatenate(news)),
        "other": perplexity(model, np.concatenate(other)),
        "cloze": _cloze(model, windows(np.concatenate(news)), count_bigrams(train)),
        "false_positives": _false_positives(model, windows(np.concatenate(news)), train),
        "look_ups_per_second": speed(model),
    }


def _cloze(
    model: NgramModel,
    asked: NDArray[np.int32],
    bigrams: tuple[NDArray[np.uint32], NDArray[np.uint32]],
) -> dict[str, float]:
    near = cloze(model, asked, near_candidates(asked, len(model.vocabulary)))
    following = cloze(model, asked, following_candidates(asked, *bigrams))
    function = asked[:, 2] < _FUNCTION_WORDS
    return {
        "questions": len(asked),
        "near": float(near.mean()),
        "near_function_words": float(near[function].mean()),
        "following": float(following.mean()),
        "following_function_words": float(following[function].mean()),
    }


def _false_positives(
    model: NgramModel, asked: NDArray[np.int32], train: list[NDArray[np.uint16]]
) -> float:
    # Trigrams that were never seen cannot have been kept, whatever the pruning.
    return false_positives(model, asked, count_ngrams(train).trigrams)


def _vocabulary_of(model: NgramModel, streams: Streams) -> Vocabulary:
    ids = np.append(np.int32(SENTENCE_END), model.ids(streams.forms))
    return Vocabulary(list(model.vocabulary), ids, 1, np.zeros(len(model.vocabulary)))


def _check(model: NgramModel, trigrams: NDArray[np.uint64]) -> None:
    words = [(trigrams >> np.uint64(16 * i) & np.uint64(0xFFFF)) for i in (2, 1, 0)]
    order = model.trigram(*words, return_order=True)[1]
    if (order != 3).any():
        message = f"{model.path} lost {np.count_nonzero(order != 3)} trigrams: build it again"
        raise ModelError(message)
