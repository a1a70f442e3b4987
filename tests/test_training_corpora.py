"""Files of clean news: one's own, or those that `restore corpora build` writes."""

from __future__ import annotations

import pytest

pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'degarble[corpora]'")

from pyarrow import parquet  # noqa: E402

from restore import InputError  # noqa: E402
from training._corpora import Article, articles, corpus_files  # noqa: E402


def write(path, **columns):
    parquet.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"id": ["a"], "text": ["One."]}, Article("a", "", "One.")),
        ({"id": [7], "text": [None], "title": [None]}, Article("7", "", "")),
        ({"id": ["a"], "title": ["Head"], "text": ["One."]}, Article("a", "Head", "One.")),
        (
            {"id": ["a:1"], "doc_id": ["a"], "source": [None], "reference": ["One."]},
            Article("a", "", "One."),
        ),
    ],
)
def test_columns_go_by_several_names(tmp_path, columns, expected):
    assert list(articles(write(tmp_path / "x.parquet", **columns))) == [expected]


def test_what_cannot_be_used_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no \*\.parquet file in"):
        corpus_files(tmp_path)
    odd = write(tmp_path / "odd.parquet", id=["a"], body=["One."])
    with pytest.raises(InputError, match=r"odd.parquet: needs .* 'text', has id, body"):
        list(articles(odd))
    odd.write_bytes(b"PAR1")
    with pytest.raises(InputError, match="no Parquet file that can be read"):
        list(articles(odd))


def test_a_run_reads_what_the_project_builds(tmp_path):
    """Both kinds of file give a run the same texts."""
    pytest.importorskip("datasets", reason="needs datasets: pip install 'degarble[corpora]'")
    pytest.importorskip("torch", reason="needs torch: pip install 'degarble[train]'")
    from training.seq2seq._config import TrainConfig
    from training.seq2seq._start import make_stream

    own, built = tmp_path / "own", tmp_path / "built"
    for folder in (own, built):
        folder.mkdir()
    names, texts = ["a", "b"], ["One.", "Two."]
    write(own / "x.parquet", id=names, text=texts)
    write(built / "x.parquet", id=["a:1", "b:1"], doc_id=names, reference=texts)
    streams = (make_stream(TrainConfig(), folder, None, None) for folder in (own, built))
    first, second = (list(stream.corpus) for stream in streams)
    assert first == second == [{"id": n, "text": t} for n, t in zip(names, texts, strict=True)]
