"""Cuts HTML or XML into tags, text and untouchable stretches; the stretches join to the input.

Follows the tokenisation of the HTML standard (WHATWG, section 13.2.5) where it decides what is
text; whatever is malformed counts as markup, so that it stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "text"
TAG = "tag"  # start, end or empty tag
OPAQUE = "opaque"  # comments, declarations, instructions, script, style, code and the like

# Elements whose content is no markup: it ends at the end tag, whatever stands in it.
RAW_TEXT = frozenset(
    {"script", "style", "textarea", "iframe", "noembed", "noframes", "xmp", "plaintext"}
    | {"noscript", "template"}
)
# Elements whose content is markup, but not prose.
NOT_PROSE = frozenset(
    {"pre", "code", "kbd", "samp", "var", "tt", "svg", "math", "object", "applet", "select"}
    | {"datalist"}
)

_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")
_GAP = re.compile(r"[\s/]*")
_ATTRIBUTE = re.compile(r"=?[^\s/>=]*")
_EQUALS = re.compile(r"\s*=\s*")
_BARE_VALUE = re.compile(r"[^\s>]*")


class Token(NamedTuple):
    """A stretch of markup: its kind, its place, and a tag's lower-case name ('/p' for an end)."""

    kind: str
    start: int
    end: int
    name: str = ""


def tokens(markup: str, is_xml: bool = False) -> Iterator[Token]:
    """Cut `markup`; adjacent, without gaps. In XML no element is special."""
    at = 0
    while at < len(markup):
        token = _next(markup, at)
        if token.kind == TAG and not is_xml:
            token = _with_content(markup, token)
        yield token
        at = token.end


def _next(markup: str, at: int) -> Token:
    if markup[at] != "<":
        stop = markup.find("<", at)
        return Token(TEXT, at, stop if stop >= 0 else len(markup))
    for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<!", ">"), ("<?", ">")):
        if markup.startswith(opening, at):
            return Token(OPAQUE, at, _after(markup, closing, at + len(opening)))
    name = _NAME.match(markup, at)
    if name is not None:
        slash = "/" if markup.startswith("</", at) else ""
        return Token(TAG, at, _tag_end(markup, name.end()), slash + name[1].lower())
    if markup.startswith("</", at):
        return Token(OPAQUE, at, _after(markup, ">", at + 2))
    stop = markup.find("<", at + 1)
    return Token(TEXT, at, stop if stop >= 0 else len(markup))


def _after(markup: str, closing: str, at: int) -> int:
    stop = markup.find(closing, at)
    return stop + len(closing) if stop >= 0 else len(markup)


def _tag_end(markup: str, at: int) -> int:
    """Return the offset after a tag whose name ends at `at`: attribute values may hold '>'."""
    while True:
        at = _end(_GAP, markup, at)
        if at >= len(markup):
            return len(markup)
        if markup[at] == ">":
            return at + 1
        at = _end(_ATTRIBUTE, markup, at)
        equals = _EQUALS.match(markup, at)
        if equals is not None:
            at = _value_end(markup, equals.end())


def _value_end(markup: str, at: int) -> int:
    quote = markup[at : at + 1]
    if quote and quote in "\"'":
        return _after(markup, quote, at + 1)
    return _end(_BARE_VALUE, markup, at)


def _end(pattern: re.Pattern[str], markup: str, at: int) -> int:
    match = pattern.match(markup, at)
    return match.end() if match else at


def _with_content(markup: str, tag: Token) -> Token:
    """Stretch the start tag of an element without prose over the whole element."""
    if tag.name in RAW_TEXT:
        return Token(OPAQUE, tag.start, _raw_end(markup, tag), tag.name)
    if tag.name in NOT_PROSE and not markup.endswith("/>", tag.start, tag.end):
        return Token(OPAQUE, tag.start, _nested_end(markup, tag), tag.name)
    return tag


def _raw_end(markup: str, tag: Token) -> int:
    closing = re.compile(rf"</{tag.name}(?=[\s/>])", re.IGNORECASE).search(markup, tag.end)
    return _tag_end(markup, closing.end()) if closing else len(markup)


def _nested_end(markup: str, tag: Token) -> int:
    depth, at = 1, tag.end
    while depth and at < len(markup):
        token = _next(markup, at)
        if token.kind == TAG and token.name in RAW_TEXT:
            token = _with_content(markup, token)
        if token.name == tag.name:
            depth += not markup.endswith("/>", token.start, token.end)
        elif token.name == "/" + tag.name:
            depth -= 1
        at = token.end
    return at
