"""The training loop: Accelerate for processes and devices, exact resume, the best weights kept."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import torch
from accelerate import Accelerator
from torch.utils.data import DataLoader, IterableDataset

from training.seq2seq._batches import arrays_of
from training.seq2seq._checkpoint import keep_best, load_state, save_state
from training.seq2seq._measure import fast_baseline, measure
from training.seq2seq._start import build_model, optimiser_for, rate_factor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from training.seq2seq._batches import Batch, Window
    from training.seq2seq._config import TrainConfig
    from training.seq2seq._stream import Stream

STATE = "state.pt"
LOG_EVERY = 20  # steps


@dataclass(slots=True)
class Progress:
    """Where a run is: all that is needed to go on as if nothing had happened."""

    step: int = 0
    words: int = 0
    chunk: int = 0
    number: int = -1
    best: float = -1e9
    stale: int = 0


class Batches(IterableDataset[tuple[int, int, "Batch"]]):
    """A stream for `DataLoader`, which prepares batches in a process of its own."""

    def __init__(self, stream: Stream, chunk: int, skip: int) -> None:
        self.stream, self.chunk, self.skip = stream, chunk, skip

    def __iter__(self) -> Iterator[tuple[int, int, Batch]]:
        return self.stream.batches(self.chunk, self.skip)


class Meter:
    """Loss and speed since the last line of the log."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self.loss, self.steps, self.words, self.began = 0.0, 0, 0, time.time()

    def add(self, loss: torch.Tensor, words: int) -> None:
        """Count a step."""
        self.loss, self.steps, self.words = (
            self.loss + float(loss.detach()),
            self.steps + 1,
            self.words + words,
        )

    def read(self) -> dict[str, float]:
        """Return the mean loss and the words a second, and begin anew."""
        out = {
            "loss": self.loss / max(1, self.steps),
            "words_per_s": self.words / max(1e-9, time.time() - self.began),
        }
        self.reset()
        return out


