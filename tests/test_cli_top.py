"""The command itself: its version, and commands that come from outside."""

from __future__ import annotations

import re
import sys

from tests.cli_runs import one_line, run


class TestTop:
    def test_version(self):
        assert run("--version").stdout.startswith("restore ")

    def test_plugins_are_listed_without_being_imported(self, monkeypatch):
        _plug(monkeypatch, "broken", "no_such_module_here:app")
        assert re.search(r"broken +From no_such_module_here\.", run("--help").stdout)
        assert one_line(run("broken", "x", code=1)) == (
            "restore: no_such_module_here is not part of this installation"
        )

    def test_plugins_run(self, monkeypatch):
        _plug(monkeypatch, "mine", "tests.test_cli_top:plugin")
        assert run("mine", "--loud").stdout == "HELLO\n"

    def test_a_missing_extra_is_one_line(self, monkeypatch):
        _plug(monkeypatch, "mine", "tests.test_cli_top:needy")
        monkeypatch.setitem(sys.modules, "torch", None)
        assert (
            one_line(run("mine", code=1))
            == "restore: this needs torch: pip install 'degarble[train]'"
        )

    def test_a_plugin_without_its_object(self, monkeypatch):
        _plug(monkeypatch, "mine", "tests.test_cli_top:nothing")
        assert "the command 'mine' is broken" in one_line(run("mine", code=1))

    def test_unknown_commands(self):
        assert "No such command" in run("fly", code=2).stderr


def _plug(monkeypatch, name, value):
    from importlib.metadata import EntryPoint

    from restore.cli import _plugins

    entry = EntryPoint(name, value, "restore.commands")
    monkeypatch.setattr(_plugins, "_found", lambda group: {name: entry})


def _make_plugin(work):
    import typer

    plugin = typer.Typer()
    plugin.command()(work)
    return plugin


def _hello(loud: bool = False) -> None:
    sys.stdout.write("HELLO\n" if loud else "hello\n")


def _needs_torch() -> None:
    import torch  # noqa: F401


plugin = _make_plugin(_hello)


needy = _make_plugin(_needs_torch)
