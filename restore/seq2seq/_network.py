"""The network at run time: three ONNX graphs over one file of 8-bit weights, checked at loading."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from restore._container import DATA
from restore._errors import ModelError
from restore._policy import Policy
from restore._signs import SLIGHT
from restore.lattice._columns import NAMES
from restore.lattice._weights import load_ensemble, load_scorers
from restore.seq2seq import _verdict
from restore.seq2seq._closing import CLOSING_NAMES
from restore.seq2seq._pieces import END, Pieces
from restore.seq2seq._verdict import Weighers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from restore.lattice._scorer import Ensemble

    Arrays = Mapping[str, NDArray[Any]]

SHIPPED = DATA / "seq2seq"
FILES = ("model.safetensors", "encoder.onnx", "decoder.onnx", "speller.onnx", "pieces.txt")
CLOSING, WORDING = "closing.bin", "wording.bin"  # a folder may lack them
FORMAT = "degarble"
GRAPHS = 2  # what the graphs take and give; 2: the decoder's memory comes from the encoder
THRESHOLDS = ("min_confidence", "misspelt", "if_spun")


class Encoded(NamedTuple):
    """What the encoder makes of some windows.

    A heads of size S; M keys and values of the decoder's layers.

    Attributes:
        states: of each unit, (B, L, H).
        memory: the keys and values that the decoder's layers attend to, (B, M, A, L, S); computed
            once, for all of the decoder's passes.
        judge: the judge's log probability of each reading, (P, R).
    """

    states: NDArray[np.float32]
    memory: NDArray[np.float32]
    judge: NDArray[np.float32]


class Network(Protocol):
    """What decodes: the shipped ONNX graphs, or the same network on torch.

    Symbols as in `restore.seq2seq._batch`: B windows, L units, P positions, R readings, D steps,
    S slots, T texts, H hidden size, V pieces.
    """

    pieces: Pieces
    closing: Ensemble | None
    wording: Weighers | None

    @property
    def policy(self) -> Policy:
        """Its default thresholds."""
        ...

    def vectors(self, table: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the mean of each text's pieces: (T, MAX_PIECES) to (T, H)."""
        ...

    def encode(self, inputs: Arrays) -> Encoded:
        """Read windows."""
        ...

    def decode(self, inputs: Arrays) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return queries of all steps (B, D, H) and log probabilities at the slots (S, R)."""
        ...

    def spell(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the log probability of each piece: (K, H) to (K, V)."""
        ...


