"""Training the network: learns, resumes exactly, runs in two processes, takes one's own pairs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from types import SimpleNamespace

import pytest

torch = pytest.importorskip("torch", reason="needs torch: pip install 'degarble[train]'")
pytest.importorskip("transformers", reason="pip install 'degarble[train]'")
pytest.importorskip("accelerate", reason="pip install 'degarble[train]'")
pytest.importorskip("datasets", reason="pip install 'degarble[train]'")
# Found, not imported: other tests see to it that nobody imports it unasked.
pytestmark = pytest.mark.skipif(
    find_spec("tensorboard") is None, reason="needs tensorboard: pip install 'degarble[train]'"
)

from restore import InputError, RestoreError  # noqa: E402
from tests.tiny_network import GARBLED, ROOT, SIZES, SOURCE, fitted_corpus, tiny_corpus  # noqa: E402
from training.seq2seq._config import TrainConfig, read_config  # noqa: E402
from training.seq2seq._pairs import edits_between, read_pairs  # noqa: E402

TINY = """
seed = 3
threads = 1
[network]
vocabulary = 600
hidden = 96
heads = 4
inner = 128
layers = 1
decoder_layers = 1
[data]
window = 64
units = 512
fresh = 0.5
{data}
[schedule]
words = {words}
warmup = 5
rate = 2e-3
save_every = 4
measure_every = 8
measured = 12
"""


@pytest.fixture(scope="module")
def corpora(tmp_path_factory):
    return tiny_corpus(tmp_path_factory.mktemp("corpora"))


def _config(folder, words=8000, data=""):
    path = folder / "run.toml"
    path.write_text(TINY.format(words=words, data=data), encoding="utf-8")
    return path


def _records(out):
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def trained(tmp_path_factory, corpora):
    from training.seq2seq._run import run

    folder = tmp_path_factory.mktemp("run")
    run(_config(folder), corpora, folder / "out")
    return folder / "out"


def test_a_tiny_run_learns_and_leaves_what_is_needed(trained):
    losses = [r["measured"]["all"]["loss"] for r in _records(trained) if "measured" in r]
    assert losses[-1] < losses[0]
    assert {p.name for p in (trained / "model").iterdir()} >= {
        "config.json", "model.safetensors", "pieces.txt", "README.md",
    }  # fmt: skip
    card = (trained / "model" / "README.md").read_text()
    assert "own.parquet" in card
    assert "| words | net | fixed |" in card
    assert "ERR |" not in card
    assert list((trained / "logs").rglob("events*"))


def test_a_killed_run_goes_on_as_if_nothing_had_happened(tmp_path, corpora, trained):
    """Stopped at its first checkpoint and started again, a run ends with the same weights."""
    from training.seq2seq import _train
    from training.seq2seq._run import run

    class KilledError(Exception):
        pass

    def stop(self):
        original(self)
        raise KilledError

    original = _train.Run.save
    _train.Run.save = stop
    try:
        with pytest.raises(KilledError):
            run(_config(tmp_path), corpora, tmp_path / "out")
    finally:
        _train.Run.save = original
    run(_config(tmp_path), corpora, tmp_path / "out")
    a, b = (torch.load(out / "state.pt", weights_only=True) for out in (trained, tmp_path / "out"))
    assert a["progress"] == b["progress"]
    for name, weight in a["model"].items():
        assert torch.equal(weight, b["model"][name]), name


def test_a_finished_run_takes_no_further_step(tmp_path, corpora, trained):
    from training.seq2seq._run import run

    out = shutil.copytree(trained, tmp_path / "out")
    before = (out / "state.pt").read_bytes()
    found = run(_config(tmp_path), corpora, out)
    assert (out / "state.pt").read_bytes() == before
    assert found == [r["measured"] for r in _records(out) if "measured" in r][-1]
    assert _records(out)[-1] == {"resumed": found_step(trained), "processes": 1, "seed": 3}


def found_step(out):
    return torch.load(out / "state.pt", weights_only=True)["progress"]["step"]


def test_a_run_that_goes_on_in_another_order_says_so(tmp_path, corpora, trained):
    from training.seq2seq._run import run

    out = shutil.copytree(trained, tmp_path / "out")
    config = _config(tmp_path, words=8200)  # more words are no other run
    config.write_text(config.read_text().replace("seed = 3", "seed = 4"))
    run(config, corpora, out)
    (resumed,) = (r for r in _records(out) if "resumed" in r)
    assert resumed["before"] == {"processes": 1, "seed": 3}
    assert found_step(out) > found_step(trained)


def test_two_processes_train_one_model(tmp_path, corpora):
    config = _config(tmp_path, words=4000)
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2",
         "-m", "training.seq2seq", str(config), str(corpora), str(tmp_path / "out")],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1",
                       "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    state = torch.load(tmp_path / "out" / "state.pt", weights_only=True)
    assert state["progress"]["words"] >= 4000
    assert (tmp_path / "out" / "model" / "model.safetensors").exists()


def test_fine_tuning_on_pairs_of_ones_own(tmp_path, corpora, trained):
    from training.seq2seq._run import run

    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text(json.dumps({"source": GARBLED, "reference": SOURCE}) + "\n")
    data = f'pairs = ["{pairs}"]\npaired = 1.0'
    path = _config(tmp_path, words=3000, data=data)
    path.write_text(f'initial = "{trained / "model"}"\n' + path.read_text())
    run(path, corpora, tmp_path / "out")
    assert (tmp_path / "out" / "model" / "pieces.txt").read_text() == (
        trained / "model" / "pieces.txt"
    ).read_text()


def test_what_the_language_model_has_not_read_is_fresh_and_never_measures():
    from training.fast._run import FIT_PART
    from training.ngram._encode import is_held_out
    from training.seq2seq._stream import is_fresh, part_of

    names = [f"own-{n}" for n in range(20_000)]
    few, many = ({n for n in names if is_fresh(n, range(end))} for end in (1, 20))
    measures = {n for n in names if is_held_out(n) and part_of(n) >= FIT_PART[1]}
    assert few
    assert measures
    assert few < many
    assert measures.isdisjoint(many)


def test_what_is_kept_back_for_the_closing_round_is_never_read(tmp_path):
    """Neither by a network that reads with a language model that has read less, nor to measure."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from training.fast._run import MEASURE_PART
    from training.ngram._encode import is_held_out
    from training.seq2seq._closing import kept_back
    from training.seq2seq._stream import is_fresh, part_of

    names = [f"own-{n}" for n in range(3000)]
    table = pa.table({"id": names, "text": ["The river rose again overnight."] * len(names)})
    pq.write_table(table, tmp_path / "own.parquet")
    models = (SimpleNamespace(training={"held_out": percent}) for percent in (1, 20))
    few, many = (
        {name.partition("/")[2] for name, _ in kept_back(tmp_path, len(names), model)}
        for model in models
    )
    assert few
    assert all(is_held_out(name) and part_of(name) < MEASURE_PART[0] for name in few)
    assert many
    assert not any(is_fresh(name, range(20)) or is_held_out(name) for name in many)


