"""Reports of evaluation jobs for people and programs: Markdown, JSON, one self-contained page.

May import `evaluation`'s core and the files of `evaluation.jobs`, which imports it to end a job, as
`evaluation` does for its tables.
"""

from evaluation.reports._write import as_data, as_markdown_text, write_reports

__all__ = ["as_data", "as_markdown_text", "write_reports"]
