"""Finds code and markup: HTML and XML, Markdown, indented and fenced code, identifiers.

Used by `restore._protect` alone. Rules run only where their sign occurs; patterns use possessive
repeats and pairs are matched in one pass, so that the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Span = tuple[int, int]

_FENCE = re.compile(r"(?m)^[ ]{0,3}(?:> ?)?(`{3,}+|~{3,}+)([^\n`]*+)$")
# Not ``quoted'', nor `quoted': TeX and old wires quote so.
_INLINE_CODE = re.compile(r"(?<!`)`(?![\s`])([^`\n]{1,300}+)(?<!\s)`(?![`\w])")
_DOUBLE_CODE = re.compile(r"(?<!`)``(?!`)((?:[^`\n']|`(?!`)|'(?!')){1,300}+)``(?!`)")
_IDENTIFIER = re.compile(r"(?<!\w)_*+[^\W_]++(?:_++[^\W_]++)++(?:\(\))?")
_INDENTED = re.compile(r"(?m)(?:^(?:[ ]{4}|[ ]{0,3}\t)[^\n]*\n?)++")
# What a line of a program looks like; a share of such lines makes an indented block code.
_CODE_LINE = re.compile(
    r"[;{}]\s*$|^\s*[\w.\[\]]+\s*(?:[-+*/|&]?=|:=|<-)\s*\S|\w\([^()\s]*\)|[=!]=|&&|\|\||->|=>|::"
    r"|^\s*(?:def|class|import|from|return|if|elif|else|for|while|try|except|with)\b[^.]*:\s*$"
    r"|^\s*(?:import|from|return|print|include|package|using|var|let|const|function)\b\s*[\w(.*]+\s*$"
    r"|^\s*(?:\$|>>>|#include|//|/\*|#!|sudo|pip|npm|git|cd|ls)(?:\s|$)"
)
_TAG = re.compile(
    r"<(?:/?[A-Za-z][\w:.-]*+(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+>|![A-Za-z\[][^<>]*+>"
    r"|\?[A-Za-z][^<>]*+>)"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Elements whose content is not prose.
_CODE_ELEMENT = re.compile(
    r"<(/?)(script|style|pre|code|kbd|samp|tt|textarea|template|svg|math)\b", re.IGNORECASE
)
_LINK_TARGET = re.compile(r"\]\([^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+\)")
_LINK_LABEL = re.compile(r"\] ?\[[^\[\]\n]*+\]")
_LINK_OPENING = re.compile(r"!?\[(?=[^\[\]\n]*+\][(\[])")
_DEFINITION = re.compile(r"(?m)^[ ]{0,3}\[[^\[\]\n]++\]:[ \t]*+\S[^\n]*+")
_HEADING = re.compile(r"(?m)^[ ]{0,3}#{1,6}(?=[ \t])|[ \t]#{1,6}[ \t]*+$")
_QUOTE_MARK = re.compile(r"(?m)^[ \t]*+>(?: *+>)*+")
_LINE_MARK = re.compile(
    r"(?m)^[ \t]*+(?:>[> ]*+)?(?:[-*+\u2022](?=[ \t])|>)(?:[ \t]\[[ xX]\](?=[ \t]))?"
)
_RULE = re.compile(r"(?m)^[ \t|:]*+[-=*_]{3}[-=*_ \t|:]*+$")
_EMPHASIS = re.compile(r"[*_]++")
# Left and right of words: a star between spaces begins a list, an underscore inside names joins.
_AT_A_WORD = re.compile(r"(?<![\w*])[*_]++(?=\S)|(?<=[^\s*_])[*_]++(?![^\W_])|~~")
_DELIMITER_ROW = re.compile(r"[ \t|:-]*+")
_BAR = re.compile(r"\|")


def code_spans(text: str) -> Iterator[Span]:
    """Yield code in Markdown and plain text, in no particular order."""
    if "`" in text:
        yield from (match.span() for match in _INLINE_CODE.finditer(text))
        yield from (match.span() for match in _DOUBLE_CODE.finditer(text))
    if "```" in text or "~~~" in text:
        yield from _fenced(text)
    if "_" in text:
        yield from (match.span() for match in _IDENTIFIER.finditer(text))
    if "\n    " in text or "\n\t" in text or text.startswith(("    ", "\t")):
        yield from _indented(text)


def markup_spans(text: str) -> Iterator[Span]:
    """Yield HTML, XML and Markdown syntax but for `silent_spans`, in no particular order."""
    if "<" in text:
        yield from _comments(text)
        yield from _code_elements(text)
    yield from _found(text, _SIGNS)
    if "|" in text:
        yield from _table_marks(text)


def silent_spans(text: str) -> Iterator[Span]:
    """Yield the markup that nobody reads out: tags, links' targets, quote marks, emphasis."""
    yield from _found(text, _SILENT)


