"""Corpora: registry, readers, cleaning, splits, and the garbler that makes parallel data.

May import `restore`; may be imported by `evaluation`, `training.ngram` and `training.seq2seq`,
never by `restore`.
"""

from corpora._build import Build
from corpora._build_config import BuildConfig, config_of_file, config_of_names
from corpora._cleaning import STEPS, Cleaner, StepCount
from corpora._decontamination import Decontamination
from corpora._errors import CorpusError, UnknownCorpusError
from corpora._loading import load, read
from corpora._readers import read_folder, read_parallel, read_rows
from corpora._readers_hub import read_hub
from corpora._readers_m2 import read_m2
from corpora._record import SCHEMA, Record
from corpora._registry import GROUPS, Corpus, find, find_all, registry
from corpora._splits import SPLITS, SplitRule, unit_hash

__all__ = [
    "GROUPS",
    "SCHEMA",
    "SPLITS",
    "STEPS",
    "Build",
    "BuildConfig",
    "Cleaner",
    "Corpus",
    "CorpusError",
    "Decontamination",
    "Record",
    "SplitRule",
    "StepCount",
    "UnknownCorpusError",
    "config_of_file",
    "config_of_names",
    "find",
    "find_all",
    "load",
    "read",
    "read_folder",
    "read_hub",
    "read_m2",
    "read_parallel",
    "read_rows",
    "registry",
    "unit_hash",
]
