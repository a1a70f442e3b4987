"""What tests of evaluation share: a small parallel test set, and a system that goes by a table."""

from __future__ import annotations

import pytest

from evaluation._run import Options
from evaluation._systems import Prediction
from restore import Edit, apply_edits

QUICK = Options(families=("wer",), rounds=50)


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


@pytest.fixture
def spun(tmp_path):
    """Line-parallel: six documents of two lines."""
    sources = [f"nan council met {n} times\nit was astir late" for n in range(6)]
    write(tmp_path, "spun/source.txt", "\n".join(sources) + "\n")
    reference = "\n".join(sources).replace("nan", "the").replace("astir", "rather")
    write(tmp_path, "spun/reference.txt", reference + "\n")
    write(tmp_path, "spun/docs.txt", "".join(f"d{n}\nd{n}\n" for n in range(6)))
    return tmp_path / "spun"


class Table:
    """A system that replaces words by a table, naming its edits."""

    name, signature = "table", "table"

    def __init__(self, table, confidence=0.9):
        self.table, self.confidence = table, confidence

    def predict(self, documents):
        for text in documents:
            edits = []
            for word, other in self.table.items():
                at = text.find(word)
                if at >= 0:
                    edits.append(Edit(at, at + len(word), word, other, "t", self.confidence))
            yield Prediction(apply_edits(text, edits), tuple(edits), 0.001)
