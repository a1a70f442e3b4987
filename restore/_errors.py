"""The exceptions that the package raises on purpose: one root, one ``except`` for all."""


class RestoreError(Exception):
    """Root of every error that `restore` raises on purpose; its text is one line for a person."""

    __module__ = "restore"


class InputError(RestoreError):
    """A file or text that cannot be read, decoded or written as asked."""

    __module__ = "restore"


class DictionaryError(RestoreError):
    """A dictionary file that is malformed, of another version, or damaged."""

    __module__ = "restore"


class ModelError(RestoreError):
    """A model file that is missing, malformed, of another version, or damaged."""

    __module__ = "restore"


class EditError(RestoreError):
    """Edits that overlap, lie outside the text, or do not match what stands there."""

    __module__ = "restore"


class EngineError(RestoreError):
    """An engine that does not exist, is not installed or cannot start, or that lost a worker."""

    __module__ = "restore"
