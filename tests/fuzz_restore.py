"""Looks for texts and files that break the restorer, guided by coverage; pytest does not run it.

    pip install atheris
    python -m tests.fuzz_restore text -max_total_time=300 FOLDER
    python -m tests.fuzz_restore files -max_total_time=300 FOLDER

FOLDER keeps the inputs found so far. What breaks is saved as ``crash-...`` in the working folder;
give that file instead of FOLDER to see it break again. All options are libFuzzer's.
"""

from __future__ import annotations

import sys
import time
from functools import cache
from typing import TYPE_CHECKING

import atheris
from typer.testing import CliRunner

with atheris.instrument_imports(include=["restore"]):
    from restore import Edit, Restoration, Restorer, apply_edits, invert_edits
    from restore._document import Document
    from restore._quiet import quietened
    from restore.cli import _app, _load
    from restore.formats import _csv, _html, _jsonl, _plain  # noqa: F401 - to be instrumented
    from restore.lattice import LatticeDecoder  # noqa: F401
    from restore.repairs import run_repairs  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Callable

MODES = ("dictionary", "fast")
TERMS = ("nan dam", "tin")
MOST_SECONDS = 1.0  # for a text below 10,000 code points
# Pieces that random bytes would take long to come upon.
PIECES = (
    " ", "\n", "\r\n", "\n\n", "\t", ". ", ", ", "'s ", "\u2019s ", "-", "\xa0", "\u200b", "\ufeff",
    "nan ", "Nan ", "NAN ", "successful ", "immoderate time", "astatine ", "connected ", "person ",
    "beryllium ", "betwixt ", "tin ", "U.S. ", "Mr. ", "don't ", "$5", "June 19, 2024", "3.5% ",
    "5 p.m. ", "https://example.org/nan", "a@example.org", "@nan ", "#nan ", "nan.com", "/usr/nan ",
    "<b>", "</b>", "<script>", "<!--", "-->", "&amp;", "&nbsp;", "`", "```\n", "    ", "| ", "](",
    "[", "(", ")", "{nan|tin}", "*", "_", "# ", "> ", "caf\u00c3\u00a9 ", "\u00e2\u20ac\u2122",
    "\ufb01", "\uff21", "\u3000", "\u00ad", "\x1b[0m", "\x00", "\ud800", "\U0001f600", "\u0301",
    "\u0130", "\u00df", "\u4e2d", "I ", "A ", "1st ", "COVID-19 ",
)  # fmt: skip
# Arguments of the file target; tables name the field that holds text.
FORMATS = (
    ("txt",),
    ("html",),
    ("xml",),
    ("md",),
    ("jsonl", "--field", "t"),
    ("csv", "--field", "t"),
    ("tsv", "--field", "t"),
)
HEADS = {"jsonl": b'{"t": "', "csv": b'a,t\nnan,"', "tsv": b"a\tt\nnan\t"}


@cache
def loaded(mode: str, terms: tuple[str, ...], *, has_repairs: bool = True) -> Restorer:
    """Return a restorer, loaded once."""
    repairs = None if has_repairs else ()
    return Restorer.load(mode=mode, protect=terms, min_confidence=0.0, repairs=repairs)


def text_of(data: bytes) -> str:
    """Build a text from bytes: pieces and arbitrary code points in turn."""
    source = atheris.FuzzedDataProvider(data)
    parts: list[str] = []
    while source.remaining_bytes():
        kind = source.ConsumeIntInRange(0, 9)
        if kind < 8:
            parts.append(source.PickValueInList(list(PIECES)))
        elif kind == 8:
            parts.append(source.ConsumeUnicode(source.ConsumeIntInRange(0, 12)))
        elif parts:
            parts.append((parts[-1] * source.ConsumeIntInRange(1, 9))[:500])
    return "".join(parts)[:10_000]


def check_text(data: bytes) -> None:
    """Restore any text in each mode, and check what holds for every result."""
    terms = TERMS if data[:1] > b"\x7f" else ()
    text = text_of(data[1:])
    for mode in MODES:
        restorer = loaded(mode, terms)
        begin = time.process_time()
        result = restorer.restore(text)
        assert time.process_time() - begin < MOST_SECONDS, f"{mode} took too long"
        check_result(text, result)
        # A repair may join what is then no longer a figure or an address: checked without repairs.
        bare = loaded(mode, terms, has_repairs=False).restore(text)
        check_result(text, bare)
        quiet = quietened(text, terms)  # headlines in capitals are restored in spun texts
        protected = Document.parse(quiet.text if quiet else text, terms).protected
        assert not any(_touches_any(edit, protected) for edit in bare.edits), (text, bare.edits)


def check_result(text: str, result: Restoration) -> None:
    """Check the edits of one text, and that they go both ways."""
    edits = list(result.edits)
    assert apply_edits(text, edits) == result.text
    assert apply_edits(result.text, invert_edits(edits)) == text
    assert Restoration.from_json(result.to_json()) == result
    assert result.apply(reject=range(len(edits))) == text
    assert 0 <= result.garbled_share <= 1
    for edit in edits:
        assert text[edit.start : edit.end] == edit.before != edit.after, edit
        assert 0 <= edit.confidence <= 1, edit


def _touches_any(edit: Edit, spans: list[tuple[int, int]]) -> bool:
    return any(edit.start < end and start < edit.end for start, end in spans)


def check_files(data: bytes) -> None:
    """Run the command on any bytes in any format: it does them or says in one line why not."""
    name, *options = FORMATS[data[0] % len(FORMATS)] if data else FORMATS[0]
    content = (HEADS.get(name, b"") if data[:1] < b"\x80" else b"") + data[1:]
    arguments = ["--format", name, *options, "--mode", "dictionary"]
    result = CliRunner().invoke(_app.app, ["text", *arguments], input=content)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in {0, 1}, (result.exit_code, result.stderr)
    if result.exit_code:
        assert result.stderr.count("\n") == 1, result.stderr
        return
    untouched = CliRunner().invoke(
        _app.app, ["text", *arguments, "--min-confidence", "1", "--repairs", "none"], input=content
    )
    assert untouched.exit_code == 0
    again = CliRunner().invoke(_app.app, ["check", "--json", *arguments], input=content)
    assert again.exit_code == 0, again.stderr


TARGETS: dict[str, Callable[[bytes], None]] = {"text": check_text, "files": check_files}


def main() -> None:
    """Fuzz the target that the first argument names."""
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"say what to fuzz: {' or '.join(TARGETS)}")
    target = TARGETS[sys.argv.pop(1)]
    for mode in MODES:
        loaded(mode, ()).restore("Warm up.")
    _load.Settings.load = lambda self: loaded("dictionary", ())  # type: ignore[method-assign]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
