"""The import rules: who may import whom, and what stays out of the run-time package."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"torch", "transformers", "datasets", "pyarrow", "pandas", "ray", "wordfreq", "lemminflect"}
FORBIDDEN = {
    "restore": {"corpora", "training", "evaluation"} | (HEAVY - {"pyarrow", "ray"}),
    "corpora": {"training", "evaluation", "torch", "transformers"},
    "training": {"evaluation"},
    "evaluation": {"training"},
}
PACKAGES = sorted(FORBIDDEN)
FOLDERS = sorted(p.parent for name in PACKAGES for p in (ROOT / name).rglob("__init__.py"))
# Package -> those that may import it, for types too; each package's docstring says the same. What
# is found by name alone, through an entry point, is imported by none.
IMPORTERS = {
    "restore": """
        corpora corpora.garbler evaluation evaluation.benchmark evaluation.jobs evaluation.reports
        restore.cli restore.dictionary restore.engines restore.formats restore.lattice
        restore.repairs restore.rescoring restore.seq2seq training training.capitals
        training.divisions training.fast training.gaps training.ngram training.rescoring
        training.seq2seq training.topics
    """,
    "restore.cli": "evaluation training.seq2seq",
    "restore.dictionary": """
        corpora.garbler evaluation restore restore.cli restore.lattice training training.dictionary
        training.seq2seq
    """,
    "restore.engines": """
        evaluation.jobs restore restore.cli training.rescoring training.seq2seq
    """,
    "restore.formats": """
        corpora corpora.garbler corpora.spun_news evaluation evaluation.jobs restore.cli
        training.dictionary training.seq2seq
    """,
    "restore.lattice": """
        corpora.garbler evaluation restore restore.rescoring restore.seq2seq training
        training.capitals training.dictionary training.divisions training.fast training.gaps
        training.ngram training.rescoring training.seq2seq training.topics
    """,
    "restore.repairs": "restore restore.cli training.letters",
    "restore.rescoring": "evaluation restore training.rescoring",
    "restore.seq2seq": """
        restore restore.rescoring training.divisions training.rescoring training.seq2seq
    """,
    "corpora": """
        corpora.garbler corpora.spun_news evaluation evaluation.benchmark evaluation.jobs
        training.ngram training.seq2seq
    """,
    "corpora.garbler": """
        corpora corpora.spun_news training training.capitals training.dictionary
        training.divisions training.fast training.letters training.rescoring training.seq2seq
    """,
    "corpora.spun_news": "corpora evaluation.benchmark",
    "corpora.wordnet": "corpora.garbler training.dictionary",
    "evaluation": "evaluation.benchmark evaluation.jobs evaluation.reports",
    "evaluation.benchmark": "evaluation",
    "evaluation.jobs": "evaluation evaluation.benchmark evaluation.reports",
    "evaluation.reports": "evaluation evaluation.jobs",
    "training": """
        training.capitals training.dictionary training.fast training.ngram training.seq2seq
    """,
    "training.capitals": "training",
    "training.dictionary": "",
    "training.divisions": "training",
    "training.fast": """
        training training.capitals training.divisions training.rescoring training.seq2seq
    """,
    "training.gaps": "training",
    "training.letters": "training",
    "training.ngram": """
        training training.capitals training.fast training.gaps training.seq2seq training.topics
    """,
    "training.rescoring": "training",
    "training.seq2seq": "training training.capitals training.divisions training.rescoring",
    "training.topics": "training",
}


def _imported(path: Path) -> set[str]:
    """What a file imports, anywhere in it: modules, and what it takes from them."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _imports(path: Path) -> set[str]:
    """Top-level names of all modules that a file imports, anywhere in it."""
    return {name.partition(".")[0] for name in _imported(path)}


def _package(name: str) -> str:
    """The package that a module, or what is taken from one, lives in; empty for others'."""
    while name and name not in IMPORTERS:
        name = name.rpartition(".")[0]
    return name


def _importers() -> dict[str, set[str]]:
    """Package -> the other packages whose files import it."""
    found: dict[str, set[str]] = {_name(folder): set() for folder in FOLDERS}
    for folder in FOLDERS:
        for path in folder.glob("*.py"):
            for package in filter(None, map(_package, _imported(path))):
                found[package] |= {_name(folder)} - {package}
    return found


def _name(folder: Path) -> str:
    return ".".join(folder.relative_to(ROOT).parts)


def test_packages_import_what_they_may():
    assert _importers() == {name: set(users.split()) for name, users in IMPORTERS.items()}


def test_imports_of_names_and_of_modules_are_told_apart(tmp_path):
    file = tmp_path / "x.py"
    file.write_text("from restore import Edit, cli\nimport restore.lattice._scorer, json\n")
    assert {_package(name) for name in _imported(file)} == {
        "restore", "restore.cli", "restore.lattice", ""
    }  # fmt: skip


@pytest.mark.parametrize("package", PACKAGES)
def test_layers(package):
    offenders = {
        str(path.relative_to(ROOT)): sorted(bad)
        for path in (ROOT / package).rglob("*.py")
        if (bad := _imports(path) & FORBIDDEN[package])
    }
    assert not offenders


def test_one_file_knows_ray():
    files = (path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
    assert [path.name for path in files if "ray" in _imports(path)] == ["_cluster.py"]


def test_the_rule_finds_an_offender(tmp_path):
    file = tmp_path / "x.py"
    file.write_text("def f():\n    from training.fast import fit\n", encoding="utf-8")
    assert _imports(file) & FORBIDDEN["restore"]


def test_running_the_restorer_loads_nothing_heavy():
    code = (
        "import sys, restore\n"
        "restore.restore('nan end is successful sight.')\n"
        "print(sorted(m for m in sys.modules if '.' not in m))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(out.stdout))
    assert "numpy" in loaded
    assert not loaded & (HEAVY | {"corpora", "training", "evaluation", "pickle5"})


@pytest.mark.parametrize("folder", FOLDERS, ids=_name)
def test_every_package_says_what_lives_there(folder):
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    assert docstring
    assert len(docstring.splitlines()) >= 2
