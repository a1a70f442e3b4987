"""What fits best mode's scorer: places of garbled news, whoever the language model is."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs torch: pip install 'degarble[train]'")

from restore import InputError
from restore.rescoring import Rescorer, Score
from restore.rescoring._features import KINDS, NAMES
from training.rescoring import _fit

TEXT = (
    "The council met on Monday to decide about the old bridge, which has been closed for three "
    "years. Its members want to build a new one beside it. The mayor said that the work would "
    "begin in spring, and that the people of the town had waited long enough for an answer.\n"
    "Many of them came to the meeting. They asked why the money had not been found before, and "
    "who would pay for the road that leads to the river. Nobody could tell them."
)


class Short:
    """A language model that likes short words."""

    def reader(self):
        return self

    def read(self, text):
        pass

    def glance(self, passage, places):
        return [[-float(len(v)) for v in place.variants] for place in places]

    def score(self, passage, places):
        return [[Score(-float(len(v)), -20.0, 1) for v in p.variants] for p in places]


@pytest.fixture(autouse=True)
def small(monkeypatch):
    full = _fit.decoder_of(_fit.SHIPPED)
    monkeypatch.setattr(_fit, "_models", lambda: (full, Short()))
    pool = [(f"news/{number}", TEXT) for number in range(14)]
    monkeypatch.setattr(_fit, "measuring", lambda corpora, documents: pool[:documents])


def test_places_say_which_reading_is_right():
    found = [place for number in range(6) for place in _fit.places((number, (f"n{number}", TEXT)))]
    assert found
    for place in found:
        assert place.about.shape == (len(place.gold), len(NAMES))
        assert 1 < len(place.gold) <= 3
        assert set(place.codes.tolist()) <= set(range(len(KINDS)))
        assert np.isfinite(place.about).all()
    assert any(place.gold.any() for place in found)
    assert max(place.gold.sum() for place in found) == 1


def test_what_is_fitted_can_be_loaded_and_is_told(tmp_path):
    lines = []
    out = tmp_path / "rescoring.bin"
    _fit.fit_rescoring(tmp_path, out, documents=14, workers=1, log=lines.append)
    assert Rescorer.load(out).scorer.w1.shape[0] == len(NAMES)
    assert lines[-2].startswith("full mode: right at ")
    assert lines[-1].startswith("best mode: right at ")


def test_too_few_documents_are_named(tmp_path):
    with pytest.raises(InputError, match="hold no unsure place: use more"):
        _fit.fit_rescoring(tmp_path, tmp_path / "x", documents=0, workers=1, log=print)
