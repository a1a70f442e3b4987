"""`restore --version`: of the package and of the data that it ships."""

import sys

import typer


def print_version(is_wanted: bool) -> None:
    """Print the versions and end, when asked to."""
    if not is_wanted:
        return
    from restore._errors import RestoreError  # noqa: PLC0415

    sys.stdout.write(f"restore {_package()}\n")
    try:
        for line in _data():
            sys.stdout.write(line + "\n")
    except (OSError, ValueError, RestoreError) as error:
        sys.stdout.write(f"data: unreadable ({error})\n")
        raise typer.Exit(1) from error
    raise typer.Exit


def _package() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slow

    try:
        return version("degarble")
    except PackageNotFoundError:
        return "(not installed)"


def _data() -> list[str]:
    """Describe every container that the package ships, from its header alone."""
    from restore._container import DATA, read_header  # noqa: PLC0415 - brings numpy

    lines = []
    for path in sorted(DATA.iterdir()) if DATA.is_dir() else []:
        if not _is_container(path.name):
            continue
        header = read_header(path)
        name, version = header.get("format", path.stem), header.get("version", "?")
        release = f" ({header['release']})" if "release" in header else ""
        lines.append(f"{name} {version}{release} sha256:{str(header.get('sha256', '?'))[:16]}")
    return lines


def _is_container(name: str) -> bool:
    return name.endswith((".bin", ".dict", ".ngram", ".restore", ".dat"))
