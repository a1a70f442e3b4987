"""What evaluation raises on purpose."""

from restore import RestoreError


class EvaluationError(RestoreError):
    """A test set, a system's output or a result file that cannot be scored as given."""

    __module__ = "evaluation"
