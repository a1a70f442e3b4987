"""`restore --version`: of the package and of the data that it ships."""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import typer

HASH_DIGITS = 16
_MAX_HEADER = 1 << 20


def print_version(is_wanted: bool) -> None:
    """Print the versions and end, when asked to."""
    if not is_wanted:
        return
    sys.stdout.write(f"restore {_package()}\n")
    try:
        for line in _data():
            sys.stdout.write(line + "\n")
    except (OSError, ValueError) as error:
        sys.stdout.write(f"data: unreadable ({error})\n")
        raise typer.Exit(1) from error
    raise typer.Exit


def _package() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("degarble")
    except PackageNotFoundError:
        return "(not installed)"


def _data() -> list[str]:
    """Describe the data files that the package ships, from their headers alone."""
    folder = Path(__file__).resolve().parents[1] / "data"
    lines = []
    for path in sorted(folder.glob("*.bin")):
        header = _header(path)
        digest = str(header.get("sha256", "?"))[:HASH_DIGITS]
        lines.append(f"{path.stem} {header.get('version', '?')} sha256:{digest}")
    if not lines:
        return ["no data files: build them or install the package again"]
    return [*lines, _network(folder / "seq2seq" / "config.json")]


def _network(path: Path) -> str:
    """Describe the network of the default mode, whose description has the digests of its files."""
    content = path.read_bytes()
    version = _checked(path, json.loads(content)).get("graphs", "?")
    digest = hashlib.sha256(content).hexdigest()[:HASH_DIGITS]
    return f"{path.parent.name} {version} sha256:{digest}"


def _header(path: Path) -> dict[str, Any]:
    """Read the line of JSON at the top of a data file; a line with the file's type may precede."""
    with path.open("rb") as file:
        line = file.readline(_MAX_HEADER)
        if not line.startswith(b"{"):
            line = file.readline(_MAX_HEADER)
    return _checked(path, json.loads(line))


def _checked(path: Path, header: object) -> dict[str, Any]:
    if not isinstance(header, dict):
        message = f"{path.name} has no header"
        raise ValueError(message)  # noqa: TRY004 - one kind of error for every damage
    return header
