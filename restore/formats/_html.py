"""HTML and XML: text between tags is restored, markup stays byte for byte.

The blocks of a page are read together. An XML file may hold many texts, which nothing tells apart,
so there every block is one by itself.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from restore.formats._encoding import encodes
from restore.formats._html_tokens import OPAQUE, TAG, TEXT, Token, tokens
from restore.formats._segments import Segment, together, unescape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Writer = Callable[[str, str], str | None]

# Tags inside a sentence: the text on both sides is read as one.
INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font"}
    | {"i", "ins", "label", "mark", "q", "s", "small", "span", "strike", "strong", "time", "u"}
    | {"wbr"}
)
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def html_segments(
    chunks: Iterable[str], encoding: Callable[[], str], is_xml: bool = False
) -> Iterator[Segment]:
    """Yield text with its markup: of an HTML page in one segment, of XML block by block.

    The file is read whole. Characters that its encoding cannot hold become references.
    """
    markup = "".join(chunks)
    blocks = _blocks(markup, encoding, is_xml)
    yield from blocks if is_xml else together(blocks)


def _blocks(markup: str, encoding: Callable[[], str], is_xml: bool) -> Iterator[Segment]:
    """Yield blocks of text with their inline tags, and the markup between them."""
    write = _writer(encoding)
    block: list[Token] = []
    for token in tokens(markup, is_xml):
        if _is_boundary(markup, token):
            yield from _flush(markup, block, write)
            block = []
            raw = markup[token.start : token.end]
            yield from _section(raw, encoding) if is_xml else [Segment(raw)]
        else:
            block.append(token)
    yield from _flush(markup, block, write)


def _section(raw: str, encoding: Callable[[], str]) -> Iterator[Segment]:
    """Yield what feeds wrap their texts in, a CDATA section: a page or plain text."""
    if not (raw.startswith(_CDATA) and raw.endswith(_CDATA_END)):
        yield Segment(raw)
        return
    inner = raw[len(_CDATA) : -len(_CDATA_END)]
    yield Segment(_CDATA)
    if any(token.kind == TAG for token in tokens(inner)):
        yield from html_segments([inner], encoding)
    else:
        yield Segment(inner, inner if inner.strip() else None)
    yield Segment(_CDATA_END)


def _is_boundary(markup: str, token: Token) -> bool:
    if token.kind == TAG:
        return token.name.removeprefix("/") not in INLINE
    # Comments and code stand inside sentences; other elements without prose do not.
    is_inside = token.name in ("code", "kbd", "samp", "var", "tt")
    is_comment = markup.startswith("<!--", token.start)
    return token.kind == OPAQUE and not (is_inside or is_comment)


def _flush(markup: str, block: list[Token], write: Writer) -> Iterator[Segment]:
    if not block:
        return
    base, stop = block[0].start, block[-1].end
    if not any(t.kind == TEXT and markup[t.start : t.end].strip() for t in block):
        yield Segment(markup[base:stop])
        return
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for token in block:
        if token.kind == TEXT:
            text, lows, highs = unescape(markup[token.start : token.end], _ENTITY, html.unescape)
            parts.append(text)
            starts += (token.start - base + low for low in lows)
            ends += (token.start - base + high for high in highs)
    yield Segment(markup[base:stop], "".join(parts), starts, ends, write)


def _writer(encoding: Callable[[], str]) -> Writer:
    def write(before: str, after: str) -> str | None:
        known = {html.unescape(entity): entity for entity in _ENTITY.findall(before)}
        if any(mark not in after and not mark.isalnum() for mark in known):
            return None  # entities that are no letters are typography: they stay
        written = "".join(known.get(mark) or _escaped(mark) for mark in after)
        if encodes(written, encoding()):
            return written
        return written.encode(encoding(), "xmlcharrefreplace").decode(encoding())

    return write


def _escaped(mark: str) -> str:
    return html.escape(mark, quote=False)
