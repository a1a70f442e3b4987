"""A run from its configuration: pieces, stream, training, and the card that tells what came out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from restore import InputError
from restore.seq2seq._pieces import Pieces

if TYPE_CHECKING:
    from restore.lattice._lexicon import Lexicon
    from training.seq2seq._config import TrainConfig


def run(config_path: Path, corpora: Path, out: Path) -> dict[str, Any]:
    """Train as `config_path` says; goes on where an earlier run in `out` stopped.

    Args:
        config_path: TOML, see `training.seq2seq._config`.
        corpora: folder of Parquet files with the columns id and text.
        out: folder of the run.

    Returns:
        The last measurement, by dialect.

    Raises:
        InputError: a bad configuration, or nothing to train on.
    """
    from accelerate import PartialState

    from restore.lattice import load_weights
    from restore.seq2seq._encode import Reader
    from training.seq2seq._card import write_card
    from training.seq2seq._config import read_config
    from training.seq2seq._measure import measured_windows
    from training.seq2seq._start import make_stream
    from training.seq2seq._train import train

    config = read_config(config_path)
    lexicon = load_lexicon()
    pieces = load_pieces(config, lexicon, out)
    shipped = Reader.of(lexicon, load_weights())
    ngram = config.data.ngram
    reader = Reader.of(load_lexicon(Path(ngram)), load_weights()) if ngram else shipped
    stream = make_stream(config, corpora, pieces, reader)
    # Measured as users will read: with the shipped language model.
    measured = measured_windows(corpora, config.schedule.measured, shipped, pieces)
    result = train(config, stream, measured, out)
    if PartialState().is_main_process:  # the others may get here before there is a model
        write_card(config, corpora, out)
    return result


def load_lexicon(ngram: Path | None = None) -> Lexicon:
    """Load the shipped dictionary and a language model, by default the shipped one."""
    from restore.dictionary import Dictionary
    from restore.lattice import Lexicon, NgramModel

    return Lexicon(Dictionary.load(), NgramModel.load(ngram))


def load_pieces(config: TrainConfig, lexicon: Lexicon, out: Path) -> Pieces:
    """Return the run's vocabulary: that of the model it goes on from, or one chosen now."""
    from training.seq2seq._vocabulary import choose_pieces, usual_pieces

    for folder in (out / "model", Path(config.initial) if config.initial else None):
        if folder and (folder / "pieces.txt").exists():
            return Pieces.read(folder / "pieces.txt")
    if config.pretrained:
        tokenizer = pretrained_folder(config.pretrained) / "tokenizer.json"
        return choose_pieces(tokenizer, lexicon, config.network.vocabulary)
    return usual_pieces(lexicon, config.network.vocabulary)


def pretrained_folder(name: str) -> Path:
    """Return the folder of a checkpoint: a path, or an installed package that carries one.

    Raises:
        InputError: there is no such folder, and no such package.
    """
    from importlib.util import find_spec

    if Path(name).is_dir():
        return Path(name)
    spec = find_spec(name) if name.isidentifier() else None
    if spec is None or spec.origin is None:
        message = f"no folder and no installed package is called {name!r}: check `pretrained`"
        raise InputError(message)
    return next(Path(spec.origin).parent.rglob("tokenizer.json")).parent
