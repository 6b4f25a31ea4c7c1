r"""The kernel: the only code whose yes means *certified*.

It imports nothing but the standard library, has no options and searches for nothing.  ``python -m verify.kernel
FILE...`` decides certificates wherever there is a Python; see ``certificate`` for what they are, ``logic`` for the
rules and why they are sound.

The names below are loaded when they are first used: who wants one module of the kernel does not wait for all checkers.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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


def __getattr__(name: str) -> Any:
    if name == "Rejected":
        from verify.kernel import terms

        return terms.Rejected
    if name in ("formula_text", "statement_text"):
        from verify.kernel import text

        return getattr(text, name)
    if name in __all__:
        from verify.kernel import certificate

        return getattr(certificate, name)
    raise AttributeError(f"module 'verify.kernel' has no attribute {name!r}")
