"""The substitution dictionary at run time: compiled store, user tables, look-up.

Imported by the restorer, the builder in `training`, the garbler and evaluation; needs no WordNet.
"""

from restore.dictionary._container import Tables, write_tables
from restore.dictionary._dictionary import Dictionary
from restore.dictionary._entry import Candidate, Entry
from restore.dictionary._form import normalise_form
from restore.dictionary._index import FormIndex
from restore.dictionary._relation import Relation
from restore.dictionary._user import UserRow, read_user_table

__all__ = [
    "Candidate",
    "Dictionary",
    "Entry",
    "FormIndex",
    "Relation",
    "Tables",
    "UserRow",
    "normalise_form",
    "read_user_table",
    "write_tables",
]
