"""Systems: what they make of documents is checked, cut into rows again, and failures are named."""

from __future__ import annotations

import shutil
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import EvaluationError
from evaluation._oracle import Oracle
from evaluation._outside import Command
from evaluation._predict import predict, split
from evaluation._run import evaluate
from evaluation._set_readers import read_set
from evaluation._sets import Row
from evaluation._systems import AsIs, Prediction, make_system
from restore import Edit, apply_edits
from tests.evaluation_fake import QUICK, Table, spun, write

__all__ = ["spun"]  # a fixture


def test_an_outside_command_is_scored(spun):
    program = "import sys; sys.stdout.write(sys.stdin.read().replace('nan', 'the'))"
    system = Command(f'{sys.executable} -c "{program}"')
    report = evaluate(system, read_set(f"x={spun}"), QUICK).report
    assert report["metrics"]["fix_rate"][0] == 0.5


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (f'{sys.executable} -c "print()"', "12 lines given, 1 returned"),
        (f'{sys.executable} -c "raise SystemExit(3)"', "ended with exit code 3"),
        ("/nowhere/to/be/found", "cannot be run"),
    ],
)
def test_a_command_that_fails_is_named(spun, command, message):
    with pytest.raises(EvaluationError, match=message):
        predict(Command(command), read_set(f"x={spun}"))


def test_a_system_that_returns_fewer_documents_is_refused(spun):
    class Lazy(AsIs):
        def predict(self, documents):
            return iter([Prediction(documents[0], (), 0.0)] if len(documents) == 6 else [])

    with pytest.raises(EvaluationError, match="6 documents given, 1 returned"):
        predict(Lazy(), read_set(f"x={spun}"))


def test_a_failing_document_is_recorded_and_the_rest_goes_on(spun):
    class Fragile(Table):
        def predict(self, documents):
            for text in documents:
                if " 3 " in text:
                    "".index("three")
                yield from super().predict([text])

    report = evaluate(Fragile({"nan": "the", "astir": "rather"}), read_set(f"x={spun}"), QUICK)
    assert report.report["counts"]["failed"] == 2
    assert report.report["counts"]["scored"] == 10
    assert report.report["failed"] == {"d3": "ValueError: substring not found"}
    assert report.report["metrics"]["err"][0] == 1.0


def test_edits_that_do_not_make_the_text_are_refused(spun):
    class Liar(AsIs):
        def predict(self, documents):
            return (Prediction(text + "!", (), 0.0) for text in documents)

    with pytest.raises(EvaluationError, match="document 'd0': its edits do not turn"):
        predict(Liar(), read_set(f"x={spun}"))


lines = st.lists(st.text(alphabet="ab c", min_size=1, max_size=6), min_size=1, max_size=4)


@given(lines, st.data())
def test_rows_joined_again_are_the_document(parts, data):
    text = "\n".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    edits = tuple(
        Edit(a, b, text[a:b], data.draw(st.sampled_from(["", "X", "Y Z"])))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    )
    made = apply_edits(text, edits)
    rows = [Row(str(n), "d", part, part) for n, part in enumerate(parts)]
    out = split("here", rows, text, Prediction(made, edits, 0.0))
    assert [one.text for one in out] == [apply_edits(o.row.source, o.edits) for o in out]
    if not any("\n" in edit.before for edit in edits):
        assert "\n".join(one.text for one in out) == made
    else:  # the line feed went with an edit: every letter is still in one row
        assert "".join(one.text for one in out) == made.replace("\n", "")


OFFERED = {
    "person": ["have", "has"],
    "astir apt": ["probably"],
    "thief": ["steal", "rob"],
    "nan": ["the"],
}


class _Offers:
    """Stands in for the dictionary: three candidates a form."""

    class Entry:
        def __init__(self, originals):
            self.candidates = [type("C", (), {"original": one}) for one in originals]

    def lookup(self, form):
        return self.Entry(OFFERED[form]) if form in OFFERED else None


@pytest.mark.parametrize(
    ("first", "source", "reference", "expected"),
    [
        (2, "They person gone.", "They has gone.", "They has gone."),
        (1, "They person gone.", "They has gone.", "They person gone."),
        (2, "They will astir apt go.", "They will probably go.", "They will probably go."),
        (2, "nan thief astir apt it", "the rob probably it", "the rob probably it"),
        (2, "A person came.", "A person came.", "A person came."),
        (2, "Unlisted garble here.", "Plain words here.", "Unlisted garble here."),
    ],
)
def test_the_oracle_takes_only_what_is_offered(first, source, reference, expected):
    oracle = Oracle.__new__(Oracle)
    oracle._dictionary, oracle._first, oracle._offers = _Offers(), first, {}
    oracle.bind([source], [reference])
    assert next(oracle.predict([source])).text == expected