def test_a_run_reads_with_another_language_model(tmp_path, corpora):
    """Its documents are ones that this model has not read; it is measured with the shipped one."""
    from restore.lattice import NgramModel
    from training.ngram._build import Sizes, build_model
    from training.seq2seq import _measure, _run, _stream

    other = tmp_path / "less.bin"
    build_model(corpora, tmp_path / "work", other, Sizes(200, 500, 500), str, range(60))
    drawn, measured = [], []
    with pytest.MonkeyPatch.context() as patch:
        example, windows = _stream.Stream.example, _measure.measured_windows
        patch.setattr(
            _stream.Stream,
            "example",
            lambda stream, name, document, text: (
                drawn.append(_stream.is_fresh(document, stream.held_out))
                or example(stream, name, document, text)
            ),
        )
        patch.setattr(_measure, "measured_windows", lambda folder, number, reader, pieces: (
            measured.append(reader) or windows(folder, number, reader, pieces)))  # fmt: skip
        path = _config(tmp_path, words=1500, data=f'ngram = "{other}"')
        path.write_text(path.read_text().replace("fresh = 0.5", "fresh = 1.0"))
        _run.run(path, corpora, tmp_path / "out")
    assert drawn
    assert all(drawn)
    assert [reader.lexicon.model.path for reader in measured] == [NgramModel.load().path]
    assert other.name in (tmp_path / "out" / "model" / "README.md").read_text()


