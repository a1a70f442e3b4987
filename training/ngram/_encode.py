"""Turns Parquet corpora into streams of word-type ids, once, and keeps them in a work folder."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpora._files import file_sha256
from restore import _document, _markup, _protect, _sentences, _tokens, _wrapping
from training._corpora import articles, corpus_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from restore.lattice import NgramModel

# Stream id 0 closes a sentence; every other id is a surface form plus one.
SENTENCE_END = 0
HELD_OUT = range(1)  # hundredths of the documents, by a hash of their id, that no model reads
# The streams are made anew when one of these changes.
_TOKENISER = (_document, _markup, _protect, _sentences, _tokens, _wrapping)


@dataclass(frozen=True, slots=True)
class Streams:
    """The encoded corpora.

    Attributes:
        forms: surface forms; form `i` has stream id `i + 1`.
        train: for each source, int32 stream ids of the training documents.
        held_out: for each source, int32 stream ids of the documents kept for measuring.
        hashes: for each source, SHA-256 of the Parquet file.
    """

    forms: list[str]
    train: dict[str, NDArray[np.int32]]
    held_out: dict[str, NDArray[np.int32]]
    hashes: dict[str, str]

    def ids(self, model: NgramModel) -> NDArray[np.int64]:
        """Return what a language model calls each stream id; 0 for the end of a sentence."""
        return np.concatenate([[0], model.ids(self.forms)]).astype(np.int64)


def is_held_out(document_id: str, hundredths: range = HELD_OUT) -> bool:
    """True for the documents that a model has not read; depends on the id alone.

    Args:
        document_id: of the document.
        hundredths: which are held out beside the first, within 0 to 99.
    """
    digest = hashlib.blake2b(document_id.encode(), digest_size=8).digest()
    hundredth = int.from_bytes(digest, "little") % 100
    return hundredth in HELD_OUT or hundredth in hundredths


def unread(model: NgramModel) -> range:
    """Return which hundredths of the documents an n-gram model has not read, beside the first."""
    first = int(model.training.get("held_out_from", 0))
    return range(first, first + int(model.training.get("held_out", len(HELD_OUT))))


def encode_corpora(
    folder: Path,
    work: Path,
    on_source: Callable[[str], None] = lambda _: None,
    hundredths: range = HELD_OUT,
) -> Streams:
    """Encode every `*.parquet` of `folder`, or read the streams back if nothing has changed.

    Args:
        folder: Parquet files with the columns `id`, `text` and maybe `title`.
        work: where the streams are kept; made if absent.
        on_source: told the name of each source before it is encoded.
        hundredths: of the documents, held out beside the first.

    Raises:
        InputError: `folder` holds no Parquet file.
    """
    files = corpus_files(folder)
    hashes = {path.stem: file_sha256(path) for path in files}
    held_out = [hundredths.start, hundredths.stop]
    key = {"tokeniser": _tokeniser_hash(), "sources": hashes, "held_out": held_out}
    work.mkdir(parents=True, exist_ok=True)
    if not _is_current(work, key):
        _encode_all(files, work, on_source, hundredths)
        (work / "streams.json").write_text(json.dumps(key), encoding="utf-8")
    return _read(work, hashes)


def _encode_all(
    files: list[Path], work: Path, on_source: Callable[[str], None], hundredths: range
) -> None:
    (work / "streams.json").unlink(missing_ok=True)
    forms: defaultdict[str, int] = defaultdict()
    forms.default_factory = lambda: len(forms) + 1
    for path in files:
        on_source(path.stem)
        _encode_source(path, work, forms, hundredths)
    (work / "forms.txt").write_bytes("\n".join(forms).encode())


def _encode_source(path: Path, work: Path, forms: defaultdict[str, int], hundredths: range) -> None:
    train, held_out = (work / f"{path.stem}.{split}.i32" for split in ("train", "held_out"))
    with train.open("wb") as train_file, held_out.open("wb") as held_out_file:
        for document_id, title, text in articles(path):
            if is_held_out(document_id, hundredths):
                # Titles recur among the short leads, so they do not measure.
                held_out_file.write(_encode_text(text, forms).tobytes())
            else:
                train_file.write(_encode_text(f"{title}\n{text}", forms).tobytes())


def _encode_text(text: str, forms: defaultdict[str, int]) -> NDArray[np.int32]:
    document = _document.Document.parse(text)
    tokens = document.tokens
    ids = np.fromiter(map(forms.__getitem__, tokens), np.int32, len(tokens))
    ends = [end for start, end in document.sentences if end > start]
    return np.insert(ids, ends, SENTENCE_END)


def _is_current(work: Path, key: Mapping[str, object]) -> bool:
    manifest = work / "streams.json"
    return manifest.is_file() and json.loads(manifest.read_text(encoding="utf-8")) == key


def _read(work: Path, hashes: dict[str, str]) -> Streams:
    forms = (work / "forms.txt").read_bytes().decode().split("\n")
    train, held_out = (
        {name: np.fromfile(work / f"{name}.{split}.i32", np.int32) for name in hashes}
        for split in ("train", "held_out")
    )
    return Streams(forms, train, held_out, hashes)


def _tokeniser_hash() -> str:
    sources = (Path(inspect.getsourcefile(module) or "") for module in _TOKENISER)
    return hashlib.sha256("".join(file_sha256(path) for path in sources).encode()).hexdigest()
