"""The benchmark's page: tables and signatures, with the prose of a template around them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import restore
from evaluation import _report
from evaluation._sets import headlines
from evaluation._templates import jinja
from evaluation.benchmark._tables import Tables, metric_head
from evaluation.jobs._environment import cpu_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.benchmark._listing import ListedSet
    from evaluation.benchmark._measured import Measured

Report = dict[str, Any]


def render(measured: Measured) -> str:
    """Return the page as Markdown; every figure on it is one of this run.

    Raises:
        EvaluationError: Jinja2 is not installed.
    """
    jinja2 = jinja("the benchmark page")
    made: Any = jinja2.Environment(
        loader=jinja2.PackageLoader("evaluation.benchmark", "templates"),
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    found: str = made.get_template("benchmark.md").render(
        page=Page(measured), measured=measured, version=restore.__version__,
        cores=os.cpu_count(), cpu=cpu_model(),
    )  # fmt: skip
    return found


class Page:
    """What the template asks for."""

    def __init__(self, measured: Measured) -> None:
        self._measured = measured
        self._tables = Tables(measured)
        self._sets = {one.name: one for one in measured.sets.there}
        self._groups = _report.by_set(measured.reports)
        self._shown: set[str] = set()

    def has(self, *names: str) -> bool:
        """Say whether any of the sets was measured."""
        return any(name in self._groups for name in names)

    def title(self, name: str) -> str:
        """Return what readers call a set."""
        return self._sets[name].title or name

    def table(self, name: str, *columns: str) -> str:
        """Return a set's table, with what was read and the signature below it."""
        return f"{self._tables.on_set(name, columns)}\n\n{self._below(name)}"

    def across(self, *columns: tuple[str, str, str]) -> str:
        """Return a table over sets that were measured, with their signatures below it."""
        there = [one for one in columns if one[0] in self._groups]
        below = [f"{name}: {self._below(name)}" for name in dict.fromkeys(one[0] for one in there)]
        return "\n\n".join([self._tables.across(there), *below])

    def slices(self, metric: str, key: str, *names: str) -> str:
        """Return a table of a metric by slice: a column for each set and value; empty without any.

        Args:
            metric: its name.
            key: what is sliced by.
            names: sets.
        """
        found = [
            (name, f"{metric}@{key}={value}", f"{name}: {value}")
            for name in names
            for value in sorted(
                {part for one in self._groups.get(name, ()) for part in one["slices"].get(key, ())}
            )
        ]
        return self._tables.across(found) if found else ""

    def overview(self) -> str:
        """Return the table with a column for each set."""
        return self._tables.overview()

    def legend(self) -> list[str]:
        """Return a line for each set: its name, what it is, its leading metric."""
        return [
            f"**{one.name}**: {one.title or one.name}; {metric_head(one)}"
            for one in self._sets.values()
        ]

    def behind(self) -> list[str]:
        """Return where other programs are better than this package."""
        return self._tables.behind()

    def costs(self) -> str:
        """Return the table of speed and size; empty if nothing was measured."""
        return _report.markdown_table(self._tables.costs()) if self._measured.footprints else ""

    def unmeasured(self) -> list[str]:
        """Return which systems' speed could not be measured, and why."""
        return _report.unmeasured(self._measured.footprints)

    def rest(self) -> list[tuple[ListedSet, list[str]]]:
        """Return the sets that have had no table yet, each with the metrics that lead its kind."""
        left = [
            one for name, one in self._sets.items() if name in self._groups.keys() - self._shown
        ]
        return [(one, self._leading(self._groups[one.name])) for one in left]

    def signatures(self) -> list[tuple[str, str]]:
        """Return each system that ran, with its signature."""
        return [(one.title, one.signature) for one in self._measured.systems.values()]

    def failures(self) -> list[str]:
        """Return a line for each set and each document at which a system failed."""
        titles = {name: one.title for name, one in self._measured.systems.items()}
        pairs = [f"{title} on {name}: {why}" for title, name, why in self._measured.failed]
        return pairs + [
            f"{titles[one['system']]} on {one['set']}: {len(one['failed'])} documents, "
            f"the first {name!r}: {reason}"
            for one in self._measured.reports
            for name, reason in list(one["failed"].items())[:1]
        ]

    def partly(self) -> list[tuple[str, str]]:
        """Return the systems that are listed for some of the sets only, with these."""
        found = []
        for one in self._measured.systems.values():
            names = [name for name in self._sets if one.listed.gets(name)]
            if len(names) < len(self._sets):
                found.append((one.title, ", ".join(names)))
        return found

    def _below(self, name: str) -> str:
        self._shown.add(name)
        group = self._groups[name]
        data, _, rest = self._signature(group[0]).partition("|")
        tail = "*" if rest == self.common() else rest
        return f"{_report.counts_of(group)} Signature: `{data}|{tail}`"

    def common(self) -> str:
        """Return what all signatures have after their data, with a sign in the systems' places."""
        tails = [self._signature(one).partition("|")[2] for one in self._measured.reports]
        return tails[0] if len(set(tails)) == 1 else ""

    def _signature(self, report: Report) -> str:
        own = self._measured.systems[report["system"]].signature
        found: str = report["signature"].replace(f"system:{own}|", "system:*|")
        return found

    @staticmethod
    def _leading(group: Sequence[Report]) -> list[str]:
        return headlines(group[0]["kind"], {name for one in group for name in one["metrics"]})
