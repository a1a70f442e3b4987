"""Reader of data sets on the Hugging Face hub, where a network is there."""

from __future__ import annotations

import logging
from itertools import islice
from typing import TYPE_CHECKING, Any

from corpora._errors import CorpusError
from corpora._readers import to_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corpora._record import Record


def read_hub(
    name: str,
    columns: Mapping[str, str],
    split: str = "train",
    config: str | None = None,
    limit: int | None = None,
) -> Iterator[Record]:
    """Stream records of a Hugging Face data set; nothing is kept on disk.

    Args:
        name: the data set, as `owner/name`.
        columns: which column is `id`, `doc_id`, `source`, `reference`; others become metadata.
        split: the split to read.
        config: the configuration, for data sets that have several.
        limit: records to read at most.

    Raises:
        CorpusError: no network, no such data set or split, or a missing column.
    """
    rows = islice(_rows(name, split, config), limit)
    yield from to_records(f"hf:{name}", rows, columns)


def _rows(name: str, split: str, config: str | None) -> Iterator[dict[str, Any]]:
    from datasets import load_dataset

    # Its retries are told line by line; the one line below says all there is to say.
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    try:
        yield from load_dataset(name, config, split=split, streaming=True)
    except (OSError, ValueError) as error:
        # Connection, missing data set, missing split and offline errors are all of these two kinds.
        reason = " ".join(str(error).split())[:160]
        message = (
            f"hf:{name}: cannot be read ({type(error).__name__}: {reason}): "
            f"is there a network, and does the data set have a split {split!r}?"
        )
        raise CorpusError(message) from error
