r"""Checkpoints: an interrupted search goes on where it was.

A checkpoint is one file, an archive of arrays without any code: the best network so far, the open nodes, the counters,
and the digest of the problem that it belongs to.  It is written beside its place and then renamed, so that at every
instant the file is either the old one or the new one, complete.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from verify.training.search import Nodes

    Floats = NDArray[np.float64]
    Signs = NDArray[np.int8]

FORMAT = "deepclaims training search 1"


@dataclass(frozen=True)
class Progressed:
    """A search between two slices: the best weights v (w d + f,) with signs (w,), and the open nodes.

    ``counts`` are the nodes, leaves, bounds and branchings so far; ``seconds`` how long it took.
    """

    upper: float
    weights: Floats
    signs: Signs
    nodes: Nodes
    counts: tuple[int, int, int, int]
    seconds: float


def save(path: Path, key: str, state: Progressed) -> None:
    """Write the checkpoint; raises ``UsageError`` if the file cannot be written."""
    import numpy as np

    arrays: dict[str, Any] = {
        "format": np.array(FORMAT),
        "key": np.array(key),
        "numbers": np.array([state.upper, state.seconds]),
        "counts": np.array(state.counts, np.int64),
        "weights": state.weights,
        "signs": state.signs,
        "node_signs": state.nodes.signs,
        "node_positive": state.nodes.positive,
        "node_negative": state.nodes.negative,
        "node_bounds": state.nodes.bound,
    }
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
            temporary = file.name
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as problem:
        raise UsageError(f"the checkpoint {path} cannot be written: {problem}") from None
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


def load(path: Path, key: str) -> Progressed | None:
    """The checkpoint, or None if there is no such file.

    Raises ``UsageError`` if it is damaged, or belongs to another problem.
    """
    import numpy as np

    from verify.training.search import Nodes

    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as archive:
            if str(archive["format"]) != FORMAT:
                raise ValueError
            found = str(archive["key"])
            nodes = Nodes(*(archive[f"node_{name}"] for name in ("signs", "positive", "negative", "bounds")))
            upper, seconds = archive["numbers"].tolist()
            nodes_, leaves, bounds, branchings = archive["counts"].tolist()
            weights, signs = archive["weights"], archive["signs"]
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile, zlib.error):
        raise UsageError(f"{path} is no checkpoint that can be read; delete it or name another file") from None
    if found != key:
        raise UsageError(
            f"the checkpoint {path} belongs to other data or options; delete it or name another file with checkpoint="
        )
    return Progressed(upper, weights, signs, nodes, (nodes_, leaves, bounds, branchings), seconds)
