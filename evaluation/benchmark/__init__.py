"""The benchmark page: one command that runs every listed system on every listed set, and writes it.

May import `evaluation`'s core, its jobs, `corpora` and `restore`; only `evaluation`'s command line
may import it.
"""

from evaluation.benchmark._listing import LISTING, Listing, choose, load_listing
from evaluation.benchmark._measured import Choice, Measured
from evaluation.benchmark._page import render
from evaluation.benchmark._run import measure_all

__all__ = [
    "LISTING",
    "Choice",
    "Listing",
    "Measured",
    "choose",
    "load_listing",
    "measure_all",
    "render",
]
