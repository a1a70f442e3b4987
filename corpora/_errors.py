"""Errors of the corpora package: one line for a person, under the root of all our errors."""

from restore import RestoreError


class CorpusError(RestoreError):
    """A corpus that cannot be read, built or checked as asked."""

    __module__ = "corpora"


class UnknownCorpusError(CorpusError):
    """A name that no registered corpus bears; the text lists the near ones."""

    __module__ = "corpora"
