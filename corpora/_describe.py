"""Corpora and builds in words, for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpora._registry import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from corpora._record import Record
    from corpora._registry import Corpus


def listing(corpora: Iterable[Corpus]) -> Iterator[str]:
    """Yield a line a corpus, then the groups."""
    for corpus in corpora:
        rights = "open" if corpus.open else "restricted"
        yield f"{corpus.name:30} {corpus.role:7} {rights:11} {corpus.task}"
    for name, members in GROUPS.items():
        yield f"{name:30} group   {'':11} {members}"


def description(corpus: Corpus, root: Path | str | None) -> Iterator[str]:
    """Yield what the registry says of a corpus, a line a fact."""
    facts = {
        "name": corpus.name,
        "task": corpus.task,
        "role": corpus.role,
        "origin": corpus.origin,
        "licence": f"{corpus.licence} ({'open' if corpus.open else 'restricted'})",
        "language": corpus.language,
        "split": "by document hash" if corpus.split == "hash" else "all of it is test",
        "reader": corpus.reader,
        "load": f'corpora.load("{corpus.name}")',
    }
    for key, value in facts.items():
        yield f"{key:9} {value}"
    for number, (part, path) in enumerate(corpus.files.items()):
        pledged = f"  sha256 {corpus.sha256[number]}" if corpus.sha256 else ""
        yield f"{part:9} {path}{pledged}"
    if root is not None or corpus.base == "package":
        yield f"{'holds':9} {_size(corpus.read(root))}"


def _size(records: Iterable[Record]) -> str:
    documents: set[str] = set()
    count = words = 0
    for record in records:
        documents.add(record.doc_id)
        count += 1
        words += len(record.reference.split())
    return f"{count:,} records, {len(documents):,} documents, {words:,} words"


def build_report(manifest: dict[str, Any]) -> Iterator[str]:
    """Yield what a build read, dropped and kept, step by step."""
    for name, total in manifest["totals"].items():
        yield (
            f"{name}: read {total['read']:,} records ({total['words_read']:,} words), "
            f"kept {total['kept']:,} ({total['words_kept']:,})"
        )
        for step, count in total["steps"].items():
            if any(count.values()):
                yield (
                    f"  {step:17} changed {count['changed']:,}, dropped {count['dropped']:,}, "
                    f"words lost {count['words']:,}"
                )
        for test, hits in total["overlaps"].items():
            yield f"  overlap           {test}: {hits:,} paragraphs"
    yield from _decontamination(manifest["decontamination"])


def _decontamination(report: dict[str, Any] | None) -> Iterator[str]:
    if report is None:
        yield "not decontaminated: the step was left out"
        return
    yield f"decontaminated against {sum(report['covered'].values()):,} test texts"
    if report["too_short"]:
        yield f"too short to be looked for: {sum(report['too_short'].values()):,} test texts"
    if report["unavailable"]:
        yield f"NOT decontaminated against, files not there: {', '.join(report['unavailable'])}"
