"""Numbers of elements: ``atomic number 92.S.`` was ``U.S.``, and ``atomic number 2`` he.

WordNet lists them as synonyms of the elements and of their symbols, which are words and initials.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from restore._capitals import begun
from restore._edits import Edit
from restore._sources import NUMERAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from restore._document import Document

SOURCE = f"full:{NUMERAL}"
CERTAIN = 0.995
# The words, a full stop if another letter follows at once.
ELEMENT = re.compile(r"\b([Aa])tomic number (\d{1,3})(?!\w|[.,]\d)(\.(?=\w))?")
# Before the number of an element that is meant.
HONEST = re.compile(r"\b(?:the|an|its|has|have|had|with|by|of|is) \Z")
WORDS = {
    "2": "he", "4": "be", "33": "as", "49": "in", "53": "I", "85": "at", "95": "am", "102": "no",
}  # fmt: skip
INITIALS = {
    "1": "H", "2": "He", "5": "B", "6": "C", "7": "N", "8": "O", "9": "F", "15": "P", "16": "S",
    "19": "K", "23": "V", "39": "Y", "53": "I", "74": "W", "92": "U",
}  # fmt: skip
NAMES = {
    "1": "hydrogen", "3": "lithium", "6": "carbon", "7": "nitrogen", "8": "oxygen", "10": "neon",
    "11": "sodium", "13": "aluminum", "14": "silicon", "15": "phosphorus", "16": "sulfur",
    "17": "chlorine", "20": "calcium", "22": "titanium", "24": "chromium", "26": "iron",
    "27": "cobalt", "28": "nickel", "29": "copper", "30": "zinc", "47": "silver", "50": "tin",
    "74": "tungsten", "78": "platinum", "79": "gold", "80": "mercury", "82": "lead", "86": "radon",
    "88": "radium", "92": "uranium", "94": "plutonium",
}  # fmt: skip


def name_elements(document: Document) -> Iterator[Edit]:
    """Yield the edits, in order, that put symbols and names for the numbers of elements."""
    text = document.text
    for match in ELEMENT.finditer(text):
        initial, number, stop = match.groups()
        after = INITIALS.get(number) if stop else (WORDS | NAMES).get(number)
        honest = not stop and HONEST.search(text, max(0, match.start() - 6), match.start())
        if after and not honest:
            after = begun(after) if initial == "A" else after
            start, end = match.start(), match.end(2)
            yield Edit(start, end, text[start:end], after, SOURCE, CERTAIN)
