"""Engines: order, laziness, refusals, dead workers, and how everything ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest

from restore import EngineError, RestoreError
from restore.engines import map_in_order, require
from restore.engines._order import HELD
from tests.engine_functions import die, die_once, fill, refuse, square, threads

SQUARES = [n * n for n in range(9)]


def children(pid):
    """The processes of a worker pool, by their ids."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def alive(pids):
    return [pid for pid in pids if (Path("/proc") / str(pid)).exists()]


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"nothing happened for {seconds} seconds"
        time.sleep(0.02)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_items(workers):
    assert list(map_in_order(square, range(9), workers=workers)) == SQUARES


def test_items_are_read_as_they_are_needed():
    endless = count()
    made = map_in_order(square, endless, workers=2)
    assert [next(made) for _ in range(3)] == SQUARES[:3]
    made.close()
    assert next(endless) <= 3 + HELD * 2
    made = map_in_order(square, endless := count())
    assert next(made) == 0
    assert next(endless) == 1


def test_one_item_and_none_need_no_process():
    assert list(map_in_order(threads, [1], workers=2)) == [os.environ.get("OPENBLAS_NUM_THREADS")]
    assert list(map_in_order(square, [], workers=2)) == []
    assert list(map_in_order(square, [], "ray", 2)) == []


def test_workers_compute_on_one_thread_each(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert list(map_in_order(threads, range(2), workers=2)) == ["1", "1"]
    assert "OPENBLAS_NUM_THREADS" not in os.environ
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    assert list(map_in_order(threads, range(2), workers=2)) == ["3", "3"]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_refusal_comes_through_as_it_is(workers):
    with pytest.raises(RestoreError, match=r"^three is too much$"):
        list(map_in_order(refuse, range(9), workers=workers))


def test_a_worker_that_dies_by_chance_costs_nothing(tmp_path):
    places = [str(tmp_path / name) for name in ("a", "b", "bad", "c", "d", "e")]
    assert list(map_in_order(die_once, places, workers=2)) == [Path(p).name for p in places]


def test_an_item_that_no_worker_survives_is_named_or_given_up():
    names = ["a", "bad", "b", "c", "d", "e", "f", "g", "h"]
    with pytest.raises(EngineError, match="a worker died even with nothing beside it"):
        list(map_in_order(die, names, workers=2))
    found = list(map_in_order(die, names, workers=2, lost=lambda name, _: name.upper()))
    assert found == ["a", "BAD", *names[2:]]


def test_what_makes_no_sense_is_named():
    with pytest.raises(EngineError, match="no engine 'spark'; there are: local, ray"):
        map_in_order(square, [1], "spark")
    with pytest.raises(EngineError, match="workers is at least 1, not 0"):
        map_in_order(square, [1], workers=0)


def test_ray_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(EngineError, match=r'pip install "degarble\[ray\]"'):
        list(map_in_order(square, [1], "ray", 2))
    with pytest.raises(EngineError, match=r'pip install "degarble\[ray\]"'):
        require("ray")
    require("local")


def test_stopping_in_the_middle_of_large_results_does_not_hang():
    for _ in range(3):
        made = map_in_order(fill, [1 << 22] * 20, workers=2)
        assert len(next(made)) == 1 << 22
        start = time.monotonic()
        made.close()
        assert time.monotonic() - start < 10


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_parent(number):
    """Ctrl-C reaches all processes of a terminal; the other signals one."""
    code = (
        "import signal, sys\n"
        "from restore.engines import map_in_order\n"
        "from tests.engine_functions import sleep\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\n"
        "try: list(map_in_order(sleep, [0.01, 600, 600, 600], workers=2))\n"
        "except KeyboardInterrupt: sys.exit(5)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stderr=subprocess.PIPE,
        start_new_session=True,
        cwd=Path(__file__).parents[1],
    )
    wait_for(lambda: len(children(process.pid)) >= 3)  # the tracker of semaphores, two workers
    time.sleep(0.5)  # some are still starting, which must end as well
    workers = children(process.pid)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    _, err = process.communicate(timeout=20)
    wait_for(lambda: not alive(workers))
    if number == signal.SIGKILL:
        return
    assert process.returncode == {signal.SIGINT: 5, signal.SIGTERM: 7}[number]
    assert err == b""
