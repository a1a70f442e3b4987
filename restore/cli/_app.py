"""Puts the subcommands together."""

from typing import Annotated

import typer

from restore.cli import _apply, _bench, _check, _demo, _dictionary, _explain, _text
from restore.cli._plugins import DictionaryGroup, RootGroup
from restore.cli._version import print_version

app = typer.Typer(
    cls=RootGroup,
    no_args_is_help=True,
    # Plain help: a sixth of the time that the coloured one takes, and errors stay on one line.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Turn garbled ('spun') English text back into readable text, and explain every edit.",
    epilog="Exit codes: 0 done, 1 some files failed, 2 usage, 3 too garbled (check), 130 Ctrl-C.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _top(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=print_version,
            is_eager=True,
            help="Show the versions of the package and of its data.",
        ),
    ] = False,
) -> None:
    del version


app.command("text", cls=_text.BackupCommand)(_text.text)
app.command("explain")(_explain.explain)
app.command("apply")(_apply.apply)
app.command("check")(_check.check)
_dictionary_app = typer.Typer(
    cls=DictionaryGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Look into the substitution dictionary.",
)
_dictionary_app.command("lookup")(_dictionary.lookup)
_dictionary_app.command("stats")(_dictionary.stats)
app.add_typer(_dictionary_app, name="dictionary")
app.command("demo")(_demo.demo)
app.command("bench")(_bench.bench)
