"""The file format of all tables that the package ships but the dictionary: a header and arrays.

Layout: one line of JSON padded with spaces to `ALIGNMENT` bytes, then the arrays, each aligned.
The header names the format, its version, every array's type, shape and offset, and the SHA-256 of
what follows it. Nothing is unpickled; nothing is used before the hash has been checked.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from restore._errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from restore._errors import RestoreError

ALIGNMENT = 64
FOUR_BITS = 7  # the largest number of 4 bits: enough for vectors that are added up or compared
_MAX_HEADER = 1 << 20
DATA = Path(__file__).resolve().parent / "data"
T = TypeVar("T")


def write_container(
    path: str | Path,
    format_name: str,
    version: int,
    header: Mapping[str, Any],
    arrays: Mapping[str, NDArray[Any]],
) -> str:
    """Write a container under a temporary name, then rename it; same input, same bytes.

    Returns:
        The SHA-256 of the content, 64 hexadecimal digits.
    """
    body, places = _lay_out(arrays)
    digest = hashlib.sha256(body).hexdigest()
    head = {**header, "format": format_name, "version": version, "sha256": digest, "arrays": places}
    line = json.dumps(head).encode()
    line += b" " * (-(len(line) + 1) % ALIGNMENT) + b"\n"
    target = Path(path)
    temporary = target.with_name(target.name + ".tmp")
    temporary.write_bytes(line + body)
    temporary.replace(target)
    return digest


def _lay_out(arrays: Mapping[str, NDArray[Any]]) -> tuple[bytearray, dict[str, list[Any]]]:
    """Put the arrays one behind the other, by name, aligned; say where each is."""
    body, places = bytearray(), {}
    for name, array in sorted(arrays.items()):
        body += bytes(-len(body) % ALIGNMENT)
        places[name] = [array.dtype.str, list(array.shape), len(body)]
        body += np.ascontiguousarray(array).tobytes()
    return body, places


def read_container(
    path: str | Path, format_name: str, version: int, error: type[RestoreError]
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Open a container read-only, memory-mapped, and check its hash.

    Returns:
        The header and the arrays, which must not be written to.

    Raises:
        error: the file is missing, of another format or version, or damaged.
    """
    file = Path(path)
    try:
        content: NDArray[np.uint8] = np.memmap(file, np.uint8, mode="r").view(np.ndarray)
        return _parse(content, format_name, version)
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as problem:
        wanted = f"{format_name} version {version}"
        message = f"cannot use {file} as {wanted}: {problem}; install or build it again"
        raise error(message) from problem


def _parse(
    content: NDArray[np.uint8], format_name: str, version: int
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    line, newline, _ = content[:_MAX_HEADER].tobytes().partition(b"\n")
    header = json.loads(line) if newline else None
    if not isinstance(header, dict):
        message = "it has no header"
        raise ValueError(message)  # noqa: TRY004 - the file is wrong, not the caller
    found = (header.get("format"), header.get("version"))
    if found != (format_name, version):
        message = f"it is {found[0]!r} version {found[1]!r}"
        raise ValueError(message)
    body = content[len(line) + 1 :]
    if hashlib.sha256(body.data).hexdigest() != header["sha256"]:
        message = "its content does not match its SHA-256"
        raise ValueError(message)
    arrays = {
        name: np.frombuffer(body, dtype, int(np.prod(shape)), offset).reshape(shape)
        for name, (dtype, shape, offset) in header["arrays"].items()
    }
    return header, arrays


def eight_bits(
    array: NDArray[Any], axis: int, most: int = 127
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return a matrix in 8 bits, symmetric, and its scales.

    Args:
        array: the matrix.
        axis: what shares a scale; it has length 1 among the scales.
        most: the largest number used, 1-127; small ones are coarser, and compress better.
    """
    scale = np.maximum(np.abs(array).max(axis=axis, keepdims=True), 1e-9) / most
    return np.round(array / scale).astype(np.int8), scale.astype(np.float32)


def read_list(path: Path, parse: Callable[[str], T]) -> T:
    """Read a list that is shipped as plain text.

    Args:
        path: the list.
        parse: makes of its text what is wanted; a `ValueError` says that it is damaged.

    Raises:
        ModelError: it is missing or damaged.
    """
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"cannot read {path} ({error}): install the package again"
        raise ModelError(message) from error
