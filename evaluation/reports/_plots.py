"""Plots as plain data: where lines, points and bars go in a box; a template draws them as SVG."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from evaluation._align import BROKEN, FIXED, MISSED, WRONG
from evaluation._sets import HEADLINES

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 340, 230  # of a plot's box, in its own units
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 12, 40  # margins of the area in it
LINE = 13  # height of a name

Report = dict[str, Any]


def _across(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _up(share: float) -> float:
    return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)


def _ticks(low: float, high: float) -> list[float]:
    """Return about five round numbers from low to high."""
    step = 10 ** math.floor(math.log10((high - low) or 1))
    step = next(step * k for k in (0.1, 0.2, 0.25, 0.5, 1, 2) if (high - low) / (step * k) <= 5)
    first = math.ceil(low / step - 1e-9)
    return [round(k * step, 10) for k in range(first, math.floor(high / step + 1e-9) + 1)]


def _axis(low: float, high: float, place: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    span = (high - low) or 1
    return [{"at": place((t - low) / span), "text": f"{t:g}"} for t in _ticks(low, high)]


_SHARES = {"x_ticks": _axis(0, 1, _across), "y_ticks": _axis(0, 1, _up)}


def quality_and_speed(group: Sequence[Report]) -> dict[str, Any] | None:
    """Plot the metric that leads for the kind of set against words a second (logarithmic)."""
    name = HEADLINES[group[0]["kind"]][0]
    known = [
        (n, one, math.log10(one["speed"]["words_per_second"]), one["metrics"][name])
        for n, one in enumerate(group)
        if one["speed"]["words_per_second"] and one["metrics"].get(name, [None])[0] is not None
    ]
    if not known:
        return None
    left, right = (f(x for _, _, x, _ in known) for f in (min, max))
    left, right = math.floor(left - 0.05), math.ceil(right + 0.05)
    values = [v for _, _, _, triple in known for v in triple if v is not None]
    low, high = min(0.0, *values), max(0.0, *values) or 1.0
    points = [
        {
            "series": n % 8,
            "name": one["system"],
            "x": _across((x - left) / (right - left)),
            "y": _up((triple[0] - low) / (high - low)),
            "low": None if triple[1] is None else _up((triple[1] - low) / (high - low)),
            "high": None if triple[2] is None else _up((triple[2] - low) / (high - low)),
            "end": x > (left + right) / 2,
            "value": f"{triple[0]:.3f}, {one['speed']['words_per_second']:,} words/s",
        }
        for n, one, x, triple in known
    ]
    _spread(points)
    decades = [{"at": _across((k - left) / (right - left)), "text": _short(10**k)}
               for k in range(left, right + 1)]  # fmt: skip
    return {"title": f"{name} against speed", "x": "words a second", "y": name, "points": points,
            "x_ticks": decades, "y_ticks": _axis(low, high, _up), "lines": []}  # fmt: skip


def _short(number: int) -> str:
    """Shorten thousands and millions: 1,000,000 is ``1M``."""
    for size, letter in ((10**6, "M"), (10**3, "k")):
        if number >= size:
            return f"{number // size:,}{letter}"
    return str(number)


def _spread(points: list[dict[str, Any]]) -> None:
    """Push the names of points apart that would be written over one another."""
    placed: list[float] = []
    for point in sorted(points, key=lambda one: one["y"]):
        at = point["y"] + 4
        if placed and at - placed[-1] < LINE:
            at = placed[-1] + LINE
        point["name_y"] = round(at, 1)
        placed.append(at)


def by_threshold(group: Sequence[Report]) -> dict[str, Any] | None:
    """Plot precision against recall of the edits at least as confident as each tenth.

    Precision is the share of those edits that are right; recall the fix rate times the share of
    the right edits that are among them.
    """
    lines = []
    for n, one in enumerate(group):
        rate = one["metrics"].get("fix_rate", [None])[0]
        points = _curve(one["reliability"], rate) if rate else []
        if len(points) > 1:
            lines.append({"series": n % 8, "name": one["system"], "points": points})
    if not lines:
        return None
    return {"title": "Precision and recall by threshold", "x": "recall", "y": "precision",
            "lines": lines, "points": [], **_SHARES}  # fmt: skip


def _curve(bins: Sequence[dict[str, float]], rate: float) -> list[dict[str, Any]]:
    right = sum(one["right"] * one["n"] for one in bins)
    points, made, good = [], 0.0, 0.0
    for one in reversed(bins) if right else ():
        made += one["n"]
        good += one["right"] * one["n"]
        recall, precision = rate * good / right, good / made
        points.append({"x": _across(recall), "y": _up(precision),
                       "value": f"confidence at least {one['low']:.1f}: precision {precision:.3f}, "
                       f"recall {recall:.3f}"})  # fmt: skip
    return points


def reliability(group: Sequence[Report]) -> dict[str, Any] | None:
    """Plot the share of edits that are right against the confidence that they were made with."""
    lines = [
        {
            "series": n % 8,
            "name": one["system"],
            "points": [
                {"x": _across(b["confidence"]), "y": _up(b["right"]),
                 "value": f"confidence {b['confidence']:.2f}: {b['right']:.3f} right of {b['n']:g}"}
                for b in one["reliability"]
            ],
        }
        for n, one in enumerate(group)
        if len(one["reliability"]) > 1 and one["words"][FIXED]
    ]  # fmt: skip
    if not lines:
        return None
    return {"title": "Reliability of confidences", "x": "confidence", "y": "share right",
            "diagonal": [_across(0), _up(0), _across(1), _up(1)],
            "lines": lines, "points": [], **_SHARES}  # fmt: skip


def error_types(group: Sequence[Report]) -> list[dict[str, Any]]:
    """Return a stacked bar a system: words fixed, wrong, missed, broken; widths in percent."""
    garbled = any(one["words"]["garbled"] for one in group)
    kinds = (FIXED, WRONG, MISSED, BROKEN) if garbled else (BROKEN,)
    totals = {one["system"]: sum(one["words"][kind] for kind in kinds) for one in group}
    longest = max(totals.values(), default=0)
    bars = []
    for one in group if longest else ():
        at, parts = 0.0, []
        for kind in kinds:
            width = 100 * one["words"][kind] / longest
            parts.append({"kind": kind, "n": one["words"][kind], "x": round(at, 2),
                          "width": round(width, 2)})  # fmt: skip
            at += width
        bars.append({"name": one["system"], "parts": parts})
    return bars


def plots(group: Sequence[Report]) -> list[dict[str, Any]]:
    """Return all plots of a test set that have something to show."""
    made = (quality_and_speed(group), by_threshold(group), reliability(group))
    return [one for one in made if one]
