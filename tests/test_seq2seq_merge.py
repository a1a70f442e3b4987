"""The mean of the weights of runs: what it is, what it refuses, and that it can be shipped."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="needs torch: pip install 'degarble[train]'")

import torch
from typer.testing import CliRunner

from restore import InputError
from tests.tiny_network import tiny_model
from training.cli import app
from training.seq2seq._load import load_model
from training.seq2seq._merge import merge

KEPT = "pieces.txt"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    first, second = folder / "first", folder / "second"
    tiny_model(first / "model")
    model = load_model(tiny_model(second / "model"))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(1.0)
    model.save_pretrained(second / "model")
    return first, second


def weights(run):
    return dict(load_model(run / "model").named_parameters())


@pytest.mark.parametrize(
    ("shares", "wanted", "said"),
    [((), 0.5, "| 0.5 | "), ((3, 1), 0.25, "| 0.25 | "), ((0.6, 0.4), 0.4, "| 0.4 | ")],
)
def test_weights_are_shared_out(runs, tmp_path, shares, wanted, said):
    merge(runs, shares, tmp_path / "out")
    first, mean = weights(runs[0]), weights(tmp_path / "out")
    for name, part in first.items():
        torch.testing.assert_close(mean[name], part + wanted, rtol=1e-4, atol=1e-4)
    assert said in (tmp_path / "out" / "model" / "README.md").read_text()
    kept = (runs[0] / "model" / KEPT).read_bytes()
    assert (tmp_path / "out" / "model" / KEPT).read_bytes() == kept


@pytest.mark.parametrize("shares", [(1.0,), (1.0, 0.0), (1.0, 2.0, 3.0)])
def test_shares_are_as_many_as_runs(runs, tmp_path, shares):
    with pytest.raises(InputError, match="2 runs need as many shares above 0"):
        merge(runs, shares, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_is_replaced(runs):
    with pytest.raises(InputError, match="exists already: give another folder"):
        merge(runs, (), runs[1])


def test_networks_of_different_sizes_have_no_mean(runs, tmp_path, monkeypatch):
    from tests import tiny_network

    monkeypatch.setitem(tiny_network.SIZES, "inner", 64)
    tiny_model(tmp_path / "narrow" / "model")
    with pytest.raises(InputError, match="networks of different sizes have no mean"):
        merge([runs[0], tmp_path / "narrow"], (), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_command(runs, tmp_path):
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["merge", *map(str, (out, *runs))])
    assert (done.exit_code, done.stdout) == (0, f"written to {out}\n")
    done = CliRunner().invoke(app, ["merge", str(tmp_path / "more"), str(tmp_path / "none")])
    assert done.exit_code == 2
    assert "none" in done.output
