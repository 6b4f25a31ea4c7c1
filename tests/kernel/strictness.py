r"""What every kind of certificate has to reject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from verify.kernel import Rejected, check


def assert_fields_are_exact(example: Callable[[], Any]) -> None:
    """The kernel rejects a certificate with a further field in its statement or its witness, or without one of them."""
    for part in ("statement", "witness"):
        more = example()
        more[part]["comment"] = "0"
        with pytest.raises(Rejected, match="expected the fields"):
            check(more)
        for field in example()[part]:
            less = example()
            del less[part][field]
            with pytest.raises(Rejected):
                check(less)
