"""Tables of the benchmark's page, a row a system, the best of each column in bold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evaluation._report import COSTS, Table, footprint_table, markdown_table
from evaluation.benchmark._columns import HEADS, Column, best, column, plain_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.benchmark._listing import ListedSet
    from evaluation.benchmark._measured import Measured

Report = dict[str, Any]
Placed = tuple[str, Column]  # a set, and what is read from the reports on it


class Tables:
    """Makes tables from what was measured."""

    def __init__(self, measured: Measured) -> None:
        self._measured = measured
        self._reports = {(one["set"], one["system"]): one for one in measured.reports}
        self._kinds = {one["set"]: str(one["kind"]) for one in measured.reports}

    def on_set(self, name: str, specs: Sequence[str]) -> str:
        """Return the table of one set.

        Args:
            name: the set.
            specs: its columns; see `column`.
        """
        return self._markdown([(name, column(spec, self._kinds[name])) for spec in specs])

    def across(self, columns: Sequence[tuple[str, str, str]]) -> str:
        """Return a table over several sets.

        Args:
            columns: set, column as in `column`, and what is to stand above it.
        """
        return self._markdown(
            [(name, _named(column(spec, self._kinds[name]), head)) for name, spec, head in columns]
        )

    def overview(self) -> str:
        """Return the table of the metric that stands for each set.

        Speed and size come last, where they were measured.
        """
        header, rows = self._table([(one.name, self._lead(one)) for one in self._scored_sets()])
        if self._measured.footprints:
            heads, costs = self.costs()
            cells = {row[0]: row for row in costs}
            at = [list(COSTS).index(name) + 1 for name in ("ratio", "model_bytes")]
            header += [f"speed, {heads[at[0]]}", heads[at[1]]]
            rows = [[*row, *(cells.get(row[0], [""] * 9)[n] for n in at)] for row in rows]
        return markdown_table((header, rows))

    def _scored_sets(self) -> list[ListedSet]:
        return [one for one in self._measured.sets.there if one.name in self._kinds]

    def _lead(self, one: ListedSet) -> Column:
        shown = plain_column(one.lead, self._kinds[one.name])
        return _named(shown, f"{one.name}: {shown.head}")

    def _markdown(self, columns: Sequence[Placed]) -> str:
        return markdown_table(self._table(columns))

    def _table(self, columns: Sequence[Placed]) -> Table:
        systems = [name for name in self._measured.systems if self._scored(name, columns)]
        winners = [self.winners(where, one) for where, one in columns]
        rows = []
        for name in systems:
            cells = [
                self._cell(name, place, name in won)
                for place, won in zip(columns, winners, strict=True)
            ]
            rows.append([self._title(name), *cells])
        return ["", *(one.head for _, one in columns)], rows

    def _scored(self, system: str, columns: Sequence[Placed]) -> bool:
        return any((where, system) in self._reports for where, _ in columns)

    def winners(self, where: str, one: Column) -> set[str]:
        """Return the systems that are best in a column; floors and ceilings compete with none."""
        values = {
            name: (one.value(report), one.text(report).partition(" (")[0])
            for name, ready in self._measured.systems.items()
            if ready.listed.role != "bound" and (report := self._reports.get((where, name)))
        }
        return best(values, one.sign)

    def _cell(self, system: str, place: Placed, won: bool) -> str:
        where, one = place
        report = self._reports.get((where, system))
        if report is None:
            return ""
        return f"**{one.text(report)}**" if won else one.text(report)

    def _title(self, name: str) -> str:
        ready = self._measured.systems[name]
        return f"*{ready.title}*" if ready.listed.role == "bound" else ready.title

    def behind(self) -> list[str]:
        """Return a line for each set on which another program is better than all our modes."""
        lines = []
        for one in self._scored_sets():
            shown = self._lead(one)
            ours, other = (self._best_of(one.name, shown, role) for role in ("mode", "other"))
            if ours and other and ours not in self.winners(one.name, shown):
                says = [f"{self._title(name)} {self._text(one.name, name, shown)}"
                        for name in (other, ours)]  # fmt: skip
                lines.append(
                    f"{one.title or one.name}, {metric_head(one)}: {says[0]}; "
                    f"the best mode here, {says[1]}"
                )
        return lines

    def _text(self, where: str, system: str, one: Column) -> str:
        return one.text(self._reports[where, system])

    def _best_of(self, where: str, one: Column, role: str) -> str | None:
        values = {
            name: value
            for name, ready in self._measured.systems.items()
            if ready.listed.role == role
            and (report := self._reports.get((where, name)))
            and (value := one.value(report)) is not None
        }
        choose = max if one.sign == "+" else min
        return choose(values, key=lambda name: values[name]) if values else None

    def costs(self) -> Table:
        """Return the table of speed, start, memory and size."""
        found = self._measured.footprints
        header, rows = footprint_table(found)
        shown = {name: cells for name, (_, *cells) in zip(found, rows, strict=True)}
        for at, (key, (_, sign)) in enumerate(COSTS.items()):
            rivals = {
                name: (one.get(key) or None, shown[name][at])
                for name, one in found.items()
                if self._measured.systems[name].listed.role != "bound"
            }
            for name in best(rivals, sign):
                shown[name][at] = f"**{shown[name][at]}**"
        header[0] = ""
        return header, [[self._title(name), *cells] for name, cells in shown.items()]


def metric_head(one: ListedSet) -> str:
    """Return what readers call the metric that stands for a set."""
    return HEADS.get(one.lead, one.lead)


def _named(one: Column, head: str) -> Column:
    return Column(head, one.value, one.text, one.sign)
