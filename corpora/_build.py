"""Building: corpora in, clean and split Parquet shards out; a killed build goes on where it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from corpora._cleaning import DECONTAMINATE, Cleaner
from corpora._decontamination import Decontamination, is_there, joint_report
from corpora._files import content_sha256
from corpora._shards import BuildFolder, ShardReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from corpora._build_config import BuildConfig
    from corpora._record import Record
    from corpora._registry import Corpus

# What of a corpus, beside its files, decides what becomes of it.
_FACTS = ("name", "licence", "reader", "kind", "role", "split")
# Raised whenever the same configuration and data would give other bytes.
_VERSION = 4


class Build:
    """One build.

    The documents of a shard, the keys of all texts seen (about 90 bytes each, 11 a document) and
    the test sets' word runs are in memory; nothing else is.
    """

    def __init__(self, config: BuildConfig, out: Path, root: Path | str | None = None) -> None:
        """Set a build up; nothing is written yet.

        Args:
            config: what to build.
            out: the output folder: new, empty, or that of an unfinished build of the same recipe.
            root: the folder of outside data; default: the variable RESTORE_SHARED.
        """
        self.config = config
        self.root = root
        self.folder = BuildFolder(out)
        self.overlaps: dict[str, Decontamination] = {}  # by corpus

    def run(self, progress: Callable[[ShardReport], None] | None = None) -> dict[str, Any] | None:
        """Build, or go on building; return the manifest, or None if all was built before.

        Args:
            progress: called with the report of each shard, those of earlier runs included.

        Raises:
            CorpusError: data are missing or damaged, or the folder holds something else. What was
                there before stays as it was.
        """
        if self.folder.begin(self.recipe()):
            return None
        self.overlaps = self._decontaminations()
        cleaner = Cleaner(self.config.steps, Decontamination() if self.overlaps else None)
        reports = []
        for corpus in self.config.corpora:
            if self.overlaps:
                cleaner.steps[DECONTAMINATE] = self.overlaps[corpus.name]
            for report in self._corpus(corpus, cleaner):
                reports.append(report)
                if progress:
                    progress(report)
        manifest = self._manifest(reports)
        self.folder.finish(manifest)
        return manifest

    def _decontaminations(self) -> dict[str, Decontamination]:
        """Return each corpus's step; corpora that are compared with the same test sets share it."""
        if DECONTAMINATE not in self.config.steps:
            return {}
        made: dict[tuple[int, ...], Decontamination] = {}
        found = {}
        for corpus in self.config.corpora:
            numbers = tuple(n for n, test in enumerate(self.config.against)
                            if self._is_compared(corpus, test))  # fmt: skip
            if numbers not in made:
                tests = [self.config.against[n] for n in numbers]
                made[numbers] = Decontamination.against(tests, self.root)
            found[corpus.name] = made[numbers]
        return found

    def _is_compared(self, corpus: Corpus, test: Corpus) -> bool:
        """Say whether a corpus loses what it shares with a test set: not with itself.

        Nor do two test sets of one build with each other, as both would lose it. What only bears
        a test set's name is compared with it.
        """
        return corpus != test and not (corpus.is_test and test in self.config.corpora)

    def recipe(self) -> dict[str, Any]:
        """Return all that decides the output's bytes, as plain data."""
        config = self.config
        return {
            "version": _VERSION,
            "corpora": [self._data(corpus) for corpus in config.corpora],
            "against": self._tests_data(),
            "steps": list(config.steps),
            "split": asdict(config.split),
            "limit": config.limit,
            "shard_words": config.shard_words,
        }

    def _data(self, corpus: Corpus) -> dict[str, Any]:
        # Where the files lie does not matter, but the ends of their names tell how they are read.
        paths = corpus.paths(self.root)
        return {
            **{key: getattr(corpus, key) for key in _FACTS},
            "columns": dict(corpus.columns),
            "files": {part: path.name for part, path in paths.items()},
            "sha256": {part: content_sha256(path) for part, path in paths.items()},
        }

    def _tests_data(self) -> dict[str, Any]:
        # Test sets that are not there are named, as the build is another one once they are.
        tests = self.config.against if DECONTAMINATE in self.config.steps else ()
        return {
            test.name: self._data(test) if is_there(test, self.root) else None for test in tests
        }

    def _corpus(self, corpus: Corpus, cleaner: Cleaner) -> Iterator[ShardReport]:
        number = done = 0
        for report, seen in self.folder.finished(corpus.name):
            cleaner.absorb(seen)
            done += report.read
            number = report.number + 1
            yield report
        records = islice(corpus.read(self.root, self.config.limit), done, None)
        while block := _take_words(records, self.config.shard_words):
            yield self._shard(corpus, ShardReport(corpus.name, number), block, cleaner)
            number += 1

    def _shard(
        self, corpus: Corpus, report: ShardReport, block: Sequence[Record], cleaner: Cleaner
    ) -> ShardReport:
        cleaner.reset_counts()
        overlap = self.overlaps.get(corpus.name)
        if overlap:
            overlap.hits.clear()
        parts: dict[str, list[Record]] = {}
        for record in block:
            report.words_read += _words(record)
            clean = cleaner.clean(record)
            if clean:
                report.words_kept += _words(clean)
                split = "test" if corpus.is_test else self.config.split.of(record.doc_id)
                parts.setdefault(split, []).append(_named(clean, report.corpus))
        report.read = len(block)
        report.kept = sum(map(len, parts.values()))
        report.steps = cleaner.counts_as_data()
        report.overlaps = dict(sorted(overlap.hits.items())) if overlap else {}
        self.folder.write(report, parts, cleaner.drain())
        return report

    def _manifest(self, reports: Sequence[ShardReport]) -> dict[str, Any]:
        return {
            "recipe": self.recipe(),
            "totals": {corpus.name: _total(corpus.name, reports) for corpus in self.config.corpora},
            "decontamination": joint_report(self.overlaps.values()) if self.overlaps else None,
            "files": {place: info for report in reports for place, info in report.files.items()},
        }


def _take_words(records: Iterator[Record], words: int) -> list[Record]:
    block: list[Record] = []
    for record in records:
        block.append(record)
        words -= _words(record)
        if words <= 0:
            break
    return block


def _words(record: Record) -> int:
    return len(record.reference.split())


def _named(record: Record, corpus: str) -> Record:
    # Shards of many corpora are read together, so that each row tells its own.
    return replace(record, metadata={**record.metadata, "corpus": corpus})


def _total(corpus: str, reports: Sequence[ShardReport]) -> dict[str, Any]:
    own = [report for report in reports if report.corpus == corpus]
    steps: dict[str, Counter[str]] = {}
    overlaps: Counter[str] = Counter()
    for report in own:
        overlaps.update(report.overlaps)
        for name, counts in report.steps.items():
            steps.setdefault(name, Counter()).update(counts)
    sums = ("read", "words_read", "kept", "words_kept")
    return {
        **{key: sum(getattr(report, key) for report in own) for key in sums},
        "steps": {name: dict(counts) for name, counts in steps.items()},
        "overlaps": dict(sorted(overlaps.items())),
    }
