"""Gates: conditions on metrics under which a job fails, so that a release can depend on it."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from evaluation._errors import EvaluationError
from evaluation._metrics import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FORM = re.compile(
    r"\s*(?P<metric>\w+)\s*(?P<sign>[<>]=?)\s*(?P<limit>[-+]?\d+(?:\.\d+)?)"
    r"(?:\s+of\s+(?P<system>\S+))?(?:\s+on\s+(?P<set>\S+))?\s*"
)


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that must not hold, such as ``break_rate>1 of fast on clean*``.

    Attributes:
        text: the condition as given.
        metric: name of the metric.
        sign: ``<``, ``<=``, ``>`` or ``>=``.
        limit: the number it is compared with.
        system: pattern of the systems that it is for.
        set: pattern of the sets that it is for.
    """

    text: str
    metric: str
    sign: str
    limit: float
    system: str = "*"
    set: str = "*"

    @classmethod
    def parse(cls, text: str) -> Gate:
        """Read a condition.

        Raises:
            ValueError: it has another form, or names no metric.

        >>> Gate.parse("err<0.5 of fast").system
        'fast'
        """
        found = _FORM.fullmatch(text)
        if not found:
            message = f"a gate is METRIC>NUMBER, maybe with `of SYSTEM` and `on SET`; got {text!r}"
            raise ValueError(message)
        name = found["metric"]
        if name not in MEANINGS:
            near = get_close_matches(name, MEANINGS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(MEANINGS)}"
            message = f"gate {text!r}: no metric {name!r}; {hint}"
            raise ValueError(message)
        return cls(
            text, name, found["sign"], float(found["limit"]), found["system"] or "*",
            found["set"] or "*",
        )  # fmt: skip

    def covers(self, system: str, name: str) -> bool:
        """Say whether the gate is for a system on a set."""
        return fnmatchcase(system, self.system) and fnmatchcase(name, self.set)

    def breached(self, value: float) -> bool:
        """Say whether a value is what must not be."""
        return _COMPARE[self.sign](value, self.limit)


def check_gates(texts: Sequence[str], pairs: Iterable[tuple[str, str]]) -> list[Gate]:
    """Read gates and see that each is for some system on some set.

    Args:
        texts: the conditions.
        pairs: each system and set that will be scored.

    Raises:
        EvaluationError: a gate could never fail, because nothing that it is for is scored.
    """
    known = list(pairs)
    gates = [Gate.parse(text) for text in texts]
    for gate in gates:
        if not any(gate.covers(*pair) for pair in known):
            message = f"gate {gate.text!r} is for nothing that is scored: no such system or set"
            raise EvaluationError(message)
    return gates


def breaches(gates: Iterable[Gate], reports: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a line for each system and set at which a gate fails.

    Raises:
        EvaluationError: a gate's metric is undefined wherever the gate applies.
    """
    lines = []
    for gate in gates:
        measured = False
        for one in reports:
            value = (one["metrics"].get(gate.metric) or [None])[0]
            if value is None or not gate.covers(one["system"], one["set"]):
                continue
            measured = True
            if gate.breached(value):
                lines.append(
                    f"{gate.text}: {gate.metric} is {value:g} for {one['system']} on {one['set']}"
                )
        if not measured:
            message = f"gate {gate.text!r}: {gate.metric} is undefined wherever the gate applies"
            raise EvaluationError(message)
    return lines
