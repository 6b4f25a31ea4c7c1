r"""Many tests together: Holm's procedure.

Of m true claims, each tested at level a, about a m are refuted by chance.  Holm (Scandinavian Journal of Statistics 6, 1979)
orders the p-values and compares the smallest with a/m, the next with a/(m - 1), and so on, until one is too large: the
probability that any true claim is refuted is at most a, however the tests depend on each other.
"""

from __future__ import annotations

from collections.abc import Mapping

FAMILY = 1e-3  # the level of a whole run


def holm(p_values: Mapping[str, float], level: float = FAMILY) -> dict[str, float]:
    """The rejected hypotheses by name, each with the threshold that its p-value met.

    >>> holm({"a": 0.01, "b": 0.04, "c": 0.03}, 0.05)
    {'a': 0.016666666666666666}
    """
    rejected: dict[str, float] = {}
    ordered = sorted(p_values, key=lambda name: (p_values[name], name))
    for rank, name in enumerate(ordered):
        threshold = level / (len(ordered) - rank)
        if not p_values[name] <= threshold:
            break
        rejected[name] = threshold
    return rejected
