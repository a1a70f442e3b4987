"""Mends what a spinner's template left behind: choices that were never made."""

from __future__ import annotations

import re

from restore._edits import Edit

# {quick|fast|rapid}: two to twelve plain words or phrases; ``{{name|upper}}`` is a template of
# another kind, and ``{x|x>0}`` is mathematics.
_PHRASE = r"[A-Za-z][A-Za-z'\u2019 ,-]{1,60}"
_CHOICE = re.compile(rf"(?<![{{$%\\])\{{({_PHRASE})((?:\|{_PHRASE}){{1,12}})\}}(?!\}})")


def debris(text: str) -> list[Edit]:
    """Propose the first option of a choice left open: ``{quick|fast} fox`` to ``quick fox``.

    False positives: template languages that write a filter so (``{name|upper}``); news has none.
    Every option must be a plain word or phrase of two letters or more, and code is passed over.
    The confidence is low since the options are often of one meaning, but not always.
    """
    if "|" not in text or "{" not in text:
        return []
    return [_first_option(match) for match in _CHOICE.finditer(text)]


def _first_option(match: re.Match[str]) -> Edit:
    first = match.group(1)
    others = match.group(2)[1:].split("|")
    share = 0.2 / len(others)
    alternatives = tuple((other, share) for other in others)
    return Edit(*match.span(), match.group(), first, "repair:debris", 0.8, alternatives)
