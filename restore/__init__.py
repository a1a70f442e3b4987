"""Turns spun, tortured or corrupted English back into readable text, and explains every edit.

The run-time package: imports none of `corpora`, `training` and `evaluation`, which may import it,
nor torch.
"""

from restore._compose import compose_edits
from restore._edits import Edit, apply_edits, invert_edits
from restore._errors import (
    DictionaryError,
    EditError,
    EngineError,
    InputError,
    ModelError,
    RestoreError,
)
from restore._restoration import Restoration
from restore._restorer import MODES, Restorer, restore

__version__ = "0.1.0"

__all__ = [
    "MODES",
    "DictionaryError",
    "Edit",
    "EditError",
    "EngineError",
    "InputError",
    "ModelError",
    "Restoration",
    "RestoreError",
    "Restorer",
    "__version__",
    "apply_edits",
    "compose_edits",
    "invert_edits",
    "restore",
]
