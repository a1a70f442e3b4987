"""The engine `ray`: one that is started here, and a cluster of two nodes that is joined."""

from __future__ import annotations

import logging
import os
import signal

import pytest

from restore import EngineError, RestoreError
from restore.engines import map_in_order
from tests.engine_functions import die, refuse, square, where

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'degarble[ray]'")


@pytest.fixture
def cluster():
    """Two nodes of one worker each on this machine."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    made.add_node(num_cpus=1)
    ray.init(address=made.address, log_to_driver=False, logging_level=logging.ERROR)
    yield made
    ray.shutdown()
    made.shutdown()


def test_ray_is_started_and_ended_here():
    before = signal.getsignal(signal.SIGTERM)
    assert list(map_in_order(square, range(9), "ray", 2)) == [n * n for n in range(9)]
    assert signal.getsignal(signal.SIGTERM) == before
    assert not ray.is_initialized()
    with pytest.raises(RestoreError, match=r"^three is too much$"):
        list(map_in_order(refuse, range(9), "ray", 2))
    assert not ray.is_initialized()


def test_a_cluster_is_joined_and_left_alone(cluster):
    assert len([node for node in ray.nodes() if node["Alive"]]) == 2
    assert list(map_in_order(square, range(9), "ray", 2)) == [n * n for n in range(9)]
    assert len(set(map_in_order(where, range(20), "ray", 2))) == 2
    assert ray.is_initialized()
    names = ["a", "bad", "b"]
    with pytest.raises(EngineError, match="a worker of Ray died"):
        list(map_in_order(die, names, "ray", 2))
    assert list(map_in_order(die, names, "ray", 2, lambda name, _: name.upper())) == [
        "a",
        "BAD",
        "b",
    ]


def test_a_cluster_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "nonsense")
    with pytest.raises(EngineError, match="see RAY_ADDRESS"):
        list(map_in_order(square, [1], "ray", 2))
