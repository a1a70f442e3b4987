"""The bundled samples: own articles, honest uses of spinner words, one spun example."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[1] / "corpora" / "samples"
RUN = 8  # words in a row that count as copied
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
# A parquet column of these names is prose; the larger files would take minutes to read.
SMALL_CORPORA = ("digitalgov_news", "nasa_releases_2023_2024", "rss_fulltext_2023")


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1)}


def read(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


INDEX = json.loads(read("index.json"))
ARTICLES = {entry["id"]: read(entry["file"]) for entry in INDEX}
TABLE = [line for line in read("adversarial.tsv").splitlines() if not line.startswith("#")]
ADVERSARIAL = list(csv.DictReader(TABLE, delimiter="\t", quoting=csv.QUOTE_NONE))
SPUN = read("spun_example.txt").splitlines()
REFERENCE = read("spun_example.reference.txt").splitlines()


def test_index_names_every_article_once() -> None:
    on_disk = {f"articles/{path.name}" for path in (SAMPLES / "articles").iterdir()}
    assert {entry["file"] for entry in INDEX} == on_disk
    assert len(ARTICLES) == len(INDEX) >= 42
    assert len({entry["title"] for entry in INDEX}) == len(INDEX)
    assert len({entry["topic"] for entry in INDEX}) >= 20


@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry["id"])
def test_article_layout(entry: dict[str, str]) -> None:
    assert set(entry) == {"id", "title", "topic", "file"}
    assert entry["file"] == f"articles/{entry['id']}.txt"
    title, *paragraphs = ARTICLES[entry["id"]].removesuffix("\n").split("\n\n")
    assert title == entry["title"]
    assert len(paragraphs) >= 5
    for paragraph in paragraphs:
        assert paragraph == paragraph.strip() != ""
        assert "\n" not in paragraph
    assert 180 <= sum(len(paragraph.split()) for paragraph in paragraphs) <= 450


def test_articles_vary_in_what_a_restorer_must_leave_alone() -> None:
    texts = list(ARTICLES.values())
    patterns = {
        "straight quotes": (r'"', 15),
        "curly quotes": (r"\N{LEFT DOUBLE QUOTATION MARK}", 15),
        "web addresses": (r"https://\w", 5),
        "e-mail addresses": (r"\w@\w", 4),
        "handles": (r"(?<!\w)@\w", 2),
        "hashtags": (r"#[A-Za-z]", 3),
        "money": (r"[$£]\d", 20),
        "capital headlines": (r"(?m)^[A-Z][A-Z0-9 ,]{12,}$", 4),
        "lists": (r"(?m)^(?:[-*]|\d\.) ", 3),
    }
    short = {
        name: found
        for name, (pattern, least) in patterns.items()
        if (found := sum(re.search(pattern, text) is not None for text in texts)) < least
    }
    assert not short


def test_no_quote_style_is_mixed_within_an_article() -> None:
    mixed = [i for i, text in ARTICLES.items() if '"' in text and re.search(r"[“”’]", text)]
    assert not mixed


def test_no_two_articles_share_a_passage() -> None:
    by_article = {name: runs(text) for name, text in ARTICLES.items()}
    shared_runs = [(a, b) for a, b in combinations(by_article, 2) if by_article[a] & by_article[b]]
    assert not shared_runs


def test_adversarial_sentences_hold_their_form() -> None:
    for row in ADVERSARIAL:
        whole = rf"(?<![\w-]){re.escape(row['form'])}(?![\w-])"
        assert re.search(whole, row["sentence"], re.IGNORECASE), row["id"]
        assert 12 <= len(row["sentence"].split()) <= 30, row["id"]


def test_adversarial_counts() -> None:
    assert len(ADVERSARIAL) >= 240
    assert len({row["id"] for row in ADVERSARIAL}) == len(ADVERSARIAL)
    assert len({row["sentence"] for row in ADVERSARIAL}) == len(ADVERSARIAL)
    assert len({row["form"].lower() for row in ADVERSARIAL}) >= 150
    at_start = [r for r in ADVERSARIAL if r["sentence"].lower().startswith(r["form"].lower())]
    assert len(at_start) >= 12


def test_many_adversarial_sentences_hold_several_forms() -> None:
    frequent = {"complete", "past", "some", "much", "successful", "adjacent", "tin", "arsenic"}
    frequent |= {"person", "connected", "pinch", "thief", "show", "subject", "judge", "property"}
    several = [r for r in ADVERSARIAL if len(frequent & set(words(r["sentence"]))) >= 2]
    assert len(several) >= 12


@pytest.mark.shared
def test_adversarial_covers_the_substitutions_seen_most(shared: Path) -> None:
    table = (shared / "lexicon" / "observed_substitutions.tsv").read_text(encoding="utf-8")
    counts: Counter[str] = Counter()
    for row in csv.DictReader(table.splitlines(), delimiter="\t"):
        counts[row["garbled"]] += int(row["count"]) if row["count"].isdigit() else 0
    common = {form for form, n in counts.items() if n >= 3 and " " not in form and form.isalpha()}
    # Not words of news English, so without an honest use there.
    dialectal = {"yous"}
    assert common - dialectal <= {row["form"] for row in ADVERSARIAL}


def test_spun_example_is_aligned_line_by_line() -> None:
    assert len(SPUN) == len(REFERENCE) >= 12
    for spun, reference in zip(SPUN, REFERENCE, strict=True):
        assert len(spun.split()) == len(reference.split())
    assert 350 <= len(" ".join(REFERENCE).split()) <= 450


def _pairs() -> list[tuple[str, str]]:
    return list(zip(" ".join(REFERENCE).split(), " ".join(SPUN).split(), strict=True))


def test_spun_example_is_garbled_in_measure() -> None:
    pairs = _pairs()
    share = sum(reference != spun for reference, spun in pairs) / len(pairs)
    assert 0.15 <= share <= 0.30


def test_spun_example_keeps_the_habits_of_its_spinner() -> None:
    choices: dict[str, set[str]] = {}
    for reference, spun in _pairs():
        core = reference.strip('".,?')
        if core[:1].isupper() or any(c.isdigit() or c == "@" for c in core):
            assert spun == reference
        choices.setdefault(core, set()).add(spun.strip('".,?'))
    assert {word: seen for word, seen in choices.items() if len(seen) > 1} == {}


def _development_texts(shared: Path) -> list[str]:
    paths = [
        *shared.glob("seed/*.txt"),
        *shared.glob("bench/*/*.txt"),
        *shared.glob("bench/*/*/*.txt"),
    ]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    news = shared.glob("bench/news/*.jsonl.gz")
    texts += [gzip.decompress(path.read_bytes()).decode("utf-8") for path in news]
    return texts


def _corpus_texts(shared: Path) -> list[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts: list[str] = []
    for name in SMALL_CORPORA:
        table = pq.read_table(shared / "corpora" / f"{name}.parquet")
        columns = [field.name for field in table.schema if pa.types.is_string(field.type)]
        texts += ["\n".join(filter(None, table[column].to_pylist())) for column in columns]
    return texts


def own_runs() -> set[tuple[str, ...]]:
    sentences = [row["sentence"] for row in ADVERSARIAL]
    return set().union(*map(runs, [*ARTICLES.values(), *sentences, *REFERENCE, *SPUN]))


def copied(texts: list[str], own: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Runs of `own` that stand in `texts`; builds only those whose opening is one of ours."""
    openings = {run[:3] for run in own}
    hits: set[tuple[str, ...]] = set()
    for text in texts:
        found = words(text.replace(r"\n", " ").replace('\\"', '"'))
        for i, opening in enumerate(zip(found, found[1:], found[2:], strict=False)):
            if opening in openings and (run := tuple(found[i : i + RUN])) in own:
                hits.add(run)
    return hits


def test_copied_passages_are_seen() -> None:
    paragraph = ARTICLES["library-hours"].split("\n\n")[1]
    assert len(copied(["Before. " + paragraph.upper() + " After."], own_runs())) > 10
    assert not copied([" ".join(reversed(paragraph.split()))], own_runs())


@pytest.mark.shared
@pytest.mark.parametrize("source", [_development_texts, _corpus_texts])
def test_nothing_is_taken_from_the_development_data(shared: Path, source) -> None:
    texts = source(shared)
    assert sum(map(len, texts)) > 1_000_000
    assert not copied(texts, own_runs())
