r"""The evidence store: what was found, by whom it can be found again, and which run asked for it.

Everything lies in one folder, usually ``.verify``:

* ``evidence.sqlite``: evidence under the sha256 of what it depends on, runs, and the results of each run;
* ``blobs/ab/cdef...``: certificates and figures under their own sha256, compressed;
* ``runs/<run>.json``: a finished run as sorted JSON without times, so that ``diff`` compares two of them;
* ``remembered/ab/cdef...``: what was worked out from evidence only to be looked at, under this user's seal (``remembered``).

No evidence is pickled and nothing need be trusted: the database is checked when it opens, each row carries a checksum, each
blob must have the hash of its name.  What fails a check is reported and counts as absent; it is never returned.  What
this user's own kernel has judged is sealed under the user's secret (``seals``), and may be looked at without being judged
again.
"""

from verify.store.blobs import address
from verify.store.records import PruneReport, Result, Run, Statistics
from verify.store.remembered import Remembered
from verify.store.seals import Judgement
from verify.store.store import Store
from verify.store.strict import Json, canonical, digest

__all__ = [
    "Json",
    "Judgement",
    "PruneReport",
    "Remembered",
    "Result",
    "Run",
    "Statistics",
    "Store",
    "address",
    "canonical",
    "digest",
]