def _found(text: str, rules: Sequence[tuple[tuple[str, ...], re.Pattern[str]]]) -> Iterator[Span]:
    for signs, pattern in rules:
        if any(sign in text for sign in signs):
            yield from (match.span() for match in pattern.finditer(text))


# Each pattern, and the signs of which one at least is in what it finds.
_SIGNS = (
    (("&",), _ENTITY),
    (("]:",), _DEFINITION),
    (("#",), _HEADING),
    (("---", "==="), _RULE),
    (("- ", "* ", "+ ", ">"), _LINE_MARK),
    (("*", "_"), _EMPHASIS),
)
_SILENT = (
    (("<",), _TAG),
    (("](",), _LINK_TARGET),
    (("][",), _LINK_LABEL),
    (("](", "]["), _LINK_OPENING),
    ((">",), _QUOTE_MARK),
    (("*", "_", "~~"), _AT_A_WORD),
)


def _fenced(text: str) -> Iterator[Span]:
    """Yield fenced blocks; a fence without its closing one protects its own line alone."""
    fences = [(m.start(), m.end(), m.group(1), m.group(2)) for m in _FENCE.finditer(text)]
    opened: tuple[int, int, str, str] | None = None
    # The longest closing fence of each sign still to come tells at once whether one is missing.
    longest: list[dict[str, int]] = [{}]
    for _, _, fence, label in reversed(fences):
        known = dict(longest[-1])
        if not label.strip():
            known[fence[0]] = max(known.get(fence[0], 0), len(fence))
        longest.append(known)
    longest.reverse()
    for index, fence in enumerate(fences):
        if opened is None:
            yield fence[0], fence[1]
            if longest[index + 1].get(fence[2][0], 0) >= len(fence[2]):
                opened = fence
        elif fence[2].startswith(opened[2]) and not fence[3].strip():
            yield opened[0], fence[1]
            opened = None


def _indented(text: str) -> Iterator[Span]:
    """Yield indented blocks, after a blank line, at least half of whose lines look like code."""
    for match in _INDENTED.finditer(text):
        before = text[max(0, match.start() - 3) : match.start()]
        if match.start() and not before.endswith(("\n\n", "\n\r\n")):
            continue
        lines = [line for line in match.group().splitlines() if line.strip()]
        if 2 * sum(_CODE_LINE.search(line[:200]) is not None for line in lines) >= len(lines) > 0:
            yield match.span()


def _comments(text: str) -> Iterator[Span]:
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            return
        yield start, end + 3
        start = text.find("<!--", end + 3)


def _code_elements(text: str) -> Iterator[Span]:
    """Yield elements whose content is not prose, from opening to closing tag."""
    opened: tuple[str, int] | None = None
    closings = {m.group(2).lower(): m.start() for m in _CODE_ELEMENT.finditer(text) if m.group(1)}
    for match in _CODE_ELEMENT.finditer(text):
        name = match.group(2).lower()
        if opened is None:
            if not match.group(1) and closings.get(name, -1) > match.start():
                opened = (name, match.start())
        elif match.group(1) and name == opened[0]:
            yield opened[1], match.end()
            opened = None


def _table_marks(text: str) -> Iterator[Span]:
    """Yield the bars of tables; a bar elsewhere is no markup."""
    block: list[tuple[int, str]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        if "|" in line:
            block.append((at, line))
        elif block:
            yield from _block_marks(block)
            block = []
        at += len(line)
    yield from _block_marks(block)


def _block_marks(block: list[tuple[int, str]]) -> Iterator[Span]:
    """Yield the bars of lines in a row: all under a rule, else of those framed in bars."""
    has_rule = any("--" in line and _DELIMITER_ROW.fullmatch(line.strip()) for _, line in block)
    for start, line in block:
        row = line.strip()
        if has_rule or (len(row) > 1 and row.startswith("|") and row.endswith("|")):
            yield from ((start + bar.start(), start + bar.end()) for bar in _BAR.finditer(line))
