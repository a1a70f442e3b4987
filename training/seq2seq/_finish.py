"""What follows a run: the form that is shipped, with what is fitted on the network's output."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from restore._errors import InputError
from restore.formats import whole_file, write_whole
from restore.seq2seq._network import CLOSING, WORDING, closing_of, read_settings
from training.seq2seq._calibrate import IF_SPUN, LIMITS, MISSPELT, THRESHOLDS, calibrate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from restore.lattice._scorer import Ensemble
    from training.seq2seq._calibrate import Calibration
    from training.seq2seq._export import Fitted
    from training.seq2seq._source import Texts


def calibrate_folder(
    model: Path,
    out: Path,
    corpora: Path,
    texts: Texts,
    documents: int,
    log: Callable[[str], None],
    fitted: Path | None = None,
) -> Calibration:
    """Export `model` to `out` with a closing round and the threshold that documents ask for.

    Args:
        model: what training wrote.
        out: folder to write.
        corpora: folder of Parquet corpora.
        texts: what is fitted on which of them.
        documents: how many others choose the threshold, with the shipped language model.
        log: told about progress and figures, a line at a time.
        fitted: exported model whose closing round and weights of written words are taken over
            instead, such as that of one of the runs whose mean `model` is.

    Raises:
        InputError: there are too few documents for something; said before anything is fitted.
    """
    from training.fast._run import measuring
    from training.seq2seq._export import Fitted, export

    measuring(corpora, 1)
    plain = {"min_confidence": 0.5, "misspelt": MISSPELT, "if_spun": IF_SPUN}
    with tempfile.TemporaryDirectory() as folder:
        if fitted:
            parts = Fitted.of(fitted)
        else:
            export(model, Path(folder), plain)
            parts = fit(Path(folder), corpora, texts, log)
        export(model, Path(folder), plain, parts)
        found = calibrate(Path(folder), corpora, documents)
    for (name, at), count in sorted(found.spun.items()):
        log(f"{name} at {at}: ERR {count.error_reduction:.3f} of {count.before} errors")
    for at in THRESHOLDS:
        sizes = ", ".join(f"{s} {found.changed_per_1000(s, at):.2f}" for s in LIMITS)
        log(f"clean, changed in 1,000 at {at}: {sizes}")
    record = {"min_confidence": found.threshold(), "misspelt": MISSPELT, "if_spun": IF_SPUN}
    export(model, out, record | {"calibration": found.record()}, parts)
    log(f"threshold {found.threshold()}, written to {out}")
    return found


def recalibrate(folder: Path, corpora: Path, documents: int) -> Calibration:
    """Measure an exported model anew, and write what is found into its description.

    Args:
        folder: the model.
        corpora: folder of Parquet corpora.
        documents: how many choose the threshold.
    """
    found, path = calibrate(folder, corpora, documents), folder / "config.json"
    record = {"min_confidence": found.threshold(), "calibration": found.record()}
    write_settings(path, json.loads(path.read_text(encoding="utf-8")) | record)
    return found


def fit(
    folder: Path,
    corpora: Path,
    texts: Texts,
    log: Callable[[str], None],
    kept: Ensemble | None = None,
) -> Fitted:
    """Fit what is fitted on a network's output.

    Args:
        folder: the model, which has neither yet.
        corpora: folder of Parquet corpora.
        texts: what is fitted on which of them.
        log: told about progress, a line at a time.
        kept: a closing round that stays; none is fitted then.

    Raises:
        InputError: there is too little to fit them on.
    """
    from training.seq2seq._closing import fit_closing
    from training.seq2seq._export import Fitted
    from training.seq2seq._wordings import fit_wordings

    sources = texts.sources(folder)
    closing = kept or fit_closing(sources, corpora, texts, log)
    if texts.closing and closing is None:
        message = f"{corpora} holds nothing to fit the closing round on: give more corpora"
        raise InputError(message)
    decoder = sources[0].decoder
    decoder.network.closing = closing
    wording = fit_wordings(decoder, corpora, texts.words, log) if texts.words else None
    return Fitted(closing, wording)


def refit(
    folder: Path,
    corpora: Path,
    texts: Texts,
    log: Callable[[str], None],
    *,
    keep: bool = False,
) -> None:
    """Fit anew what is fitted on an exported model's output.

    Args:
        folder: the model; it stays as it is until all is fitted.
        corpora: folder of Parquet corpora.
        texts: what is fitted on which of them.
        log: told about progress, a line at a time.
        keep: whether its closing round stays, and only what weighs its words is fitted.

    Raises:
        InputError: see `fit`.
        ModelError: the folder holds no exported model.
    """
    before = read_settings(folder)
    kept = closing_of(folder, before) if keep else None
    fitted = {WORDING} if keep else {CLOSING, WORDING}
    rest = {n: digest for n, digest in before["sha256"].items() if n not in fitted}
    with tempfile.TemporaryDirectory() as name:
        bare = Path(name)
        for file in rest:
            shutil.copy(folder / file, bare)
        write_settings(bare / "config.json", before | {"sha256": rest})
        found = fit(bare, corpora, texts, log, kept)
    join(folder, before | {"sha256": rest}, found)


def join(folder: Path, settings: dict[str, Any], fitted: Fitted) -> None:
    """Write what was fitted into a model's folder: all of it or nothing, its description last.

    Args:
        folder: the model.
        settings: its description; it names the files that stay.
        fitted: what comes to them, or in their place.

    Raises:
        InputError: the folder does not take the files.
    """
    with tempfile.TemporaryDirectory() as name, ExitStack() as files:
        new = Path(name)
        digests = fitted.save(new)
        write_settings(new / "config.json", settings | {"sha256": settings["sha256"] | digests})
        # Files appear as the stack is left, the last one first.
        for file in ("config.json", *digests):
            pending = files.enter_context(whole_file(folder / file))
            pending.path.write_bytes((new / file).read_bytes())


def write_settings(path: Path, settings: Mapping[str, object]) -> None:
    """Write a model's config.json, whole or not at all."""
    write_whole(path, (json.dumps(settings, indent=1, sort_keys=True) + "\n").encode())
