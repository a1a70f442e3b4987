"""Spun articles among honest ones: each is a text by itself."""

from __future__ import annotations

import pytest

from restore import Restorer
from restore._stretches import _is_mixed, _Paragraph, suspicious
from tests.test_restorer import RESTORED, SPUN

HONEST = """The library in the old mill will open again in spring, the council said on Tuesday. Its
roof had leaked for years, and the books of its upper floor had been moved to a school nearby.

Readers asked for longer hours as well. The council wants to keep two rooms open until nine in the
evening, which would cost about as much as a new bus stop, and would need one more librarian.

Farmers in the valley expect a late harvest after a cold and rainy month. Most of them have sown
less wheat than in other years, since the fields near the river were flooded until the end of April.

The town's swimming club has won the regional cup for the third time. Its trainer said that the
young swimmers had trained before school all winter, and that two of them would move to the city.

A bridge over the canal stays closed until autumn. Engineers found cracks in two of its arches,
and want to look at the others before any traffic is let over it, the county said in a letter."""


@pytest.fixture(scope="module", params=["fast", "full"])
def restorer(request):
    return Restorer.load(mode=request.param)


@pytest.mark.parametrize(
    "page", ["{spun}\n\n{honest}", "{honest}\n\n{spun}", "{honest}\n\n{spun}\n\n{honest}"]
)
def test_a_spun_article_among_honest_ones_is_restored(restorer, page):
    alone = restorer.restore(SPUN)
    found = restorer.restore(page.format(spun=SPUN, honest=HONEST))
    assert found.text == page.format(spun=alone.text, honest=HONEST)
    assert found.garbled_share > 0.25 * alone.garbled_share * len(SPUN) / len(found.text)


def test_honest_text_stays_as_it_is(restorer):
    assert restorer.restore(HONEST).edits == ()


def test_edits_of_a_stretch_are_on_the_whole_text(restorer):
    text = f"{HONEST}\n\n{SPUN}"
    for edit in restorer.restore(text).edits:
        assert text[edit.start : edit.end] == edit.before


def test_the_sample_comes_back(restorer):
    assert restorer.restore(f"{HONEST}\n\n{SPUN}").text.endswith(RESTORED)


def paragraphs(*numbers):
    return [_Paragraph(at, at + 1, words, spun) for at, (words, spun) in enumerate(numbers)]


def test_runs_are_found_most_suspicious_first():
    some = paragraphs((100, 0.1), (100, 6), (50, 0.5), (100, 8), (200, 0.2), (100, 3), (100, 0))
    assert suspicious(some) == [some[1:4], [some[5]]]


def test_nothing_is_looked_at_twice():
    """Neither a text that is spun throughout, nor one that is honest."""
    assert suspicious(paragraphs((100, 6), (100, 8))) == []
    assert suspicious(paragraphs((100, 0.2), (100, 0.3), (100, 1.4))) == []


def test_no_more_than_a_few_runs():
    assert len(suspicious(paragraphs(*[(60, 5), (100, 0.1)] * 40))) < 20


@pytest.mark.parametrize(
    ("others", "mixed"), [((300, 0.5), True), ((300, 9), False), ((60, 0.1), False)]
)
def test_a_spun_text_is_mixed_if_much_of_it_is_honest(others, mixed):
    some = paragraphs((100, 20), others)
    assert _is_mixed(some, [some[:1]]) is mixed
