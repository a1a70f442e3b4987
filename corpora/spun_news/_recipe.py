"""The recipe: which documents a part holds, and how each condition garbles them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora._errors import CorpusError
from corpora._registry import find
from corpora._splits import unit_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corpora._record import Record
    from corpora.garbler import Garbler, GarblerConfig

PARTS = ("dev", "test")
CONDITIONS = ("seen", "unseen", "noise", "clean", "adversarial")

_RECIPE = Path(__file__).with_name("recipe.toml")


@dataclass(frozen=True)
class Recipe:
    """The benchmark's definition, as in recipe.toml.

    Attributes:
        data: the file's content.
        root: the folder of outside data, or None for RESTORE_SHARED.
    """

    data: Mapping[str, Any]
    root: Path | str | None = None

    @classmethod
    def standard(cls, root: Path | str | None = None) -> Recipe:
        """Return the recipe of the benchmark as it is published."""
        return cls(tomllib.loads(_RECIPE.read_text(encoding="utf-8")), root)

    def require_sources(self) -> None:
        """See that the sources are there and are those that the recipe was written for.

        Raises:
            CorpusError: a source is missing or its bytes differ.
        """
        for name in self.data["sources"]:
            changed = find(name).changed_files(self.root)
            if changed:
                message = f"{changed[0]} is not the file that spun-news is made of: bytes differ"
                raise CorpusError(message)

    def documents(self, part: str) -> list[Record]:
        """Return a part's documents, cut to length, in an order that depends on their ids alone."""
        chosen: list[Record] = []
        for name in self.data["sources"]:
            pool = sorted(self._pools[name][part], key=lambda record: self._place(record.doc_id))
            room = self.data["documents"][part] - len(chosen)
            chosen += pool if name in self.data["whole"] else pool[:room]
        return chosen

    @cached_property
    def _pools(self) -> dict[str, dict[str, list[Record]]]:
        pools: dict[str, dict[str, list[Record]]] = {}
        for name in self.data["sources"]:
            pools[name] = {part: [] for part in PARTS}
            for record in find(name).read(self.root):
                if len(record.reference.split()) >= self.data["min_words"]:
                    pools[name][self._part(record.doc_id, self.data["dev_share"])].append(record)
        return pools

    def _part(self, identity: str, dev_share: float) -> str:
        return "dev" if self._place(identity) < dev_share else "test"

    def _place(self, identity: str) -> float:
        return unit_hash(identity, f"spun-news {self.data['seed']}")

    def cut(self, text: str) -> str:
        """Return whole paragraphs from the beginning, until they hold `max_words` words or more."""
        words = 0
        kept: list[str] = []
        for paragraph in text.split("\n"):
            if words >= self.data["max_words"]:
                break
            kept.append(paragraph)
            words += len(paragraph.split())
        return "\n".join(kept).strip("\n")

    def rows(self, part: str, condition: str) -> Iterator[dict[str, Any]]:
        """Yield a part's rows under a condition: plain data, one a document or sentence.

        Keys: `id`, `doc_id`, `condition`, `dialect`, `source`, `reference` and `edits`, which turn
        the source into the reference.
        """
        if condition == "adversarial":
            yield from self._adversarial(part)
            return
        garbler = self._garblers[condition]
        for record in self.documents(part):
            reference = self.cut(record.reference)
            garbled = garbler.garble(reference, record.doc_id)
            edits = [_plain(edit.to_dict()) for edit in garbled.edits]
            names = (record.doc_id, condition, garbled.recipe)
            yield _row(names, garbled.text, reference, edits)

    def _adversarial(self, part: str) -> Iterator[dict[str, Any]]:
        settings = self.data["adversarial"]
        for record in find(settings["corpus"]).read():
            # Sentences around one word stay together: what is tuned on one would show on the other.
            if self._part(record.doc_id, settings["dev_share"]) == part:
                names = (record.doc_id, "adversarial", "clean")
                row = _row(names, record.reference, record.reference, [])
                # A sentence is a document of its own: its neighbours must not speak for it.
                yield {**row, "id": f"{record.id}#adversarial", "doc_id": record.id}

    @cached_property
    def _garblers(self) -> dict[str, Garbler]:
        from corpora.garbler import Garbler, Lexicon, Reserved

        # Loading a lexicon takes longer than garbling a part: conditions share them.
        conditions = self.data["conditions"]
        rules = {settings["reserved"] for settings in conditions.values()}
        lexicons = {rule: Lexicon(reserved=Reserved(rule)) for rule in rules}
        return {
            name: Garbler(_config(one), self.data["seed"], lexicon=lexicons[one["reserved"]])
            for name, one in conditions.items()
        }


def _config(settings: Mapping[str, Any]) -> GarblerConfig:
    from corpora.garbler import GarblerConfig

    if not settings["mixture"]:
        return GarblerConfig(clean=1.0)
    return GarblerConfig.model_validate(
        {"clean": 0.0, "dialects": settings["mixture"], "reserved": settings["reserved"]}
    )


def _row(
    names: tuple[str, str, str], source: str, reference: str, edits: list[dict[str, Any]]
) -> dict[str, Any]:
    doc_id, condition, dialect = names
    return {
        "id": f"{doc_id}#{condition}",
        "doc_id": doc_id,
        "condition": condition,
        "dialect": dialect,
        "source": source,
        "reference": reference,
        "edits": edits,
    }


def _plain(edit: dict[str, Any]) -> dict[str, Any]:
    return {key: edit[key] for key in ("start", "end", "before", "after", "source")}
