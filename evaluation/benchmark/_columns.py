"""Columns of the benchmark's tables: what each reads of a report and shows, and which is best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evaluation._metrics import MEANINGS
from evaluation._report import show, show_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Report = dict[str, Any]

# What readers call the metrics.
HEADS = {
    "err": "ERR", "fix_rate": "fixed", "wrong_fix_rate": "wrong fixes",
    "break_rate": "broken / 1,000", "change_rate": "changed / 1,000", "edit_precision": "precision",
    "edit_recall": "recall", "edit_f05": "F0.5", "chrf": "chrF", "wer": "WER", "cer": "CER",
    "cer_mean": "mean CER of a line", "preserved": "names, numbers kept",
}  # fmt: skip
# On text that is right, every change is a mistake.
_HONEST = {"change_rate": "-", "untouched": "+"}
_HONEST_KINDS = ("clean", "adversarial")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        head: what stands above it.
        value: what systems are compared by; None where it is not known.
        text: what is shown of it.
        sign: ``+`` or ``-``: better is higher or lower; ``0``: neither.
    """

    head: str
    value: Callable[[Report], float | None]
    text: Callable[[Report], str]
    sign: str


def column(spec: str, kind: str) -> Column:
    """Return the column that a template names.

    Args:
        spec: a metric, as in ``err``; one of a slice, as in ``err@dialect=A``; or a number of
            words, as in ``broken of right``.
        kind: of the test set: on honest text every change is a mistake.
    """
    if " of " in spec:
        return _share_column(*spec.split(" of "))
    name, at, place = spec.partition("@")
    if at:
        return _slice_column(name, place, sign_of(name, kind))
    return Column(
        HEADS.get(name, name),
        lambda report: _triple(report, name)[0],
        lambda report: show_interval(name, _triple(report, name)),
        sign_of(name, kind),
    )


def plain_column(name: str, kind: str) -> Column:
    """Return the column of a metric without its interval."""
    known = column(name, kind)
    return Column(
        known.head, known.value, lambda report: show(name, known.value(report)), known.sign
    )


def sign_of(name: str, kind: str) -> str:
    """Say which direction of a metric is better on a kind of test set."""
    honest = _HONEST if kind in _HONEST_KINDS else {}
    return honest.get(name, MEANINGS[name][1])


def _triple(report: Report, name: str) -> list[float | None]:
    found: list[float | None] = report["metrics"].get(name, [None] * 3)
    return found


def _slice_column(name: str, place: str, sign: str) -> Column:
    key, _, value = place.partition("=")

    def part(report: Report) -> Mapping[str, Any]:
        found: Mapping[str, Any] = report["slices"].get(key, {}).get(value, {})
        return found

    def number(report: Report) -> float | None:
        found: float | None = part(report).get("metrics", {}).get(name)
        return found

    def text(report: Report) -> str:
        one = number(report)
        if name == "exact" and one is not None:
            return f"{round(one * part(report)['n'])} of {part(report)['n']}"
        return show(name, one)

    return Column(value, number, text, sign)


_WORD_HEADS = {
    "fixed": "garbled words repaired",
    "wrong": "changed to another wrong word",
    "broken": "right words broken",
}


def _share_column(what: str, whole: str) -> Column:
    return Column(
        _WORD_HEADS.get(what, what),
        lambda report: float(report["words"][what]),
        lambda report: f"{report['words'][what]} of {report['words'][whole]}",
        "+" if what == "fixed" else "-",
    )


def best(values: Mapping[str, tuple[float | None, str]], sign: str) -> set[str]:
    """Return which systems are the best of a column; those that show the same are equally good.

    Args:
        values: system to its value and what is shown of it, without the interval.
        sign: see `Column`.

    >>> sorted(best({"a": (0.5, "0.50"), "b": (0.501, "0.50"), "c": (0.2, "0.20")}, "+"))
    ['a', 'b']
    """
    known = {name: pair for name, pair in values.items() if pair[0] is not None}
    if sign == "0" or len(known) < 2:
        return set()
    choose = max if sign == "+" else min
    shown = choose(known.values(), key=lambda pair: pair[0] or 0.0)[1]
    return {name for name, pair in known.items() if pair[1] == shown}
