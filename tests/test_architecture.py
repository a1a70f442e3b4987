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


def _imports(path: Path) -> set[str]:
    """Top-level names of all modules that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


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


@pytest.mark.parametrize(
    "folder", [p.parent for name in PACKAGES for p in (ROOT / name).rglob("__init__.py")]
)
def test_every_package_says_what_lives_there(folder):
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    assert docstring
    assert len(docstring.splitlines()) >= 2
