"""Harper, a grammar checker, as a system: its npm package, run by node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation._errors import EvaluationError
from evaluation._outside import Command
from evaluation._sizes import bytes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "harper.js"


class Harper(Command):
    """Harper's rules for American English; the first suggestion of each finding is taken."""

    def __init__(self) -> None:
        node, package = shutil.which("node"), find_package()
        if not node or package is None:
            missing = "node is not installed" if not node else f"node finds no package {PACKAGE}"
            message = f"harper: {missing}: install Node.js, then: npm install {PACKAGE}"
            raise EvaluationError(message)
        script = str(files("evaluation") / "data" / "harper.mjs")
        super().__init__([node, script, str(package)])
        version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
        self.name = "harper"
        self.signature = f"{PACKAGE}-{version},american,first-suggestion,{self.files_hash()}"
        self.size: int | None = bytes_of([package / "dist" / "harper_wasm_bg.wasm"])


def find_package() -> Path | None:
    """Return the folder of the npm package, if it is there.

    It is looked for where node would: in `node_modules` here and above, in the folders of
    NODE_PATH, and among the global packages.
    """
    return next((folder for one in _folders() if (folder := one / PACKAGE).is_dir()), None)


def _folders() -> Iterator[Path]:
    here = Path.cwd()
    yield from (folder / "node_modules" for folder in (here, *here.parents))
    yield from (Path(one) for one in os.environ.get("NODE_PATH", "").split(os.pathsep) if one)
    npm = shutil.which("npm")
    if npm:
        done = subprocess.run(  # noqa: S603 - a fixed command
            (npm, "root", "--global"), capture_output=True, text=True, check=False
        )
        if done.stdout.strip():
            yield Path(done.stdout.strip())
