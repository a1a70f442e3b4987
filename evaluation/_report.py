"""Tables for people: the terminal and Markdown, from the plain data of results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evaluation._metrics import MEANINGS
from evaluation._sets import HEADLINES, headlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evaluation._resample import Difference

Report = dict[str, Any]
Table = tuple[list[str], list[list[str]]]

# Metrics that are shown with fewer digits: they are no shares of 1.
_PER_THOUSAND = ("break_rate", "change_rate")
_PERCENT = ("bleu", "chrf", "ter")


def show(name: str, value: float | None) -> str:
    """Format a metric.

    >>> show("err", 0.51234), show("break_rate", 1.234), show("err", None)
    ('0.512', '1.23', '-')
    """
    if value is None or value != value:  # noqa: PLR0124 - not a number
        return "-"
    if name in _PERCENT:
        return f"{value:.1f}"
    return f"{value:.2f}" if name in _PER_THOUSAND else f"{value:.3f}"


def show_interval(name: str, triple: Sequence[float | None]) -> str:
    """Format a metric with its interval.

    >>> show_interval("err", [0.5, 0.4, 0.6])
    '0.500 (0.400-0.600)'
    """
    value, low, high = triple
    if low is None:
        return show(name, value)
    return f"{show(name, value)} ({show(name, low)}-{show(name, high)})"


def leading(reports: Sequence[Report]) -> list[str]:
    """Return the metrics that lead the table of one set, of those that any system has."""
    return headlines(reports[0]["kind"], {name for one in reports for name in one["metrics"]})


def headline(reports: Sequence[Report]) -> Table:
    """Return the table of one set: a row a system, the metrics that lead for its kind."""
    names = leading(reports)
    rows = []
    for one in reports:
        cells = [show_interval(name, one["metrics"].get(name, [None] * 3)) for name in names]
        speed = one["speed"]["words_per_second"]
        rows.append([one["system"], *cells, f"{speed:,}" if speed else "-"])
    return ["system", *names, "words/s"], rows


def count_line(report: Report) -> str:
    """Say how many rows were read, scored, skipped and failed.

    >>> count_line({"counts": {"read": 3, "scored": 2, "skipped": {"blank": 1}, "failed": 0,
    ...                        "documents": 1}})
    '3 read, 2 scored (1 documents), 1 skipped (1 blank), 0 failed'
    """
    counts = report["counts"]
    skipped = sum(counts["skipped"].values())
    why = ", ".join(f"{number} {reason}" for reason, number in sorted(counts["skipped"].items()))
    why = f" ({why})" if why else ""
    return (
        f"{counts['read']} read, {counts['scored']} scored ({counts['documents']} documents), "
        f"{skipped} skipped{why}, {counts['failed']} failed"
    )


def by_set(reports: Iterable[Report]) -> dict[str, list[Report]]:
    """Group reports by test set, in the order of their first appearance."""
    groups: dict[str, list[Report]] = {}
    for one in reports:
        groups.setdefault(one["set"], []).append(one)
    return groups


def markdown(reports: Sequence[Report]) -> str:
    """Return all tables, with counts and the signature of every line, as Markdown."""
    parts = []
    for name, group in by_set(reports).items():
        parts.append(f"### {name}\n\n{markdown_table(headline(group))}")
        parts += [f"{group[0]['kind']} set; {counts_of(group)}"]
        parts += ["\n".join(_details(group))] if _details(group) else []
        parts.append("\n".join(f"- {one['system']}: `{one['signature']}`" for one in group))
    if reports:
        parts.append(legend(reports))
    return "\n\n".join(parts) + "\n"


def counts_of(group: Sequence[Report]) -> str:
    """Say how many rows of a set were read, scored, skipped and failed; once, if all agree."""
    lines = {count_line(one): one["system"] for one in reversed(group)}
    if len(lines) == 1:
        return next(iter(lines)) + "."
    return "; ".join(f"{one['system']}: {count_line(one)}" for one in group) + "."


def _details(group: Sequence[Report]) -> list[str]:
    """Return lines on what a headline does not hold: slices by metadata, what was not kept."""
    lines = []
    for one in group:
        lost = {
            kind: counts["lost"] + counts["made_up"]
            for kind, counts in one["preservation"].items()
            if counts["lost"] + counts["made_up"]
        }
        if lost:
            listed = ", ".join(f"{kind} {number}" for kind, number in lost.items())
            lines.append(f"- {one['system']}: not preserved: {listed}")
        for key, parts in one["slices"].items():
            if key != "length":
                lines.append(f"- {one['system']} by {key}: {_slices(one['kind'], parts)}")
    return lines


def _slices(kind: str, parts: Mapping[str, Report]) -> str:
    names = HEADLINES[kind][:2] if kind not in ("jsonl", "parallel") else ("err", "break_rate")
    return "; ".join(
        f"{value} " + ", ".join(f"{name} {show(name, part['metrics'].get(name))}" for name in names)
        for value, part in parts.items()
    )


def legend(reports: Sequence[Report]) -> str:
    """Explain the metrics that the tables show."""
    names = dict.fromkeys(name for one in reports for name in leading([one]))
    lines = [f"- `{name}`: {MEANINGS[name][0]}" for name in names]
    return "In brackets: 95 % bootstrap intervals over documents.\n\n" + "\n".join(lines)


def differences(found: Mapping[str, Difference]) -> Table:
    """Return the table of a comparison."""
    rows = []
    for name, one in found.items():
        low, high = show(name, one.low), show(name, one.high)
        interval = "-" if low == high == "-" else f"{low} to {high}"
        chances = [show("p", one.p_randomisation), show("p", one.p_bootstrap)]
        values = [show(name, part) for part in (one.first, one.second, one.difference)]
        rows.append([name, *values, interval, *chances])
    header = [
        "metric",
        "first",
        "second",
        "difference",
        "95 % interval",
        "p (random.)",
        "p (boot.)",
    ]
    return header, rows


# What a system costs: the column's head; better is higher (+) or lower (-).
COSTS = {
    "words_per_second": ("words/s, one core", "+"),
    "ratio": ("ratio to", "+"),
    "words_per_second_two": ("words/s, two cores", "+"),
    "p50_seconds": ("p50 a document", "-"),
    "p95_seconds": ("p95 a document", "-"),
    "start_seconds": ("start", "-"),
    "peak_bytes": ("peak memory", "-"),
    "model_bytes": ("models", "-"),
}


def footprint_table(found: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return the table of what systems cost; see `_footprint.measure`."""
    beside = next((one["beside"] for one in found.values() if "beside" in one), "-")
    heads = (f"{head} {beside}" if name == "ratio" else head for name, (head, _) in COSTS.items())
    header = ["system", *heads]
    return header, [[name, *footprint_cells(one)] for name, one in found.items()]


def unmeasured(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return why systems could not be measured, a line each."""
    return [one["failed"] for one in found.values() if "failed" in one]


def footprint_cells(one: Mapping[str, Any]) -> list[str]:
    """Format what a system costs, in the order of `COSTS`.

    >>> footprint_cells({"words_per_second": 18500, "ratio": 1.0, "peak_bytes": 163_000_000})
    ['18,500', '1', '-', '-', '-', '-', '163 MB', '-']
    """
    return [_cost(name, one[name]) if one.get(name) else "-" for name in COSTS]


def _cost(name: str, value: float) -> str:
    if name.startswith("words"):
        return f"{value:,.0f}"
    if name == "ratio":
        return f"{value:.3g}"
    return _duration(value) if name.endswith("seconds") else _megabytes(value)


def _duration(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def _megabytes(size: float) -> str:
    return f"{size / 1e6:.0f} MB" if size >= 1e7 else f"{size / 1e6:.1f} MB"


def markdown_table(table: Table) -> str:
    """Format a table as Markdown.

    >>> print(markdown_table((["a", "b"], [["1", "2"]])))
    | a | b |
    | --- | --- |
    | 1 | 2 |
    """
    header, rows = table
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(one) for one in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
