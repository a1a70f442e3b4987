"""The WordNet table: known links, laws of the relations, and a build that gives the same bytes."""

import os
from pathlib import Path

import numpy as np
import pytest

from corpora.wordnet import Relation, WordNet, compile_wordnet

CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "data/wordnet_links.tsv").read_text().splitlines()
    if not line.startswith("#")
]


@pytest.fixture(scope="module")
def wordnet():
    return WordNet.load()


@pytest.mark.parametrize(("source", "target", "relation", "present"), CASES)
def test_links(wordnet, source, target, relation, present):
    targets = {n.lemma for n in wordnet.neighbours(source, (Relation[relation],))}
    assert (target in targets) == (present == "yes")


def test_case_is_kept_in_spelling_and_ignored_in_keys(wordnet):
    assert wordnet.neighbours("OR") == wordnet.neighbours("or")
    assert all(lemma == lemma.lower() for lemma in wordnet.lemmas)


def test_unknown_lemma_has_no_neighbours(wordnet):
    assert wordnet.neighbours("qwxzzy") == []


@pytest.mark.parametrize(
    ("relation", "inverse"),
    [
        (Relation.SYNONYM, Relation.SYNONYM),
        (Relation.HYPERNYM, Relation.HYPONYM),
        (Relation.PERTAINYM, Relation.PERTAINYM),
    ],
)
def test_inverse_relations_mirror_each_other(wordnet, relation, inverse):
    # WordNet itself leaves a few antonyms and derivations one-sided: those are not held to it.
    def pairs(kind, flip):
        links = wordnet.links(kind)
        source = np.repeat(np.arange(len(wordnet.lemmas)), np.diff(links.offsets))
        first, second = (links.targets, source) if flip else (source, links.targets)
        return np.unique(first.astype(np.int64) << 32 | second)

    assert np.array_equal(pairs(relation, flip=False), pairs(inverse, flip=True))


def test_rows_list_frequent_senses_first(wordnet):
    links = wordnet.links(Relation.SYNONYM)
    inside = np.ones(len(links.ranks) - 1, bool)
    inside[
        links.offsets[1:-1][(links.offsets[1:-1] > 0) & (links.offsets[1:-1] < len(inside) + 1)] - 1
    ] = False
    assert (np.diff(links.ranks.astype(int))[inside] >= 0).all()


@pytest.mark.skipif("WORDNET_DICT" not in os.environ, reason="set WORDNET_DICT to WordNet's dict/")
def test_compiling_again_gives_the_shipped_bytes(tmp_path):
    out = tmp_path / "wordnet.npz"
    compile_wordnet(Path(os.environ["WORDNET_DICT"]), out)
    shipped = Path(compile_wordnet.__code__.co_filename).parent / "data/wordnet.npz"
    assert out.read_bytes() == shipped.read_bytes()
