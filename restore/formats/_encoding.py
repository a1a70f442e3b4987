"""Bytes to code points and back, exactly: byte-order marks kept, bad bytes named."""

from __future__ import annotations

import codecs
import zlib
from typing import TYPE_CHECKING

from restore._errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Longest first: the UTF-32 mark begins with the UTF-16 one.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Codecs that swallow the mark; the exact ones keep it as the code point U+FEFF.
WITHOUT_MARK = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}


class TextSource:
    """Code points of a byte stream, in chunks; iterate once.

    Attributes:
        encoding: the codec that writes the text back, known after the first chunk.
    """

    def __init__(self, chunks: Iterable[bytes], encoding: str | None = None) -> None:
        """Take bytes in chunks; without `encoding`, a byte-order mark decides, else UTF-8.

        Raises:
            InputError: `encoding` names no text codec.
        """
        self.encoding = _codec(encoding) if encoding else "utf-8"
        self._asked = encoding is not None
        self._chunks = iter(chunks)

    def __iter__(self) -> Iterator[str]:
        """Yield non-empty chunks.

        Raises:
            InputError: a byte is not of the encoding, or the data is binary.
        """
        head = b""
        for chunk in self._chunks:
            head += chunk
            if len(head) >= 4:
                break
        self.encoding = self._choose(head)
        yield from self._decode(head)

    def _choose(self, head: bytes) -> str:
        marked = next((name for mark, name in MARKS if head.startswith(mark)), None)
        if self._asked and self.encoding not in WITHOUT_MARK:
            return self.encoding
        return marked or WITHOUT_MARK.get(self.encoding, self.encoding)

    def _decode(self, head: bytes) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.encoding)()
        check = _RoundTrip(self.encoding)
        done = 0  # bytes handed over before this chunk
        for chunk, final in _with_last(head, self._chunks):
            held = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final)
            except UnicodeError as error:
                raise _bad_byte(error, done - held, self.encoding) from error
            if "\0" in text:
                message = "binary data (a zero byte), not text: left alone"
                raise InputError(message)
            done += len(chunk)
            check.add(chunk, text, final)
            if text:
                yield text


class _RoundTrip:
    """Refuses codecs that do not give the same bytes back; UTF decoders always do."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._encoder = None
        if not encoding.startswith(("utf-8", "utf-16", "utf-32")):
            self._encoder = codecs.getincrementalencoder(encoding)()
        self._read = self._written = 0

    def add(self, data: bytes, text: str, final: bool) -> None:
        if self._encoder is None:
            return
        self._read = zlib.crc32(data, self._read)
        try:
            self._written = zlib.crc32(self._encoder.encode(text, final), self._written)
        except UnicodeError as error:
            message = f"cannot be written back as {self._encoding}: convert the file to UTF-8 first"
            raise InputError(message) from error
        if final and self._read != self._written:
            message = (
                f"does not survive {self._encoding} unchanged: convert the file to UTF-8 first"
            )
            raise InputError(message)


def _with_last(head: bytes, rest: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Pair every chunk with whether it is the last."""
    for chunk in rest:
        yield head, False
        head = chunk
    yield head, True


def _codec(name: str) -> str:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError) as error:
        message = f"unknown encoding {name!r}: try utf-8, cp1252, latin-1 or utf-16"
        raise InputError(message) from error
    if not info._is_text_encoding or info.name == "undefined":
        message = f"{name!r} is not a text encoding: try utf-8, cp1252, latin-1 or utf-16"
        raise InputError(message)
    return info.name


def _bad_byte(error: UnicodeError, base: int, encoding: str) -> InputError:
    if not isinstance(error, UnicodeDecodeError):
        return InputError(f"not {encoding} ({error}): name the encoding with --encoding")
    start = min(error.start, max(len(error.object) - 1, 0))
    byte = error.object[start] if error.object else 0
    return InputError(
        f"byte {base + start} (0x{byte:02x}) is not {encoding}: "
        "name the encoding with --encoding, for instance --encoding cp1252"
    )


def encodes(text: str, encoding: str) -> bool:
    """Tell whether `text` can be written in `encoding`.

    >>> encodes("caf\u00e9", "latin-1"), encodes("\u201c", "latin-1")
    (True, False)
    """
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True
