"""Gates: conditions on metrics under which a job fails, so that a release can depend on it."""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from evaluation._errors import EvaluationError
from evaluation._metrics import MEANINGS, family_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from evaluation._compare import Comparison
    from evaluation._resample import Difference

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
WORSE = "worse at"  # the sign of gates that compare with a baseline
_FORM = re.compile(
    r"\s*(?P<metric>\w+)"
    r"(?:\s*(?P<sign>[<>]=?)\s*(?P<limit>[-+]?\d+(?:\.\d+)?)|\s+worse\s+at\s+(?P<p>\d*\.\d+))"
    r"(?:\s+of\s+(?P<system>\S+))?(?:\s+on\s+(?P<set>\S+))?\s*"
)


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that must not hold: ``break_rate>1 of fast on clean*``, ``err worse at 0.05``.

    Attributes:
        text: the condition as given.
        metric: name of the metric.
        sign: ``<``, ``<=``, ``>``, ``>=``, or `WORSE`.
        limit: the number that the metric is compared with; for `WORSE`, the p-value below which a
            metric that is worse than in the baseline fails.
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
            ValueError: it has another form, names no metric, or one that has no better and worse.

        >>> Gate.parse("err<0.5 of fast").system, Gate.parse("err worse at 0.05").limit
        ('fast', 0.05)
        """
        found = _FORM.fullmatch(text)
        if not found:
            message = (
                "a gate is METRIC>NUMBER or METRIC worse at P, maybe with `of SYSTEM` and "
                f"`on SET`; got {text!r}"
            )
            raise ValueError(message)
        name, chance = found["metric"], found["p"]
        _check_metric(text, name)
        if chance:
            _check_test(text, name, float(chance))
        return cls(
            text, name, WORSE if chance else found["sign"], float(chance or found["limit"]),
            found["system"] or "*", found["set"] or "*",
        )  # fmt: skip

    @property
    def compares(self) -> bool:
        """Whether it needs a baseline."""
        return self.sign == WORSE

    def covers(self, system: str, name: str) -> bool:
        """Say whether the gate is for a system on a set."""
        return fnmatchcase(system, self.system) and fnmatchcase(name, self.set)

    def breached(self, value: float) -> bool:
        """Say whether a value is what must not be; for gates that need no baseline."""
        return _COMPARE[self.sign](value, self.limit)

    def regressed(self, one: Difference) -> bool:
        """Say whether the second value is significantly worse, by approximate randomisation."""
        worse = one.difference < 0 if MEANINGS[self.metric][1] == "+" else one.difference > 0
        return worse and one.p_randomisation < self.limit


def _check_metric(text: str, name: str) -> None:
    if name not in MEANINGS:
        near = get_close_matches(name, MEANINGS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(MEANINGS)}"
        message = f"gate {text!r}: no metric {name!r}; {hint}"
        raise ValueError(message)


def _check_test(text: str, name: str, chance: float) -> None:
    if MEANINGS[name][1] == "0":
        message = f"gate {text!r}: {name} is neither better nor worse when it changes; name another"
        raise ValueError(message)
    if not 0 < chance < 1:
        message = f"gate {text!r}: a p-value lies between 0 and 1, not at {chance:g}"
        raise ValueError(message)


def check_tests(texts: Sequence[str], rounds: int, baseline: str) -> None:
    """See that the gates that compare with a baseline have one, and rounds enough to ever fail.

    Args:
        texts: the conditions.
        rounds: of the paired test; its least p-value is 1 / (rounds + 1).
        baseline: folder of the baseline; empty if there is none.

    Raises:
        ValueError: there is no baseline, or there are too few rounds.
    """
    for gate in map(Gate.parse, texts):
        if gate.compares and not baseline:
            message = f"gate {gate.text!r} compares with an earlier job: name one as the baseline"
            raise ValueError(message)
        if gate.compares and 1 / (rounds + 1) >= gate.limit:
            least = math.floor(1 / gate.limit)
            message = (
                f"gate {gate.text!r} could never fail with {rounds} rounds: give {least} or more"
            )
            raise ValueError(message)


def check_measured(texts: Sequence[str], families: Sequence[str]) -> None:
    """See that what gates look at will be measured.

    Args:
        texts: the conditions.
        families: metrics beside the core, maybe with their models.

    Raises:
        ValueError: a gate's metric needs a family that is not among them.
    """
    named = {spec.partition(":")[0] for spec in families}
    for gate in map(Gate.parse, texts):
        family = family_for(gate.metric)
        if family and family not in named:
            message = f"gate {gate.text!r}: {gate.metric} needs {family!r} among `families`"
            raise ValueError(message)


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


def compared(gates: Iterable[Gate]) -> list[str]:
    """Return the metrics that gates compare with the baseline."""
    return list(dict.fromkeys(gate.metric for gate in gates if gate.compares))


def breaches(
    gates: Iterable[Gate],
    reports: Sequence[Mapping[str, Any]],
    comparisons: Sequence[Comparison] = (),
) -> list[str]:
    """Return a line for each system and set at which a gate fails.

    Args:
        gates: the gates.
        reports: what was measured.
        comparisons: how it differs from the baseline.

    Raises:
        EvaluationError: a gate could not fail anywhere: its metric is undefined wherever it
            applies, or nothing there can be compared with the baseline.
    """
    lines = []
    for gate in gates:
        if gate.compares:
            found, why = list(_regressions(gate, comparisons)), _NOT_COMPARED
        else:
            found, why = list(_crossings(gate, reports)), "is undefined wherever the gate applies"
        if not found:
            message = f"gate {gate.text!r}: {gate.metric} {why}"
            raise EvaluationError(message)
        lines += [line for line in found if line]
    return lines


_NOT_COMPARED = (
    "can nowhere be compared with the baseline: it needs the same system and set there, a metric "
    "that both define, and documents enough"
)


def _crossings(gate: Gate, reports: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line, empty where the gate holds, for each place where its metric is defined."""
    for one in reports:
        value = (one["metrics"].get(gate.metric) or [None])[0]
        if value is not None and gate.covers(one["system"], one["set"]):
            where = f"{gate.metric} is {value:g} for {one['system']} on {one['set']}"
            yield f"{gate.text}: {where}" if gate.breached(value) else ""


def _regressions(gate: Gate, comparisons: Iterable[Comparison]) -> Iterator[str]:
    """Yield a line, empty where the gate holds, for each place where its test could fail."""
    for one in comparisons:
        found, system = one.differences.get(gate.metric), one.systems[1]
        if found is None or math.isnan(found.p_randomisation) or not gate.covers(system, one.set):
            continue
        if 2 ** (1 - one.documents) >= gate.limit:  # what exchanging so few can give at the least
            continue
        yield _told(gate, one, found) if gate.regressed(found) else ""


def _told(gate: Gate, one: Comparison, found: Difference) -> str:
    test = f"p = {found.p_randomisation:.2g}, {one.documents} documents"
    return (
        f"{gate.text}: {gate.metric} went from {found.first:.4g} to {found.second:.4g} for "
        f"{one.systems[1]} on {one.set} ({test})"
    )
