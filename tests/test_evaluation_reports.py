"""Reports of evaluation jobs: the page holds what it should, and text in it stays text."""

from __future__ import annotations

import json
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from evaluation import EvaluationError
from evaluation.jobs import make_config, run_job
from evaluation.reports._aligned import Mark, marks, pieces
from evaluation.reports._plots import _spread, _ticks, plots

pytest.importorskip("jinja2", reason="Jinja2 is not installed: pip install 'degarble[report]'")

HOSTILE = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page on two sets and two systems, with hostile text in rows, ids and metadata."""
    folder = tmp_path_factory.mktemp("page")
    rows = []
    for n in range(8):
        source = f"nan council met {n} times {HOSTILE} and nan mayor left"
        row = {"id": f"r{n}{HOSTILE}", "source": source, "part": f"{n % 2}{HOSTILE}"}
        rows.append(row | {"reference": source.replace("nan", "the")})
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    clean = folder / "clean.txt"
    clean.write_text("The council met.\nIt was late.\n")
    told = {
        "out": str(folder / "job"), "rounds": 20, "fail_on": ["break_rate>1 of breaking"],
        "set": [{"name": "spun", "path": str(path)}, {"name": "clean", "path": str(clean)}],
        "system": [{"use": "as-is"}, {"use": "python:tests.job_systems:breaking"}],
    }  # fmt: skip
    return run_job(make_config(told)).files["html"]


class Seen(HTMLParser):
    """Collects tags, attributes and ids."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.ids = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.ids += [value for name, value in attrs if name == "id"]


def test_html_in_the_corpus_is_shown_never_run(page):
    text = page.read_text()
    seen = Seen(text)
    assert seen.tags.count("script") == 1
    assert "img" not in seen.tags
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert "&lt;script&gt;document.title=" in text
    assert "script-src 'sha256-" in unescape(text)


def test_the_page_needs_nothing_from_elsewhere(page):
    text = page.read_text()
    assert not re.search(r"(?:src|href)=[\"'](?!#)", text)
    assert not re.search(r"@import|url\(|https?://(?!www\.w3\.org)", text)


def test_the_page_is_sound(page):
    seen = Seen(page.read_text())
    assert len(seen.ids) == len(set(seen.ids))
    assert {"h1", "nav", "main", "table", "svg", "article", "details"} <= set(seen.tags)
    text = page.read_text()
    for part in ("gates failed", "8 read, 8 scored", "data:spun,jsonl,sha256-", "By part"):
        assert part in text


def test_the_worst_rows_come_first(page):
    worse = [int(n) for n in re.findall(r'data-worse="(-?\d+)"', page.read_text())]
    assert worse == sorted(worse, reverse=True)
    assert worse[0] > 0


def row(source, reference, hypothesis, edits=None):
    return {"source": source, "reference": reference, "hypothesis": hypothesis, "edits": edits}


def test_marks_stand_at_their_places_and_say_why():
    edit = {"start": 0, "end": 3, "before": "nan", "after": "the", "source": "fast:x",
            "confidence": 0.9, "alternatives": [["a", 0.05]]}  # fmt: skip
    found = pieces(row("nan cat's astir", "the cat's rather", "the dog's astir", [edit]))
    assert "".join(one.source if isinstance(one, Mark) else one for one in found) == (
        "nan cat's astir"
    )
    first, broken, missed = (one for one in found if isinstance(one, Mark))
    assert (first.verdict, first.made) == ("fixed", "the")
    assert first.why[1] == "edit by fast:x, confidence 0.90; other readings: a (0.05)"
    assert (broken.verdict, broken.source, broken.made) == ("broken", "cat", "dog")
    assert missed.why[1] == "right would be: rather"


def test_neighbours_of_one_verdict_are_one_mark_and_insertions_have_a_place():
    (one,) = marks(row("a fire jeopardize b", "a risk taking b", "a risk taking b"))
    assert (one.source, one.made) == ("fire jeopardize", "risk taking")
    (put,) = marks(row("a b", "a b", "a new b"))
    assert (put.start, put.end, put.source, put.made) == (2, 2, "", "new")


