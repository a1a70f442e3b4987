"""The container of arrays: 8-bit matrices."""

from __future__ import annotations

import numpy as np
import pytest

from restore._container import eight_bits


@pytest.mark.parametrize(("axis", "shape"), [(0, (1, 64)), (1, (48, 1))])
def test_eight_bits_are_near_what_was_given(axis, shape):
    matrix = np.random.default_rng(7).normal(size=(48, 64)).astype(np.float32)
    small, scale = eight_bits(matrix, axis)
    assert (small.dtype, scale.dtype, scale.shape) == (np.int8, np.float32, shape)
    assert (np.abs(small).max(axis) == 127).all()
    assert (np.abs(small * scale - matrix) <= scale * 0.501).all()


def test_a_row_of_zeros_stays_zero():
    small, scale = eight_bits(np.zeros((2, 3), np.float32), 1)
    assert not small.any()
    assert (scale > 0).all()
