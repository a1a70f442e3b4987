"""Compressed input and output, byte for byte."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restore import InputError
from restore.formats._bytes import CHUNK, packing, read_chunks
from tests.cli_runs import codec

packed = pytest.mark.parametrize("compression", ["gz", "zst"])


@packed
@given(parts=st.lists(st.binary(max_size=500), min_size=1, max_size=4))
def test_what_was_packed_comes_back_whatever_the_number_of_frames(compression, parts):
    pack, _ = codec(f".{compression}")
    stream = io.BytesIO(b"".join(map(pack, parts)))
    assert b"".join(read_chunks(stream, compression)) == b"".join(parts)


@packed
def test_well_packed_data_comes_in_small_pieces(compression):
    pack, _ = codec(f".{compression}")
    sizes = [len(chunk) for chunk in read_chunks(io.BytesIO(pack(bytes(20_000_000))), compression)]
    assert sum(sizes) == 20_000_000
    assert max(sizes) <= CHUNK


@packed
@pytest.mark.parametrize("rest", [b"garbage", b"\x28\xb5"])
def test_what_follows_the_last_frame_must_be_a_frame(compression, rest):
    pack, _ = codec(f".{compression}")
    with pytest.raises(InputError, match="damaged or truncated"):
        list(read_chunks(io.BytesIO(pack(b"nan mat") + rest), compression))


@packed
def test_packing_leaves_the_stream_open(compression):
    stream = io.BytesIO()
    with packing(stream, compression) as target:
        target.write(b"nan mat")
    _, unpack = codec(f".{compression}")
    assert unpack(stream.getvalue()) == b"nan mat"
