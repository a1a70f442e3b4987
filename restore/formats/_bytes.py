"""Bytes in and out: compression seen through, output files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import gzip
import os
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from restore._errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHUNK = 1 << 18
# Names of files that are still being written; a killed process leaves such behind.
UNFINISHED = ".restore-*.tmp"


def read_chunks(
    stream: IO[bytes], compression: str = "", seen: Callable[[int], None] | None = None
) -> Iterator[bytes]:
    """Yield a stream's bytes, unpacked; `seen` is told how many bytes of the file were read.

    Raises:
        InputError: the compressed data is damaged or ends early.
    """
    watched = _Watched(stream, seen)
    if compression == "gz":
        return _gz_chunks(watched)
    return _zst_chunks(watched) if compression == "zst" else _chunks(watched)


class _Watched:
    """A reader that tells how much has been read."""

    def __init__(self, stream: IO[bytes], seen: Callable[[int], None] | None) -> None:
        self._stream = stream
        self._seen = seen

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._stream.read(size)
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            raise InputError(message) from error
        if self._seen is not None:
            self._seen(len(data))
        return data


def _chunks(stream: _Watched | IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _gz_chunks(stream: _Watched) -> Iterator[bytes]:
    opened: Any = gzip.GzipFile(fileobj=stream, mode="rb")  # type: ignore[call-overload]
    return _unpacked(opened, "gzip", (EOFError, gzip.BadGzipFile, zlib.error))


def _zst_chunks(stream: _Watched) -> Iterator[bytes]:
    from restore._zstd import zstd

    opened: Any = zstd.ZstdFile(stream)  # type: ignore[call-overload]
    return _unpacked(opened, "zstandard", (EOFError, zstd.ZstdError))


def _unpacked(opened: IO[bytes], kind: str, errors: tuple[type[Exception], ...]) -> Iterator[bytes]:
    try:
        with opened as unpacked:
            yield from _chunks(unpacked)
    except errors as error:
        message = f"damaged or truncated {kind} data ({error}): fetch or pack the file again"
        raise InputError(message) from error


@contextmanager
def packing(stream: IO[bytes], compression: str) -> Iterator[IO[bytes]]:
    """Wrap a binary stream so that what is written is compressed; the stream stays open."""
    if compression == "gz":
        # No time and no name inside: the same input gives the same bytes.
        with gzip.GzipFile(filename="", fileobj=stream, mode="wb", mtime=0) as packed:
            yield packed  # type: ignore[misc]
    elif compression == "zst":
        from restore._zstd import zstd

        with zstd.ZstdFile(stream, "wb") as packed:
            yield packed  # type: ignore[misc]
    else:
        yield stream


def refuse_taken(target: Path | None, may_replace: bool) -> None:
    """Refuse to overwrite a file unless told to, and anything else that is there; None is no file.

    Raises:
        InputError: something is there.
    """
    if target is None or not target.exists():
        return
    if not target.is_file():
        message = f"{target} is a folder, pipe or device: give the name of a file"
        raise InputError(message)
    if not may_replace:
        message = f"{target} exists already: use --force to replace it"
        raise InputError(message)


@dataclass(slots=True)
class Pending:
    """A file under a temporary name; it appears under its own when `is_wanted` stays true."""

    path: Path
    is_wanted: bool = True


@contextmanager
def whole_file(target: Path) -> Iterator[Pending]:
    """Give a temporary file that becomes `target` if the block ends well.

    The temporary file lies in the same folder; it takes over the permissions (and, where allowed,
    the owner) of a file that it replaces, and is deleted when the block fails. Where `target` is a
    symbolic link, the file that it points to is written, not the link.

    Raises:
        InputError: the folder or the disk does not take the file, or something else is there.
    """
    refuse_taken(target, may_replace=True)
    place = Path(os.path.realpath(target))
    pending = Pending(place.with_name(UNFINISHED.replace("*", os.urandom(6).hex())))
    try:
        # The kernel applies the user's umask to this mode, as for any new file.
        os.close(os.open(pending.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        yield pending
        if pending.is_wanted:
            _keep_permissions(place, pending.path)
            _flush_to_disk(pending.path)
            pending.path.replace(place)
    except BrokenPipeError:
        raise
    except OSError as error:
        message = f"cannot write {target}: {error.strerror or error}"
        raise InputError(message) from error
    finally:
        # The folder may be gone, or may not have taken the file in the first place.
        with contextlib.suppress(OSError):
            pending.path.unlink(missing_ok=True)


def write_whole(target: Path, data: bytes) -> None:
    """Write a file, in a folder that is made where it is missing, whole or not at all.

    Raises:
        InputError: see `whole_file`.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot make the folder {target.parent}: {error.strerror or error}"
        raise InputError(message) from error
    with whole_file(target) as pending:
        pending.path.write_bytes(data)


def _keep_permissions(target: Path, temporary: Path) -> None:
    if not target.exists():
        return
    status = target.stat()
    # Only an administrator may give files away; anyone else keeps the new file as their own.
    with contextlib.suppress(PermissionError):
        os.chown(temporary, status.st_uid, status.st_gid)
    temporary.chmod(status.st_mode & 0o7777)


def _flush_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
