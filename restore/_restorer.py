"""The restorer: repairs, then a decoder, then the policy, all as edits on the original."""

from __future__ import annotations

import os
from collections.abc import Collection
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from restore._compose import compose_edits
from restore._document import Document
from restore._edits import apply_edits, is_probability
from restore._errors import RestoreError
from restore._policy import Policy
from restore._restoration import Restoration
from restore._stretches import decide

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from restore._decoder import Decoder

MODES = ("auto", "dictionary", "fast", "full", "best")
NEURAL = frozenset({"auto", "full", "best"})


class Restorer:
    """Turns garbled text back into readable English.

    Holds only read-only data: safe to share between threads; pickles as the arguments it was
    loaded with. The same text gives the same result, whatever was restored before or with it.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what `load` has made of its arguments
        self,
        decoder: Decoder,
        policy: Policy,
        protect: tuple[str, ...],
        repairs: tuple[str, ...],
        least: float = 0.0,
        arguments: dict[str, Any] | None = None,
    ) -> None:
        self._decoder = decoder
        self._policy = policy
        self._protect = protect
        self._repairs = repairs
        self._least = least  # of a repair's confidence; the policy sees the decoder's edits
        self._arguments = arguments

    @classmethod
    def load(  # noqa: PLR0913, PLR0917 - all that can be chosen, each with a default
        cls,
        mode: str = "auto",
        dictionaries: Sequence[str | Path] = (),
        protect: Sequence[str] = (),
        min_confidence: float | None = None,
        repairs: Sequence[str] | None = None,
        model: str | Path | None = None,
        engine: str = "onnx",
    ) -> Restorer:
        """Load what `mode` needs from the package.

        Args:
            mode: ``dictionary`` (forms that are never honest English), ``fast`` (candidates chosen
                in context), ``full`` (a neural network reads every doubtful word in context, and
                writes what no list holds), ``best`` (a causal language model reads once more what
                full mode is unsure of; slow, extra ``best``), or ``auto``: ``full``.
            dictionaries: user tables (TSV: garbled, original), later ones first in precedence.
            protect: terms never altered; exact and case-sensitive.
            min_confidence: least confidence of an edit, 0-1, a repair's too; None makes all repairs
                and takes the mode's own threshold for everything else, chosen so
                that clean text stays clean, and lower in texts that are certainly spun. Higher is
                safer, lower repairs more.
            repairs: names of the repairs to run; None runs all that are on by default, an empty
                list runs none.
            model: folder of a network of one's own, as `restore train` exports it, for full
                and best mode; None takes the shipped one.
            engine: what runs the network: ``onnx``, on the processor, or ``torch`` (extra
                ``torch``), on a GPU where there is one.

        Raises:
            RestoreError: an unknown mode, repair or engine, a threshold outside 0-1, or one string
                where a list of them belongs.
            DictionaryError: a dictionary is damaged, or a user table has a bad line.
            ModelError: a model file is missing or damaged, or that of mode ``best`` not installed.
        """
        from restore._modes import load_decoder  # numpy comes with it

        _check_arguments(dictionaries, protect, repairs, min_confidence)
        if mode not in MODES:
            message = f"unknown mode {mode!r}: choose one of {', '.join(MODES)}"
            raise RestoreError(message)
        _check_network(mode, model, engine)
        decoder, policy = load_decoder(mode, tuple(dictionaries), model, engine)
        if min_confidence is not None:
            policy = Policy.from_threshold(min_confidence)
        arguments = {
            "mode": mode,
            "dictionaries": tuple(dictionaries),
            "protect": tuple(protect),
            "min_confidence": min_confidence,
            "repairs": None if repairs is None else tuple(repairs),
            "model": model,
            "engine": engine,
        }
        return cls(
            decoder,
            policy,
            tuple(protect),
            _repair_names(repairs),
            min_confidence or 0.0,
            arguments,
        )

    @property
    def mode(self) -> str:
        """The mode in use, ``auto`` resolved."""
        return self._decoder.name

    def restore(self, text: str) -> Restoration:
        """Restore one text of any length.

        Raises:
            TypeError: `text` is not a string.
        """
        if not isinstance(text, str):
            message = f"restore() takes a string, not {type(text).__name__}: decode bytes first"
            raise TypeError(message)
        from restore.repairs import run_repairs

        repaired = run_repairs(
            text,
            self._repairs,
            protect=self._protect,
            known=self._decoder.knows,
            least=self._least,
        )
        current = apply_edits(text, repaired)
        document = Document.parse(current, self._protect)
        decided = decide(self._decoder, self._policy, document, self._protect)
        edits = compose_edits(text, [repaired, decided.edits]) if repaired else decided.edits
        share = min(1.0, max(0.0, decided.garbled / decided.words)) if decided.words else 0.0
        return Restoration(text, tuple(edits), round(share, 4), self._decoder.name)

    def restore_many(
        self, texts: Iterable[str], batch_size: int = 32, workers: int = 1
    ) -> Iterator[Restoration]:
        """Restore texts in their order, lazily; results depend on neither number.

        Args:
            texts: any iterable of strings; read no further ahead than they are restored, with
                workers at most a few batches for each.
            batch_size: how many texts a worker is given at a time, at least 1.
            workers: processes; with one, texts are restored in this process. A script that asks
                for more keeps its own work below ``if __name__ == "__main__":``.

        Raises:
            RestoreError: `batch_size` is below 1.
            TypeError: `texts` is one string, which would be restored letter by letter.
            EngineError: `workers` is below 1, or a worker died.
        """
        if isinstance(texts, str):
            message = "restore_many() takes several texts: write [text], or call restore()"
            raise TypeError(message)
        if batch_size < 1:
            message = f"batch_size is at least 1, not {batch_size}"
            raise RestoreError(message)
        if workers == 1:
            # Every text has a key of its own, so each is decoded by itself: batching gains nothing.
            return (self.restore(text) for text in texts)
        from restore.engines import map_in_order

        following = iter(texts)
        batches = iter(lambda: list(islice(following, batch_size)), [])
        return chain.from_iterable(map_in_order(self._restore_all, batches, workers=workers))

    def _restore_all(self, texts: Iterable[str]) -> list[Restoration]:
        return [self.restore(text) for text in texts]

    def __reduce__(self) -> tuple[Any, ...]:
        if self._arguments is None:
            message = "only a restorer made by Restorer.load can be pickled"
            raise TypeError(message)
        return _load, (type(self), self._arguments)


def _check_arguments(
    dictionaries: object, protect: object, repairs: object, min_confidence: object
) -> None:
    """Refuse what would fail later, or be taken for something else: a string is no list."""
    lists = {
        "dictionaries": dictionaries,
        "protect": protect,
        "repairs": () if repairs is None else repairs,
    }
    for name, values in lists.items():
        kinds = (str, os.PathLike) if name == "dictionaries" else str
        if isinstance(values, (str, bytes, os.PathLike)) or not isinstance(values, Collection):
            message = f"{name} takes a list, not {values!r:.80}: write [{values!r:.80}]"
            raise RestoreError(message)
        if odd := [value for value in values if not isinstance(value, kinds)]:
            message = f"{name} holds strings, not {odd[0]!r:.80}"
            raise RestoreError(message)
    if min_confidence is not None and not is_probability(min_confidence):
        message = f"min_confidence is a probability from 0 to 1, not {min_confidence!r:.80}"
        raise RestoreError(message)


def _check_network(mode: str, model: object, engine: str) -> None:
    if not isinstance(model, str | os.PathLike | None):
        message = f"model is a folder's path, not {model!r:.80}"
        raise RestoreError(message)
    if mode in NEURAL:
        return
    if model is not None:
        message = f"mode {mode!r} uses no network: leave model={str(model)!r} out"
        raise RestoreError(message)
    if engine != "onnx":
        message = f"mode {mode!r} uses no network: leave engine={engine!r} out"
        raise RestoreError(message)


def _load(kind: type[Restorer], arguments: dict[str, Any]) -> Restorer:
    return kind.load(**arguments)


def _repair_names(names: Sequence[str] | None) -> tuple[str, ...]:
    from restore.repairs import DEFAULT_REPAIRS, REPAIRS

    if names is None:
        return tuple(DEFAULT_REPAIRS)
    for name in names:
        if name not in REPAIRS:
            message = f"unknown repair {name!r}: choose from {', '.join(REPAIRS)}"
            raise RestoreError(message)
    return tuple(name for name in REPAIRS if name in set(names))


@lru_cache(maxsize=1)
def _default() -> Restorer:
    return Restorer.load()


def restore(text: str) -> Restoration:
    """Restore one text with the defaults; the models are loaded at the first call and kept.

    Raises:
        TypeError: `text` is not a string.
    """
    return _default().restore(text)