def test_long_texts_are_cut_around_what_went_wrong():
    source = "word " * 2000 + "nan end " + "word " * 2000
    found = pieces(row(source, source.replace("nan", "the"), source.replace("nan", "a")))
    assert sum(len(one) for one in found if isinstance(one, str)) < 1500
    assert [one.made for one in found if isinstance(one, Mark)] == ["a"]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-0.4, 0.7), (0, 93.1), (0, 1e-3)])
def test_ticks_are_few_and_inside(low, high):
    ticks = _ticks(low, high)
    assert 2 <= len(ticks) <= 6
    assert low - 1e-9 <= min(ticks) < max(ticks) <= high + 1e-9


def test_names_of_points_are_not_written_over_one_another():
    points = [{"y": 100.0}, {"y": 101.0}, {"y": 40.0}]
    _spread(points)
    places = sorted(one["name_y"] for one in points)
    assert all(b - a >= 12 for a, b in pairwise(places))


def test_a_set_without_anything_to_plot_has_no_plots():
    report = {"kind": "clean", "metrics": {}, "reliability": [], "words": {"fixed": 0},
              "speed": {"words_per_second": None}}  # fmt: skip
    assert plots([report]) == []


def test_jinja_that_is_missing_is_named(monkeypatch, tmp_path):
    import sys

    monkeypatch.setitem(sys.modules, "jinja2", None)
    clean = tmp_path / "clean.txt"
    clean.write_text("The council met.\n")
    told = {"out": str(tmp_path / "job"), "rounds": 0, "set": [{"name": "c", "path": str(clean)}],
            "system": [{"use": "as-is"}]}  # fmt: skip
    with pytest.raises(EvaluationError, match=r"pip install 'degarble\[report\]'"):
        run_job(make_config(told))
    assert not (tmp_path / "job/predict").exists()  # said before the work, not after it


# --- in a browser --------------------------------------------------------------------------

FLAGS = (
    "headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run",
    "disable-background-networking", "disable-component-update", "disable-sync",
)  # fmt: skip


@pytest.fixture
def browser(page, tmp_path):
    """Chromium on the page, as wide as a phone."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.skip("chromium and chromedriver are not installed")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(options=options, service=Service(driver))
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    made.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    made.get(page.as_uri())
    yield made
    made.quit()


def test_the_page_works_in_a_browser(browser):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    def shown():
        return [c for c in browser.find_elements(By.CLASS_NAME, "card") if c.is_displayed()]

    # Nothing of the corpus ran, nothing was refused or went wrong, nothing overflows a phone.
    assert browser.title == "Evaluation of as-is, breaking"
    assert browser.get_log("browser") == []
    width = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= 390

    # Search and filter.
    cards = len(shown())
    browser.find_element(By.ID, "search").send_keys("met 3 times")
    assert 0 < len(shown()) < cards
    browser.find_element(By.ID, "search").clear()
    browser.find_element(By.ID, "search").send_keys(Keys.SPACE)
    browser.find_element(By.ID, "by-set").send_keys("clean")
    assert {card.get_attribute("data-set") for card in shown()} == {"clean"}

    # An explanation appears when a mark gets the focus, and goes with Escape.
    mark = shown()[0].find_element(By.CLASS_NAME, "mark")
    why = mark.find_element(By.CLASS_NAME, "why")
    assert not why.is_displayed()
    browser.execute_script("arguments[0].focus()", mark)
    assert why.is_displayed()
    assert "broken: it was right" in why.text
    mark.send_keys(Keys.ESCAPE)
    assert not why.is_displayed()

    # A table is sorted by the keyboard.
    table = browser.find_element(By.CLASS_NAME, "results")
    head = table.find_elements(By.TAG_NAME, "th")[5]
    head.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    assert head.get_attribute("aria-sort") == "descending"
    assert table.find_element(By.CSS_SELECTOR, "tbody th").text == "breaking"