def test_a_spell_checker_mends_misspelt_words_and_spares_names():
    pytest.importorskip("symspellpy")
    made = next(make_system("symspell").predict(["Zxqwv recieved teh lettr."]))
    assert made.text == "Zxqwv received the letter."


STAND_IN = {
    "package.json": '{"name": "harper.js", "version": "9.9.9", "type": "module"}',
    "dist/binary.js": "export const binary = {};",
    "dist/index.js": """
        export const Dialect = { American: 0 };
        export const SuggestionKind = { Replace: 0, Remove: 1, InsertAfter: 2 };
        const found = [
          ["teh ", 0, "the "], ["very ", 1, ""], ["met", 2, " again"], ["eh v", 0, "!"],
        ];
        export class LocalLinter {
          async setup() {}
          async lint(text) {
            return found.filter(([word]) => text.includes(word)).map(([word, kind, put]) => ({
              span: () => ({ start: text.indexOf(word), end: text.indexOf(word) + word.length }),
              suggestions: () => [{ kind: () => kind, get_replacement_text: () => put }],
            }));
          }
        }""",
}


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_harper_takes_the_first_suggestions_that_do_not_overlap(tmp_path, monkeypatch):
    for name, text in STAND_IN.items():
        write(tmp_path, f"node_modules/harper.js/{name}", text)
    monkeypatch.chdir(tmp_path)
    system = make_system("harper")
    assert system.signature.startswith("harper.js-9.9.9,american")
    given = ["\U0001f600 teh very old council met\n\nteh end", "nothing"]
    wanted = ["\U0001f600 the old council met again\n\nthe end", "nothing"]
    assert [made.text for made in system.predict(given)] == wanted


def test_harper_that_is_not_installed_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("evaluation._harper._folders", lambda: iter(()))
    with pytest.raises(EvaluationError, match=r"then: npm install harper\.js"):
        make_system("harper")


ASPELL = """#!{python}
import sys
words = sys.stdin.read().split()
if words:
    open("{log}", "a").write("asked\\n")
print("@(#) International Ispell Version 0 (but really a stand-in)")
for word in words:
    print("& teh 2 1: the, tech" if word == "^teh" else "*")
"""


def test_a_spell_checking_program_is_asked_once_for_all_documents(tmp_path, monkeypatch):
    log = tmp_path / "log"
    program = write(tmp_path, "aspell", ASPELL.format(python=sys.executable, log=log))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    system = make_system("aspell")
    assert "a stand-in" in system.signature
    made = list(system.predict(["Carrow saw teh end", "teh twenty-first", "nothing wrong"]))
    assert [one.text for one in made] == ["Carrow saw the end", "the twenty-first", "nothing wrong"]
    assert made[0].edits == (Edit(11, 14, "teh", "the", "aspell"),)
    assert log.read_text() == "asked\n"
    assert all(one.seconds > 0 for one in made)


@pytest.mark.parametrize(
    ("spec", "package"), [("pyspellchecker", "pyspellchecker"), ("autocorrect", "autocorrect")]
)
def test_a_missing_package_is_named_as_pip_knows_it(monkeypatch, spec, package):
    monkeypatch.setitem(sys.modules, {"pyspellchecker": "spellchecker"}.get(spec, spec), None)
    with pytest.raises(EvaluationError, match=f"pip install {package}$"):
        make_system(spec)


def test_systems_that_bring_models_know_their_size():
    dictionary, fast = (make_system(mode).size for mode in ("dictionary", "fast"))
    assert 1_000_000 < dictionary < fast
    assert not hasattr(make_system("as-is"), "size")


@pytest.mark.parametrize("spec", ["slow", "fast@high", "command:"])
def test_unknown_systems_are_named(spec):
    with pytest.raises(EvaluationError):
        make_system(spec)


@pytest.mark.parametrize("number", ["0", "-3", "2.5", "inf", "nan"])
def test_an_oracle_looks_at_a_whole_number_of_candidates(number):
    with pytest.raises(EvaluationError, match=f"oracle@{number}: a whole number from 1"):
        make_system(f"oracle@{number}")
