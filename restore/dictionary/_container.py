"""The compiled file: a header line, then string tables and arrays, compressed and checksummed.

Layout: the magic line, one line of JSON (version, sizes, hash), one zstandard frame. The frame
holds the sections named in the header, back to back. No pickle; numbers are little-endian.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from restore._errors import DictionaryError
from restore.dictionary._index import FormIndex

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MAGIC = b"degarble-dictionary\n"
FORMAT = 1
PRIOR_STEP = 1 / 16  # log priors are kept in steps of this size, down to -255 steps
_MAX_HEADER = 4096


@dataclass(frozen=True, slots=True)
class Tables:
    """What a compiled dictionary holds; n forms, m candidates.

    Attributes:
        forms: rows of the garbled forms: single words, then phrases.
        originals: string table.
        offsets: int32[n + 1], candidates of form *i* are ``offsets[i]:offsets[i + 1]``.
        candidates: int32[m], places in `originals`.
        log_priors: float32[m], natural logarithms, best first within a form.
        relations: uint8[m], values of `Relation`.
        observed: bool[m].
        deterministic: bool[n].
        version: what the builder says about itself.
        content_hash: sha256 of the compressed content, hexadecimal; "" before it is written.
    """

    forms: FormIndex
    originals: list[str]
    offsets: NDArray[np.int32]
    candidates: NDArray[np.int32]
    log_priors: NDArray[np.float32]
    relations: NDArray[np.uint8]
    observed: NDArray[np.bool_]
    deterministic: NDArray[np.bool_]
    version: str = "0"
    content_hash: str = ""


def _sections(tables: Tables) -> dict[str, bytes]:
    """Serialise, in an order and with widths that compress well."""
    quantised = np.clip(np.rint(-tables.log_priors / PRIOR_STEP), 0, 255).astype(np.uint8)
    wide = tables.candidates.astype("<u4")
    return {
        "forms": "\n".join(tables.forms.lines()).encode(),
        "originals": "\n".join(tables.originals).encode(),
        "counts": np.diff(tables.offsets).astype(np.uint8).tobytes(),
        "low": (wide & 0xFFFF).astype("<u2").tobytes(),
        "high": np.packbits((wide >> 16).astype(bool)).tobytes(),
        "priors": quantised.tobytes(),
        "relations": tables.relations.tobytes(),
        "observed": np.packbits(tables.observed).tobytes(),
        "deterministic": np.packbits(tables.deterministic).tobytes(),
    }


def write_tables(tables: Tables, path: Path) -> str:
    """Write a compiled dictionary, whole or not at all; the same tables give the same bytes.

    Returns:
        The content hash.

    Raises:
        ValueError: more than 131,072 originals or more than 255 candidates for one form.
    """
    from restore._zstd import zstd

    if len(tables.originals) > 1 << 17 or int(np.diff(tables.offsets).max(initial=0)) > 255:
        message = f"too large: {len(tables.originals)} originals (at most {1 << 17})"
        raise ValueError(message)
    sections = _sections(tables)
    content = zstd.compress(b"".join(sections.values()), 19)
    digest = hashlib.sha256(content).hexdigest()
    header = {
        "format": FORMAT,
        "version": tables.version,
        "sha256": digest,
        "sections": {name: len(data) for name, data in sections.items()},
    }
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(MAGIC + json.dumps(header).encode() + b"\n" + content)
    os.replace(part, path)  # noqa: PTH105 - the atomic rename is the point
    return digest


def read_tables(path: Path) -> Tables:
    """Read and check a compiled dictionary.

    Raises:
        DictionaryError: the file is missing, is something else, is of another format, or damaged.
    """
    header, content = _read_parts(path)
    try:
        parts = _split(header, content)
        return _tables(parts, header)
    except (ValueError, KeyError, TypeError, IndexError, MemoryError) as error:
        message = f"{path}: damaged dictionary ({error}); rebuild or reinstall it"
        raise DictionaryError(message) from error


def _read_parts(path: Path) -> tuple[dict[str, Any], bytes]:
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot read the dictionary ({error.strerror})"
        raise DictionaryError(message) from error
    if not data.startswith(MAGIC):
        message = f"{path}: not a compiled dictionary; build one with `restore dictionary build`"
        raise DictionaryError(message)
    end = data.find(b"\n", len(MAGIC), len(MAGIC) + _MAX_HEADER)
    try:
        header = json.loads(data[len(MAGIC) : end])
        found, expected = header["format"], header["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        message = f"{path}: damaged dictionary header; rebuild or reinstall it"
        raise DictionaryError(message) from error
    if found != FORMAT:
        message = f"{path}: dictionary format {found!r}, this release reads {FORMAT}; rebuild it"
        raise DictionaryError(message)
    content = data[end + 1 :]
    if hashlib.sha256(content).hexdigest() != expected:
        message = f"{path}: damaged dictionary (checksum differs); rebuild or reinstall it"
        raise DictionaryError(message)
    return header, content


def _split(header: dict[str, Any], content: bytes) -> dict[str, bytes]:
    from restore._zstd import zstd

    sizes: dict[str, int] = header["sections"]
    whole = sum(sizes.values())
    try:
        flat = zstd.ZstdDecompressor().decompress(content, whole)
    except zstd.ZstdError as error:
        raise ValueError(str(error)) from error
    if len(flat) != whole:
        message = f"{len(flat):,} bytes where its parts are {whole:,}"
        raise ValueError(message)
    parts: dict[str, bytes] = {}
    at = 0
    for name, size in sizes.items():
        parts[name] = flat[at : at + size]
        at += size
    return parts


def _tables(parts: dict[str, bytes], header: dict[str, Any]) -> Tables:
    forms = parts["forms"].decode().split("\n") if parts["forms"] else []
    offsets = np.zeros(len(forms) + 1, np.int32)
    np.cumsum(np.frombuffer(parts["counts"], np.uint8), dtype=np.int32, out=offsets[1:])
    m = int(offsets[-1])
    candidates = np.frombuffer(parts["low"], "<u2").astype(np.int32)
    candidates |= _bits(parts["high"], m).astype(np.int32) << 16
    priors = np.frombuffer(parts["priors"], np.uint8)
    return Tables(
        forms=FormIndex(forms),
        originals=parts["originals"].decode().split("\n"),
        offsets=offsets,
        candidates=candidates,
        log_priors=priors.astype(np.float32) * np.float32(-PRIOR_STEP),
        relations=np.frombuffer(parts["relations"], np.uint8),
        observed=_bits(parts["observed"], m),
        deterministic=_bits(parts["deterministic"], len(forms)),
        version=str(header["version"]),
        content_hash=str(header["sha256"]),
    )


def _bits(data: bytes, count: int) -> NDArray[np.bool_]:
    return np.unpackbits(np.frombuffer(data, np.uint8), count=count).astype(np.bool_)
