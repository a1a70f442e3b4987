"""`python -m training.seq2seq CONFIG CORPORA OUT`: what torchrun starts in each process."""

from __future__ import annotations

import sys
from pathlib import Path

from training.seq2seq._run import run

if __name__ == "__main__":
    config, corpora, out = map(Path, sys.argv[1:])
    run(config, corpora, out)