class OnnxNetwork:
    """A model folder run by onnxruntime, on one thread: results do not depend on how many.

    Args:
        folder: holds config.json and the files that it names.

    Raises:
        ModelError: a file is missing, damaged, of another version, or onnxruntime is not there.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        self.settings = read_settings(folder)
        self.pieces = Pieces.read(folder / "pieces.txt")
        weights = _tensors(folder / "model.safetensors", ("pieces.weight", "pieces.weight_scale"))
        self._small, self._scale = weights["pieces.weight"], weights["pieces.weight_scale"]
        self.closing = closing_of(folder, self.settings)
        self.wording = wording_of(folder, self.settings)
        self._encoder = _session(folder / "encoder.onnx")
        self._decoder = _session(folder / "decoder.onnx")
        self._speller = _session(folder / "speller.onnx")

    @property
    def policy(self) -> Policy:
        """Its default thresholds."""
        return policy_of(self.settings)

    def vectors(self, table: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the mean of each text's pieces: (T, MAX_PIECES) to (T, H)."""
        count = (table != END).sum(1)
        out: NDArray[np.float32] = self._piece(table[:, 0])
        several = np.flatnonzero(count > 1)  # most texts are one piece
        for column in table[several, 1 : count.max(initial=0)].T:
            used = column != END
            out[several[used]] += self._piece(column[used])
        out[several] /= count[several, None]
        out[count == 0] = 0
        return out

    def _piece(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        return self._small[ids] * self._scale[ids, None]  # type: ignore[no-any-return]

    def encode(self, inputs: Arrays) -> Encoded:
        """Read windows."""
        return Encoded(*self._encoder.run(list(Encoded._fields), dict(inputs)))

    def decode(self, inputs: Arrays) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return queries of all steps (B, D, H) and log probabilities at the slots (S, R)."""
        queries, rows = self._decoder.run(["queries", "rows"], dict(inputs))
        return queries, rows

    def spell(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the log probability of each piece: (K, H) to (K, V)."""
        (logs,) = self._speller.run(["logs"], {"queries": queries})
        return logs  # type: ignore[no-any-return]


def read_settings(folder: Path) -> dict[str, Any]:
    """Read config.json and compare the SHA-256 of every file that it names with what it says.

    Raises:
        ModelError: names the file and what to do.
    """
    path = folder / "config.json"
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        digests = dict(settings["sha256"])
        kind = settings["model_type"]
        policy_of(settings)
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path} is not the description of a restorer model ({error}): export it again"
        raise ModelError(message) from error
    if kind != FORMAT:
        message = f"{path} describes a model of type {kind!r}, not {FORMAT!r}"
        raise ModelError(message)
    if settings.get("features") != len(NAMES):
        message = f"{folder} was trained for other features than this version has: train it on"
        raise ModelError(message)
    if settings.get("graphs") != GRAPHS:
        message = f"{folder} was exported by another version than this: export it again"
        raise ModelError(message)
    for name in dict.fromkeys([*FILES, *digests]):
        _check(folder / name, digests.get(name, ""))
    return settings  # type: ignore[no-any-return]


def closing_of(folder: Path, settings: Mapping[str, Any]) -> Ensemble | None:
    """Return the closing round of a model that has one.

    Raises:
        ModelError: its file is missing, damaged, or was fitted for other features.
    """
    if CLOSING not in settings["sha256"]:
        return None
    return load_ensemble(folder / CLOSING, CLOSING_NAMES)


def wording_of(folder: Path, settings: Mapping[str, Any]) -> Weighers | None:
    """Return what weighs the words that a model writes, if it has it.

    Raises:
        ModelError: its file is missing, damaged, or was fitted for other features.
    """
    if WORDING not in settings["sha256"]:
        return None
    return Weighers(**load_scorers(folder / WORDING, _verdict.SCORERS))


def policy_of(settings: Mapping[str, Any]) -> Policy:
    """Return the thresholds that a model's description gives."""
    least, misspelt, spun = (float(settings[name]) for name in THRESHOLDS)
    return Policy.from_threshold(least, misspelt=misspelt, if_spun=spun, signs=SLIGHT)


def _check(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        message = f"cannot read {path} ({error.strerror}): install the package or the model again"
        raise ModelError(message) from error
    if found != expected:
        message = (
            f"{path} is damaged or belongs to another model: SHA-256 {found[:12]} found, "
            f"{expected[:12] or 'none'} expected; install the package or the model again"
        )
        raise ModelError(message)


def _tensors(path: Path, names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            return {name: file.get_tensor(name) for name in names}
    except SafetensorError as error:
        message = f"{path} lacks a part of its weights ({error}): export it again"
        raise ModelError(message) from error


def one_thread() -> Any:  # noqa: ANN401 - onnxruntime has no types
    """Return a session's options: on one thread results do not depend on how many there are."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options


def _session(path: Path) -> Any:  # noqa: ANN401 - onnxruntime has no types
    try:
        import onnxruntime as ort
    except ImportError as error:  # pragma: no cover - a base dependency
        message = f"onnxruntime cannot be loaded ({error}): reinstall it, or use mode 'fast'"
        raise ModelError(message) from error
    options = one_thread()
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no base class
        message = f"{path} cannot be run ({str(error).splitlines()[0]:.200}): export it again"
        raise ModelError(message) from error