class Run:
    """One training run; `go` trains until the words are used up or nothing improves.

    Args:
        config: the run.
        stream: its data, for this process.
        measured: held-out windows by dialect.
        out: folder of the run: `model/` (best weights), `state.pt`, `log.jsonl`, TensorBoard logs.
    """

    def __init__(
        self, config: TrainConfig, stream: Stream, measured: dict[str, list[Window]], out: Path
    ) -> None:
        self.config, self.stream, self.measured, self.out = config, stream, measured, out
        out.mkdir(parents=True, exist_ok=True)
        self.accelerator = Accelerator(
            cpu=not torch.cuda.is_available(),
            mixed_precision=config.precision,
            log_with="tensorboard",
            project_dir=str(out),
        )
        stream.rank = self.accelerator.process_index
        stream.world = self.accelerator.num_processes
        if config.threads:
            torch.set_num_threads(config.threads)
        plain = build_model(config, stream)
        optimiser = optimiser_for(plain, config)
        self.rates = [group["lr"] for group in optimiser.param_groups]
        self.progress = Progress()
        if (out / STATE).exists():
            progress, before = load_state(out / STATE, plain, optimiser)
            self.progress = Progress(**progress)
            self._log_resumed(before)
        self.model, self.optimiser = self.accelerator.prepare(plain, optimiser)
        self.accelerator.init_trackers("logs")
        self.meter = Meter()

    @property
    def order(self) -> dict[str, int]:
        """What the order of the data depends on, beside the data."""
        return {"processes": self.stream.world, "seed": self.config.seed}

    def _log_resumed(self, before: dict[str, int]) -> None:
        """Note that the run goes on, and how its data were ordered before if not as now."""
        changed = {"before": before} if before and before != self.order else {}
        self.log({"resumed": self.progress.step, **self.order, **changed})

    @property
    def is_done(self) -> bool:
        """Have the words been used up?"""
        return self.progress.words >= self.config.schedule.words

    def go(self) -> dict[str, Any]:
        """Train; returns the last measurement, by dialect: an earlier one's if all was done."""
        progress, result = self.progress, {}
        if self.is_done or self.is_stale():
            self.accelerator.end_training()
            return last_measured(self.out)
        if progress.step == 0:
            self.log({"fast": fast_baseline(self.measured, self.stream.pieces)})
        loader = DataLoader(
            Batches(self.stream, progress.chunk, progress.number + 1),
            batch_size=None,
            num_workers=1,
            prefetch_factor=8,
        )
        self.model.train()
        self.meter.reset()
        for chunk, number, batch in loader:
            self.step(batch)
            progress.chunk, progress.number = chunk, number
            done = self.is_done
            if done or progress.step % self.config.schedule.measure_every == 0:
                result = self.take_measure()
            if done or progress.step % self.config.schedule.save_every == 0:
                self.save()
            if done or self.is_stale():
                break
        self.accelerator.end_training()
        return result

    def step(self, batch: Batch) -> None:
        """Take one step on one batch."""
        self._set_rates()
        device = self.accelerator.device
        tensors = {n: torch.from_numpy(v).to(device) for n, v in arrays_of(batch).items()}
        with self.accelerator.autocast():
            loss = self.model(tensors).loss
        self.accelerator.backward(loss)
        self.accelerator.clip_grad_norm_(self.model.parameters(), self.config.schedule.clip)
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.progress.step += 1
        words = torch.tensor([batch.words], device=device)
        # All processes count the same words, so that they stop at the same step.
        self.progress.words += int(self.accelerator.reduce(words))
        self.meter.add(loss, batch.words)
        if self.progress.step % LOG_EVERY == 0:
            self._log_step()

    def _set_rates(self) -> None:
        factor = rate_factor(self.progress.step, self.progress.words, self.config)
        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor

    def _log_step(self) -> None:
        read = self.meter.read()
        self.accelerator.log(read, step=self.progress.step)
        self.log({"step": self.progress.step, "words": self.progress.words, **read})

    def take_measure(self) -> dict[str, Any]:
        """Measure, log, and keep the weights if they are the best so far."""
        plain = self.accelerator.unwrap_model(self.model)
        result = measure(plain, self.measured, self.stream.pieces)
        # The loss, not the words put right: it knows no threshold, and wavers less.
        value = -result["all"]["loss"]
        better = value > self.progress.best
        self.progress.stale = 0 if better else self.progress.stale + 1
        self.progress.best = max(value, self.progress.best)
        self.log({"step": self.progress.step, "words": self.progress.words, "measured": result})
        scores = {f"measured/{name}": rate for name, rate in result["all"].items()}
        self.accelerator.log(scores, step=self.progress.step)
        if better and self.accelerator.is_main_process:
            keep_best(plain, self.stream.pieces, self.out / "model")
        self.meter.reset()
        return result

    def is_stale(self) -> bool:
        """Has nothing improved for as many measurements as the run has patience for?"""
        patience = self.config.schedule.patience
        return 0 < patience <= self.progress.stale

    def save(self) -> None:
        """Write a checkpoint, whole or not at all."""
        if self.accelerator.is_main_process:
            plain = self.accelerator.unwrap_model(self.model)
            progress = asdict(self.progress)
            save_state(self.out / STATE, plain, self.optimiser, progress, self.order)

    def log(self, record: dict[str, Any]) -> None:
        """Append a line to the run's log."""
        if self.accelerator.is_main_process:
            with (self.out / "log.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")


def last_measured(out: Path) -> dict[str, Any]:
    """Return the last measurement of a run's log, by dialect."""
    lines = (out / "log.jsonl").read_text(encoding="utf-8").splitlines()
    found = [record["measured"] for record in map(json.loads, lines) if "measured" in record]
    return found[-1] if found else {}


def train(
    config: TrainConfig, stream: Stream, measured: dict[str, list[Window]], out: Path
) -> dict[str, Any]:
    """Train until the words are used up; goes on where an earlier run of `out` stopped.

    Args:
        config: the run.
        stream: its data, for this process.
        measured: held-out windows by dialect.
        out: folder of the run.

    Returns:
        The last measurement, by dialect.
    """
    return Run(config, stream, measured, out).go()
