"""Corpora as Hugging Face data sets, all with one schema."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from corpora._errors import CorpusError
from corpora._readers_hub import read_hub
from corpora._record import SCHEMA
from corpora._registry import find
from corpora._splits import SPLITS, SplitRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from datasets import Dataset, IterableDataset
    from pyarrow import RecordBatch

    from corpora._record import Record

_HUB = "hf:"
_BATCH_ROWS = 1000


def read(
    name: str,
    *,
    root: Path | str | None = None,
    columns: Mapping[str, str] | None = None,
    split: str | None = None,
    limit: int | None = None,
) -> Iterator[Record]:
    """Yield the records of a corpus.

    Args:
        name: a registered corpus, or `hf:owner/name` for a Hugging Face data set.
        root: the folder of outside data; default: the variable RESTORE_SHARED.
        columns: for `hf:` names: which column is `id`, `doc_id`, `source`, `reference`; needed.
        split: `train`, `dev` or `test` by document hash; None reads all. For `hf:` names the data
            set's own split, by default `train`.
        limit: records to read at most.

    Raises:
        CorpusError: an unknown name or split, or data that cannot be read.

    >>> next(read("samples", limit=1)).id == next(read("samples")).doc_id
    True
    """
    if name.startswith(_HUB):
        if not columns or "reference" not in columns:
            message = f"{name}: say which column is the reference"
            raise CorpusError(message)
        return read_hub(name.removeprefix(_HUB), columns, split or "train", limit=limit)
    if split is not None and split not in SPLITS:
        message = f"no split {split!r}; there are {', '.join(SPLITS)}"
        raise CorpusError(message)
    corpus = find(name)
    records = corpus.read(root)
    if split is not None:
        rule = SplitRule(dev=0, test=1) if corpus.is_test else SplitRule()
        records = (record for record in records if rule.of(record.doc_id) == split)
    return islice(records, limit)


def load(  # noqa: PLR0913 - the options of `read`, and one
    name: str,
    *,
    root: Path | str | None = None,
    columns: Mapping[str, str] | None = None,
    split: str | None = None,
    limit: int | None = None,
    streaming: bool = False,
) -> Dataset | IterableDataset:
    """Load a corpus as a data set with the columns id, doc_id, source, reference, metadata (JSON).

    Args:
        name: as for `read`; so are `root`, `columns`, `split` and `limit`.
        root: the folder of outside data.
        columns: the roles of a Hugging Face data set's columns.
        split: the part to load.
        limit: records to load at most.
        streaming: return an `IterableDataset`, which reads as it goes and keeps nothing in memory.

    Raises:
        CorpusError: an unknown name or split, or data that cannot be read.
    """
    from datasets import Dataset, Features, IterableDataset, Value
    from pyarrow import Table

    def records() -> Iterator[Record]:
        return read(name, root=root, columns=columns, split=split, limit=limit)

    if streaming:
        features = Features({column: Value(kind) for column, kind in SCHEMA.items()})
        return IterableDataset.from_generator(lambda: map(_row, records()), features=features)
    return Dataset(Table.from_batches(_batches(records()), schema=arrow_schema()))


def _row(record: Record) -> dict[str, str | None]:
    return record.to_row()


def arrow_schema() -> object:
    """Return `SCHEMA` as an Arrow schema."""
    import pyarrow as pa

    return pa.schema([(column, kind) for column, kind in SCHEMA.items()])


def _batches(records: Iterator[Record]) -> Iterator[RecordBatch]:
    from pyarrow import RecordBatch

    while rows := [record.to_row() for record in islice(records, _BATCH_ROWS)]:
        yield RecordBatch.from_pylist(rows, schema=arrow_schema())
