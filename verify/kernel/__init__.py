r"""The kernel: the only code whose yes means *certified*.

It imports nothing but the standard library, has no options and searches for nothing.  ``python -m verify.kernel
FILE...`` decides certificates wherever there is a Python; see ``certificate`` for what they are, ``logic`` for the
rules and why they are sound.
"""

from verify.kernel.certificate import FORMAT, Accepted, Unsupported, canonical, check, digest, parse, read
from verify.kernel.terms import Rejected
from verify.kernel.text import formula_text, statement_text

__all__ = [
    "FORMAT",
    "Accepted",
    "Rejected",
    "Unsupported",
    "canonical",
    "check",
    "digest",
    "formula_text",
    "parse",
    "read",
    "statement_text",
]
