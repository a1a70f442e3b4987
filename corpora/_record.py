"""The one schema that all corpora share."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

# Column -> Arrow type, in the order in which they are written.
SCHEMA = {
    "id": "string",
    "doc_id": "string",
    "source": "string",
    "reference": "string",
    "metadata": "string",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One text of a corpus.

    Attributes:
        id: unique within the corpus.
        doc_id: the document that the text is a part of; splits never divide one.
        source: the garbled text, or None where the corpus holds clean text only.
        reference: the text as it should read; where a corpus has no second side, its only text.
        metadata: whatever else the corpus tells (title, date, publisher, dialect...): JSON data.
    """

    id: str
    doc_id: str
    source: str | None
    reference: str
    metadata: dict[str, Any] = field(default_factory=dict)

    def to_row(self) -> dict[str, str | None]:
        """Return the record as a row of `SCHEMA`; metadata becomes JSON with sorted keys.

        >>> Record("a", "a", None, "Clean.", {"n": 1}).to_row()["metadata"]
        '{"n": 1}'
        """
        metadata = json.dumps(self.metadata, ensure_ascii=False, sort_keys=True)
        return {
            "id": self.id,
            "doc_id": self.doc_id,
            "source": self.source,
            "reference": self.reference,
            "metadata": metadata,
        }
