"""What the README shows is what comes out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from restore import restore

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_example_at_the_top():
    shown = re.search(r"```text\ngarbled(.*?)\n\nrestored(.*?)\n```", README, re.DOTALL)
    assert shown is not None
    garbled, restored = (" ".join(part.split()) for part in shown.groups())
    assert restore(garbled).text == restored


def test_the_first_line_of_python():
    shown = re.search(r'^restore\((".*?")\)\.text +# (.*)$', README, re.MULTILINE)
    assert shown is not None
    garbled, restored = map(ast.literal_eval, shown.groups())
    assert restore(garbled).text == restored
