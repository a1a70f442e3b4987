"""Engines: where work is done, be it in this process, in local processes or on a Ray cluster.

An engine only decides where: results and their order are the same for every engine and number of
workers. Imports only the errors; may be imported by `restore`'s own API and `restore.cli`, by
`evaluation.jobs`, `training.seq2seq` and `training.rescoring`.
"""

from restore.engines._order import ENGINES, map_in_order, require
from restore.engines._threads import one_thread

__all__ = ["ENGINES", "map_in_order", "one_thread", "require"]
