"""Evaluation: restoration metrics, benchmarks and reports.

May import `corpora` and `restore`'s public API; nothing imports it.
"""
