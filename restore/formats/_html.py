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
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def html_segments(
    chunks: Iterable[str], encoding: Callable[[], str], is_xml: bool = False
) -> Iterator[Segment]:
    """Yield text with its markup: of an HTML page in one segment, of XML block by block.

    The file is read whole. Characters that its encoding cannot hold become references.
    """
    markup = "".join(chunks)
    write = _writer(encoding)
    blocks = _blocks(markup, write, is_xml)
    yield from blocks if is_xml else together(blocks)


def _blocks(markup: str, write: Writer, is_xml: bool) -> Iterator[Segment]:
    """Yield blocks of text with their inline tags, and the markup between them."""
    block: list[Token] = []
    for token in tokens(markup, is_xml):
        if _is_boundary(markup, token):
            yield from _flush(markup, block, write)
            block = []
            yield Segment(markup[token.start : token.end])
        else:
            block.append(token)
    yield from _flush(markup, block, write)


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
