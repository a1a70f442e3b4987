"""The registry: which repairs there are, in which order they run, and what each may touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from restore._compose import compose_edits
from restore._edits import apply_edits
from restore._errors import RestoreError
from restore._protect import all_protected, touches, verbatim_spans
from restore.repairs._characters import control, ligatures, width
from restore.repairs._debris import debris
from restore.repairs._figures import figures
from restore.repairs._homoglyphs import homoglyphs
from restore.repairs._hyphenation import hyphenation
from restore.repairs._initials import initials
from restore.repairs._mojibake import mojibake
from restore.repairs._spaces import spaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from restore._edits import Edit

    Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair, called with a text to propose edits on it.

    Attributes:
        name: what it is switched on and off by.
        propose: the function behind it; sees the text alone and proposes without restraint.
        needs_words: `propose` takes a second argument that tells known words from others, and the
            repair does nothing without one.
        mends_names: it may mend figures, dates and headlines too; code, markup, addresses and the
            user's terms remain untouched. Otherwise no protected span is touched.
    """

    name: str
    propose: Callable[..., list[Edit]]
    needs_words: bool = False
    mends_names: bool = False

    def __call__(
        self, text: str, protect: tuple[str, ...] = (), known: Known | None = None
    ) -> list[Edit]:
        """Return the edits on `text`, in order, that leave protected spans alone.

        Args:
            text: what to mend.
            protect: terms never altered; exact and case-sensitive.
            known: tells whether a word, in small letters, exists.
        """
        edits = self._proposals(text, known)
        if not edits:
            return edits
        spans = (verbatim_spans if self.mends_names else all_protected)(text, protect)
        if spans and self.mends_names:
            # What stands in an address must not tell how to decode the text around it.
            edits = self._proposals(_masked(text, spans), known)
        return [edit for edit in edits if not touches(spans, edit.start, edit.end)]

    def _proposals(self, text: str, known: Known | None) -> list[Edit]:
        if not self.needs_words:
            return self.propose(text)
        return self.propose(text, known) if known else []


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    """Return `text` with a plain letter for every sign in `spans`."""
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += (text[at:start], "x" * (end - start))
        at = end
    return "".join((*parts, text[at:]))


# In the order in which they run: encoding first, since it changes what the words are.
REPAIRS: dict[str, Repair] = {
    repair.name: repair
    for repair in (
        Repair("mojibake", mojibake, mends_names=True),
        Repair("control", control, mends_names=True),
        Repair("ligatures", ligatures),
        Repair("width", width),
        Repair("homoglyphs", homoglyphs, needs_words=True, mends_names=True),
        Repair("spaces", spaces),
        Repair("hyphenation", hyphenation, needs_words=True),
        Repair("figures", figures, needs_words=True, mends_names=True),
        Repair("debris", debris),
        Repair("initials", initials, mends_names=True),
    )
}
# What runs unless it is switched off.
DEFAULT_REPAIRS: tuple[str, ...] = tuple(REPAIRS)


def run_repairs(
    text: str,
    names: Iterable[str] | None = None,
    *,
    protect: tuple[str, ...] = (),
    known: Known | None = None,
    least: float = 0.0,
) -> list[Edit]:
    """Run repairs one after another, each on the result of the one before.

    Args:
        text: what to mend.
        names: which repairs to run, in any order; None runs all of `DEFAULT_REPAIRS`.
        protect: terms never altered; exact and case-sensitive.
        known: tells whether a word, in small letters, exists; ``homoglyphs``,
            ``hyphenation`` and ``figures`` need it.
        least: confidence below which an edit is not made, 0-1.

    Returns:
        Edits on `text`, in order, whose sources begin with ``repair:``.

    Raises:
        RestoreError: a name is not a repair's.

    >>> [(edit.before, edit.after) for edit in run_repairs("cafÃ© ﬁnd")]
    [('Ã©', 'é'), ('ﬁ', 'fi')]
    """
    chosen = set(DEFAULT_REPAIRS if names is None else names)
    if unknown := sorted(chosen - REPAIRS.keys()):
        message = f"unknown repair {unknown[0]!r}: choose from {', '.join(REPAIRS)}"
        raise RestoreError(message)
    current = text
    rounds: list[list[Edit]] = []
    for name, repair in REPAIRS.items():
        proposed = repair(current, protect, known) if name in chosen else []
        if edits := [edit for edit in proposed if edit.confidence >= least]:
            rounds.append(edits)
            current = apply_edits(current, edits)
    return compose_edits(text, rounds)
