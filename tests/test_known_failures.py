"""What full mode is known to get wrong: a test that passes at last says so."""

from __future__ import annotations

import pytest

from restore import Restorer

SPUN = (
    "She said nan council person to beryllium told successful time, and nan mayor was astatine nan"
    " station connected Sunday."
)


@pytest.mark.xfail(strict=True, reason="words of another language that English has too")
def test_a_quotation_of_words_that_english_has_too_stays():
    quotation = '"Il non ha di partire."'
    assert quotation in Restorer.load().restore(f"{SPUN} The paper wrote: {quotation}").text


@pytest.mark.xfail(strict=True, reason="without capitals a name looks like any other strange word")
def test_names_without_capitals_stay():
    text = "pike scored astatine nan end of nan match, and northgate person lost connected saturday"
    found = Restorer.load().restore(f"{text}. pike said he was happy.").text.lower()
    assert found.count("pike") == 2
    assert "northgate" in found
