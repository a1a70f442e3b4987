"""Compares the garbler with real spinners: what they alter, how, and which pairs it can make."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpora._errors import CorpusError
from corpora._files import read_lines
from corpora._registry import find
from corpora.garbler._config import GarblerConfig
from corpora.garbler._fidelity_report import fidelity_lines
from corpora.garbler._garbler import Garbler
from corpora.garbler._lexicon import Lexicon
from corpora.garbler._reach import (
    ObservedPair,
    in_key,
    is_arbitrary,
    offered,
    read_pairs,
    way,
    ways,
)
from corpora.garbler._reserve import Reserved
from restore import DictionaryError
from restore._document import WORD, Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from corpora.garbler._garbler import Garbled
    from restore.dictionary import Dictionary

_FAR = ("sister", "two_step")


@dataclass(slots=True)
class Behaviour:
    """How a spinner treats text, measured on garbled documents or on observed pairs.

    Attributes:
        altered: share of tokens (punctuation left out) that are altered, 0-1.
        one_step: share of distinct pairs linked by one WordNet step, 0-1.
        far: share linked by two steps (sisters included), 0-1.
        consistent: share of altered words with a single replacement in a document, 0-1 (for what
            was observed: in all texts of the spinner).
        capitalised: share of altered words that begin with a capital, 0-1.
        inflected: share of altered words that bear an ending, 0-1.
        expanded: share of pairs whose replacement has several words, 0-1.
        pairs: distinct pairs measured.
    """

    altered: float = 0.0
    one_step: float = 0.0
    far: float = 0.0
    consistent: float = 0.0
    capitalised: float = 0.0
    inflected: float = 0.0
    expanded: float = 0.0
    pairs: int = 0


@dataclass(slots=True)
class Reach:
    """Observed single-word pairs outside the arbitrary class, and how many can be produced.

    Attributes:
        pairs: how many there are.
        arbitrary: how many single-word pairs were set aside as arbitrary.
        by_relation: share that relations, walks and thesauri reach, 0-1.
        with_keys: the same with the observed closed-class keys added, 0-1.
        arbitrary_in_keys: share of the arbitrary pairs that the keys hold, 0-1.
        offered: share whose original is among the inverse dictionary's first 24 candidates;
            None without a dictionary.
        ways: number of pairs by the shortest way to them.
        missed: those that nothing reaches, as (dialect, original, garbled).
    """

    pairs: int = 0
    arbitrary: int = 0
    by_relation: float = 0.0
    with_keys: float = 0.0
    arbitrary_in_keys: float = 0.0
    offered: float | None = None
    ways: dict[str, int] = field(default_factory=dict)
    missed: list[tuple[str, str, str]] = field(default_factory=list)


def measure_reach(
    lexicon: Lexicon, pairs: Sequence[ObservedPair], dictionary: Dictionary | None = None
) -> Reach:
    """Measure which observed pairs some sampled dialect can produce.

    Args:
        lexicon: one that holds nothing back (`Reserved.ALLOW`).
        pairs: what was observed.
        dictionary: the inverse dictionary, if there is one.
    """
    single = [pair for pair in pairs if pair.is_single]
    arbitrary = [pair for pair in single if is_arbitrary(lexicon, pair)]
    rest = [pair for pair in single if pair not in arbitrary]
    reached = [pair for pair in rest if way(lexicon, pair.original, pair.garbled)]
    missed = [pair for pair in rest if pair not in reached and not in_key(pair)]
    return Reach(
        pairs=len(rest),
        arbitrary=len(arbitrary),
        by_relation=_share(len(reached), len(rest)),
        with_keys=_share(len(rest) - len(missed), len(rest)),
        arbitrary_in_keys=_share(sum(map(in_key, arbitrary)), len(arbitrary)),
        offered=_share(sum(offered(dictionary, p) for p in rest), len(rest))
        if dictionary
        else None,
        ways=ways(lexicon, rest),
        missed=[(pair.dialect, pair.original, pair.garbled) for pair in missed],
    )


def _offered(dictionary: Dictionary | None, pairs: Sequence[ObservedPair]) -> float | None:
    if dictionary is None:
        return None
    return _share(sum(offered(dictionary, pair) for pair in pairs), len(pairs))


def measure_garbled(lexicon: Lexicon, documents: Iterable[tuple[str, Garbled]]) -> Behaviour:
    """Measure what the garbler did to (original, garbled) documents."""
    tokens = altered = capitals = inflected = 0
    pairs: set[tuple[str, str]] = set()
    constant: list[bool] = []
    for original, garbled in documents:
        tokens += _words(original)
        seen: dict[str, list[str]] = defaultdict(list)
        for edit in garbled.edits:
            word = edit.after
            if word:
                altered += len(word.split())
                capitals += word[0].isupper()
                inflected += lexicon.is_inflected(word.lower())
                seen[word.lower()].append(edit.before.lower())
        pairs |= {(word, new) for word, news in seen.items() for new in news}
        constant += [len(set(news)) == 1 for news in seen.values()]
    behaviour = _of_pairs(lexicon, pairs)
    behaviour.altered = _share(altered, tokens)
    behaviour.capitalised = _share(capitals, altered)
    behaviour.inflected = _share(inflected, altered)
    behaviour.consistent = _share(sum(constant), len(constant))
    return behaviour


def measure_observed(
    lexicon: Lexicon, pairs: Sequence[ObservedPair], texts: Sequence[str]
) -> Behaviour:
    """Measure a real spinner from its pairs, and its share of tokens from its texts.

    In a text every occurrence of a garbled form counts as altered, honest uses included, so that
    `altered` and `capitalised` are upper bounds. Without texts they are not known and stay 0.
    """
    behaviour = _of_pairs(lexicon, {(p.original.lower(), p.garbled.lower()) for p in pairs})
    by_word: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        by_word[pair.original.lower()].add(pair.garbled.lower())
    behaviour.consistent = _share(sum(len(g) == 1 for g in by_word.values()), len(by_word))
    behaviour.inflected = _share(sum(map(lexicon.is_inflected, by_word)), len(by_word))
    forms = {pair.garbled for pair in pairs if pair.is_single}
    counts = Counter(token for text in texts for token in _tokens(text))
    hits = sum(count for token, count in counts.items() if token in forms)
    capital = sum(n for token, n in counts.items() if token[0].isupper() and token.lower() in forms)
    behaviour.altered = _share(hits, counts.total())
    behaviour.capitalised = _share(capital, hits + capital)
    return behaviour


def _of_pairs(lexicon: Lexicon, pairs: set[tuple[str, str]]) -> Behaviour:
    ways_found = Counter(way(lexicon, original, garbled) for original, garbled in pairs)
    far = sum(ways_found[name] for name in _FAR)
    near = len(pairs) - far - ways_found[""] - ways_found["moby"]
    return Behaviour(
        one_step=_share(near, len(pairs)),
        far=_share(far, len(pairs)),
        expanded=_share(sum(" " in garbled for _, garbled in pairs), len(pairs)),
        pairs=len(pairs),
    )


def _tokens(text: str) -> list[str]:
    document = Document.parse(text)
    return [t for t, kind in zip(document.tokens, document.kinds, strict=True) if kind & WORD]


def _words(text: str) -> int:
    return len(_tokens(text))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


@dataclass(slots=True)
class Fidelity:
    """The report: behaviours by dialect, garbled and observed, and the reach."""

    garbled: dict[str, Behaviour]
    observed: dict[str, Behaviour]
    reach: Reach


def measure(
    observed: Path,
    spun: dict[str, list[str]],
    clean: Sequence[tuple[str, str]],
    seed: int = 0,
    dictionary: Dictionary | None = None,
) -> Fidelity:
    """Compare the named presets and the random dialect with what was observed.

    Args:
        observed: table of pairs (see `read_pairs`).
        spun: dialect to texts that a real spinner of that dialect wrote.
        clean: (id, text) documents to garble.
        seed: of the garbler.
        dictionary: the inverse dictionary, if there is one.
    """
    lexicon = Lexicon(reserved=Reserved.ALLOW)
    pairs = read_pairs(observed)
    names = sorted({pair.dialect for pair in pairs})
    garbled = {}
    for name in ("A", "C", "E", "random"):
        garbler = Garbler(GarblerConfig.named(name), seed=seed, lexicon=lexicon)
        done = [(text, garbler.garble(text, name_)) for name_, text in clean]
        garbled[name] = measure_garbled(lexicon, done)
    return Fidelity(
        garbled,
        {
            name: measure_observed(
                lexicon, [pair for pair in pairs if pair.dialect == name], spun.get(name, [])
            )
            for name in names
        },
        measure_reach(lexicon, pairs, dictionary),
    )


def run(root: Path | None, table: Path | None, spun: list[Path] | None, seed: int) -> list[str]:
    """Do what `restore corpora fidelity` does: measure on the project's own articles.

    Args:
        root: folder of outside data that holds `lexicon/` and `seed/`; may be None if the others
            are given.
        table: the observed pairs.
        spun: texts that spinner A wrote.
        seed: of the garbler.

    Returns:
        The report as Markdown lines.

    Raises:
        CorpusError: there is no table of pairs, or it cannot be read.
    """
    if table is None:
        if root is None:
            message = "no observed pairs: give --pairs TABLE, or --root FOLDER that holds lexicon/"
            raise CorpusError(message)
        table = root / "lexicon" / "observed_substitutions.tsv"
    if spun is None:
        spun = sorted((root / "seed").glob("*.txt")) if root else []
    texts = ["\n".join(read_lines(path)) for path in spun]
    clean = [(record.doc_id, record.reference) for record in find("samples").read()]
    report = measure(table, {"A": texts}, clean, seed, _dictionary())
    return fidelity_lines(report)


def _dictionary() -> Dictionary | None:
    """The shipped dictionary, or None where it has not been compiled yet."""
    from restore.dictionary import Dictionary

    try:
        return Dictionary.load()
    except DictionaryError:
        return None
