"""The container of arrays: damage is named; 8-bit matrices."""

from __future__ import annotations

import hashlib
import json
import zlib

import numpy as np
import pytest

from restore._container import DATA, eight_bits, read_container
from restore._errors import ModelError


@pytest.mark.parametrize("arrays", [["near"], "near", 3, None, {"near": "far"}, {"near": 3}])
def test_a_header_without_proper_arrays_is_damage(arrays, tmp_path):
    file = tmp_path / "x.bin"
    header = {"format": "x", "version": 1, "sha256": hashlib.sha256(b"").hexdigest()}
    file.write_text(json.dumps(header | {"arrays": arrays}) + "\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"x\.bin"):
        read_container(file, "x", 1, ModelError)


@pytest.mark.parametrize("most", [7, 127])
@pytest.mark.parametrize(("axis", "shape"), [(0, (1, 64)), (1, (48, 1))])
def test_eight_bits_are_near_what_was_given(axis, shape, most):
    matrix = np.random.default_rng(7).normal(size=(48, 64)).astype(np.float32)
    small, scale = eight_bits(matrix, axis, most)
    assert (small.dtype, scale.dtype, scale.shape) == (np.int8, np.float32, shape)
    assert (np.abs(small).max(axis) == most).all()
    assert (np.abs(small * scale - matrix) <= scale * 0.501).all()


def test_a_row_of_zeros_stays_zero():
    small, scale = eight_bits(np.zeros((2, 3), np.float32), 1)
    assert not small.any()
    assert (scale > 0).all()


def test_what_full_mode_adds_takes_25_megabytes_compressed():
    of_fast_mode = {"dictionary.bin", "ngram.bin"}
    files = [path for path in DATA.rglob("*") if path.is_file() and path.name not in of_fast_mode]
    assert "model.safetensors" in {path.name for path in files}
    assert sum(len(zlib.compress(path.read_bytes())) for path in files) <= 25_000_000
