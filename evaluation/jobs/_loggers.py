"""Loggers: where a job's metrics are sent beside its own files. Imported when one is asked for."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

PROJECT = "restore-evaluate"


class Logger(Protocol):
    """Anything that takes a job's metrics."""

    def start(self, folder: Path, run: Mapping[str, Any]) -> None:
        """Begin: the job's folder, and what `run.json` holds so far."""

    def metrics(self, values: Mapping[str, float]) -> None:
        """Take metrics, each named ``SET/SYSTEM/METRIC``."""

    def artifact(self, path: Path) -> None:
        """Take a file."""

    def finish(self) -> None:
        """End."""


class Null:
    """Takes everything and keeps nothing."""

    def start(self, folder: Path, run: Mapping[str, Any]) -> None:
        """Do nothing."""

    def metrics(self, values: Mapping[str, float]) -> None:
        """Do nothing."""

    def artifact(self, path: Path) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""


class TensorBoard(Null):
    """Writes event files to the job's folder ``tensorboard``."""

    def start(self, folder: Path, run: Mapping[str, Any]) -> None:
        """Open the event file."""
        del run
        make: Any = import_module("torch.utils.tensorboard").SummaryWriter
        self._writer = make(str(folder / "tensorboard"))

    def metrics(self, values: Mapping[str, float]) -> None:
        """Write scalars."""
        for name, value in values.items():
            self._writer.add_scalar(name, value)

    def finish(self) -> None:
        """Close the event file."""
        self._writer.close()


class MLflow(Null):
    """Logs a run to the tracking server (or folder) that MLflow is set up for."""

    def start(self, folder: Path, run: Mapping[str, Any]) -> None:
        """Start a run with the configuration as parameters."""
        self._mlflow: Any = import_module("mlflow")
        self._mlflow.set_experiment(PROJECT)
        self._mlflow.start_run(run_name=folder.name)
        # MLflow takes values of 6,000 characters at most.
        self._mlflow.log_params({k: str(v)[:6000] for k, v in run["config"].items()})

    def metrics(self, values: Mapping[str, float]) -> None:
        """Log metrics; MLflow allows no ``@`` nor ``+`` in names."""
        self._mlflow.log_metrics(
            {name.replace("@", "-at-").replace("+", "-"): v for name, v in values.items()}
        )

    def artifact(self, path: Path) -> None:
        """Log a file."""
        self._mlflow.log_artifact(str(path))

    def finish(self) -> None:
        """End the run."""
        self._mlflow.end_run()


class WandB(Null):
    """Logs a run to Weights & Biases."""

    library = "wandb"

    def start(self, folder: Path, run: Mapping[str, Any]) -> None:
        """Start a run with the configuration."""
        self._library: Any = import_module(self.library)
        self._run: Any = self._library.init(
            project=PROJECT, name=folder.name, config=dict(run["config"])
        )

    def metrics(self, values: Mapping[str, float]) -> None:
        """Log metrics as one step."""
        self._library.log(dict(values))

    def artifact(self, path: Path) -> None:
        """Keep a file with the run."""
        self._run.save(str(path), base_path=str(path.parent), policy="now")

    def finish(self) -> None:
        """End the run."""
        self._library.finish()


class Trackio(WandB):
    """Logs a run to Trackio, which has wandb's calls but keeps no files of reports."""

    library = "trackio"

    def artifact(self, path: Path) -> None:
        """Do nothing."""


LOGGERS: dict[str, Callable[[], Logger]] = {
    "tensorboard": TensorBoard,
    "mlflow": MLflow,
    "wandb": WandB,
    "trackio": Trackio,
}


class Loggers(Null):
    """All loggers of a job as one; one that fails is named once, and left out from then on."""

    def __init__(self, names: Sequence[str], warn: Callable[[str], None] | None = None) -> None:
        self._active = {name: LOGGERS[name]() for name in names}
        self._warn = warn or _to_stderr

    def start(self, folder: Path, run: Mapping[str, Any]) -> None:
        """Begin in each."""
        self._all("start", folder, run)

    def metrics(self, values: Mapping[str, float]) -> None:
        """Send metrics to each."""
        self._all("metrics", values)

    def artifact(self, path: Path) -> None:
        """Send a file to each."""
        self._all("artifact", path)

    def finish(self) -> None:
        """End in each."""
        self._all("finish")

    def _all(self, what: str, *values: object) -> None:
        for name, logger in list(self._active.items()):
            try:
                with redirect_stdout(sys.stderr):  # some talk, and standard output is for results
                    getattr(logger, what)(*values)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong there, the job goes on
                del self._active[name]
                reason = " ".join(f"{type(error).__name__}: {error}".split())
                self._warn(f"the logger {name} failed and is left out: {reason:.300}")


def _to_stderr(message: str) -> None:
    print(f"restore evaluate: {message}", file=sys.stderr)  # noqa: T201