def test_a_run_may_go_on_with_some_of_the_layers():
    from training.seq2seq._network import RestorerConfig, RestorerModel
    from training.seq2seq._start import keep_layers

    model = RestorerModel(RestorerConfig(**SIZES | {"layers": 3}))
    first, _, last = model.encoder
    keep_layers(model, [0, 2])
    assert list(model.encoder) == [first, last]
    assert model.config.layers == 2
    with pytest.raises(InputError, match="2 encoder layers, from 0, and no 4"):
        keep_layers(model, [0, 4])


def test_pairs_become_edits():
    source, reference = "Troops person met astatine nan old gate.", "Troops have met at the gate."
    from restore._edits import apply_edits

    edits = list(edits_between(source, reference))
    assert ("nan", "the") in {(e.before, e.after) for e in edits}
    assert apply_edits(source, edits).split() == reference.split()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "an object was expected, not list"),
        ('{"source": "a"}', "reference"),
        ('{"source": 1, "reference": ""}', "a string was expected"),
    ],
)
def test_a_bad_pair_is_named(tmp_path, line, message):
    path = tmp_path / "p.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(RestoreError, match=message):
        read_pairs([path])


def test_only_line_feeds_divide_pairs(tmp_path):
    path = tmp_path / "p.jsonl"
    path.write_text(
        '\n{"source": "nan gate\u2028shut", "reference": "the gate\u2028shut"}\n', "utf-8"
    )
    ((name, garbled),) = read_pairs([path])
    assert (name, garbled.text) == ("p:2", "nan gate\u2028shut")


@pytest.mark.parametrize(
    ("text", "message"),
    [("sed = 1", "unknown key 'sed': did you mean 'seed'?"),
     ("[network]\nlayerz = 3", "unknown key 'network.layerz': did you mean 'layers'?"),
     ("[network]\nlayers = 0", "network.layers: .* greater than or equal to 1, not 0"),
     ("[", "not TOML"), ("[data]\nfresh = 2", "data.fresh"),
     ("[data]\nshares = {ranom = 1.0}", "data.shares: no recipe is called 'ranom'; there are A, "),
     ("[data]\nshares = {A = 0.0}", "data.shares: weights are 0 or more, and not all of them 0"),
     ("[data]\nclean = {hole = 0.1}", "no size is called 'hole'; there are whole, paragraphs, "),
     ("[data]\nclean = {whole = 1.5}", "data.clean: shares lie between 0 and 1")],
)  # fmt: skip
def test_a_bad_configuration_is_named(tmp_path, text, message):
    path = tmp_path / "c.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=message.replace("?", r"\?")):
        read_config(path)


def test_shipped_configurations_are_valid():
    for path in (ROOT / "training" / "configs").glob("*.toml"):
        assert isinstance(read_config(path), TrainConfig)


def test_a_folder_without_corpora_is_named(tmp_path):
    from training.seq2seq._run import run

    with pytest.raises(InputError, match="holds no file like"):
        run(_config(tmp_path), tmp_path, tmp_path / "out")


def test_a_run_that_could_measure_nothing_does_not_begin(tmp_path):
    from training.seq2seq._run import run

    with pytest.raises(InputError, match=r"falls into the measured part .* give more"):
        run(_config(tmp_path), fitted_corpus(tmp_path / "corpora"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_card_names_each_step_once_and_the_sizes_of_the_network(tmp_path, corpora, trained):
    from training.seq2seq._card import write_card

    out = shutil.copytree(trained, tmp_path / "out")
    records = _records(out)
    measured = [r for r in records if "measured" in r]
    with (out / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(measured[-1]) + "\n")  # as a run that was killed there logs it again
    write_card(TrainConfig(initial="elsewhere"), corpora, out)
    card = (out / "model" / "README.md").read_text()
    curve = card.partition("## Curve")[2].partition("## Figures")[0]
    assert curve.count("\n| ") == 1 + len(measured)
    assert '"hidden": 96' in card


def test_a_card_says_of_clean_text_what_was_broken(tmp_path):
    from training.seq2seq._card import _figures

    rates = {"err": -1.0, "broken_per_1000": 1.5, "listed": 0.0, "fixed_listed": 0.0, "loss": 1.0}
    spun = rates | {"err": 0.5, "listed": 0.9, "fixed_listed": 0.6}
    measured = [{"measured": {"A": spun, "clean": rates, "all": spun}}]
    lines = list(_figures([{"fast": {"A": spun | {"err": 0.4}}}], measured))
    assert "| A | 0.500 (0.400) | 1.50 (1.50) | 0.900 | 0.600 |" in lines
    assert "| clean | - | 1.50 | - | - |" in lines
