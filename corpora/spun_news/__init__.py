"""The benchmark spun-news: made by recipe from public sources, the same bytes for everyone.

May be imported by `corpora`'s command line and `evaluation.benchmark`; never by `training`.
"""

from corpora.spun_news._benchmark import Benchmark, check, is_benchmark
from corpora.spun_news._recipe import CONDITIONS, PARTS, Recipe

__all__ = ["CONDITIONS", "PARTS", "Benchmark", "Recipe", "check", "is_benchmark"]
