r"""Columns of exact numbers: the coordinates and the labels of data sets of up to millions of points.

A data set of a million points is handled a column at a time, in one of three forms, the first that fits:

* ``Integers``: int64 over a common divisor, for integers and for the floats whose exponents are close to each other;
* ``Dyadics``: odd int64 times powers of two, for the other floats, since a finite float *is* the rational number
  m 2^e, and nothing is rounded: the numbers of a column of float64 normals have some 75 bits;
* ``Rationals``: fractions, for everything else.

A certificate holds the first two forms packed: integers of a fixed number of bytes in base64 (``verify.kernel
.memorization``).  Measured against decimal texts for a million points in ten dimensions, packing makes the file a
half to a third and its reading ten times as fast.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from verify.errors import NetworkError
from verify.networks.network import number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

Json = Any
Exact = int | Fraction
BITS = 62  # of int64 that a value may use, so that a difference of two has room


@dataclass(frozen=True, eq=False)
class Integers:
    """``values / over``, the values being int64 of at most 62 bits."""

    values: Whole
    over: int = 1

    @property
    def extent(self) -> int:
        """The largest modulus of a value, 1 at least."""
        return max(1, int(self.values.max()), -int(self.values.min()))

    def __len__(self) -> int:
        return len(self.values)

    def at(self, place: int) -> Fraction:
        return Fraction(int(self.values[place]), self.over)

    def numerators(self) -> Sequence[Exact]:
        found: list[int] = self.values.tolist()
        return found

    def order(self) -> Whole:
        import numpy as np

        return np.argsort(self.values, kind="stable")

    def distinct(self, sample: int) -> int:
        """How many different numbers there are among the first ones."""
        return len(set(self.values[:sample].tolist()))

    def json(self) -> Json:
        return packed(self.values, self.over)


@dataclass(frozen=True, eq=False)
class Dyadics:
    """``odd * 2**shift / over``, which are the numbers ``floats``."""

    floats: NDArray[np.float64]
    odd: Whole
    shift: Whole
    bits: int
    over: int

    @property
    def extent(self) -> int:
        return 1 << self.bits

    def __len__(self) -> int:
        return len(self.floats)

    def at(self, place: int) -> Fraction:
        return Fraction(float(self.floats[place]))

    def numerators(self) -> Sequence[Exact]:
        return [a << b for a, b in zip(self.odd.tolist(), self.shift.tolist(), strict=True)]

    def order(self) -> Whole:
        import numpy as np

        return np.argsort(self.floats, kind="stable")

    def distinct(self, sample: int) -> int:
        return len(set(self.floats[:sample].tolist()))

    def json(self) -> Json:
        return {"width": str(self.bits // 8 + 1), "data": encoded(self.content()), "over": str(self.over)}

    def content(self) -> bytes:
        """The integers in two's complement, 64 bits at a time: ``odd * 2**shift`` shifted down by 64 j."""
        import numpy as np

        width = self.bits // 8 + 1
        limbs = np.empty((len(self), width // 8 + 1), dtype="<i8")
        for j in range(limbs.shape[1]):
            up = self.shift - 64 * j
            raised = np.where(up < 64, self.odd << np.clip(up, 0, 63), 0)
            limbs[:, j] = np.where(up < 0, self.odd >> np.clip(-up, 0, 63), raised)
        return limbs.view(np.uint8)[:, :width].tobytes()


@dataclass(frozen=True, eq=False)
class Rationals:
    """Fractions or integers of any size."""

    values: Sequence[Exact]
    over: int = 1

    @property
    def extent(self) -> int:
        return max(1, *(abs(int(value)) for value in self.values))

    def __len__(self) -> int:
        return len(self.values)

    def at(self, place: int) -> Fraction:
        return Fraction(self.values[place])

    def numerators(self) -> Sequence[Exact]:
        return self.values

    def order(self) -> Whole:
        import numpy as np

        return np.array(sorted(range(len(self)), key=self.values.__getitem__), dtype=np.int64)

    def distinct(self, sample: int) -> int:
        return len(set(self.values[:sample]))

    def json(self) -> Json:
        return [str(value) for value in self.values]


Column = Integers | Dyadics | Rationals


# ------------------------------------------------------------------------------------------------------- packing


def packed(values: Whole, over: int = 1) -> Json:
    """Integers in as few bytes each as 1, 2, 4 or 8."""
    extent = max(int(values.max(initial=0)), -1 - int(values.min(initial=0)))
    width = next(w for w in (1, 2, 4, 8) if extent < 1 << 8 * w - 1)
    return {"width": str(width), "data": encoded(values.astype(f"<i{width}").tobytes()), "over": str(over)}


def packed_list(values: Sequence[int]) -> Json:
    """Integers of any size, all in as many bytes as the largest one needs."""
    import numpy as np

    width = max(value.bit_length() for value in values) // 8 + 1
    if width <= 8:
        return packed(np.array(values, dtype=np.int64))
    if width > 1000:
        return [str(value) for value in values]
    content = b"".join([value.to_bytes(width, "little", signed=True) for value in values])
    return {"width": str(width), "data": encoded(content), "over": "1"}


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


# ------------------------------------------------------------------------------------------------------- reading


def read_points(points: Any) -> list[Column]:
    """The coordinates of points given as rows (lists, a two-dimensional array or tensor), a column each."""
    table = array(points, "points")
    if table is not None:
        if table.ndim != 2:
            raise NetworkError(f"points have the shape {table.shape}; give one row of coordinates for each point")
        if 0 in table.shape:
            raise NetworkError(f"points have the shape {table.shape}: there are no numbers in it")
        return [read_array(table[:, k], lambda i, k=k: f"points[{i}][{k}]") for k in range(table.shape[1])]  # type: ignore[misc]
    rows = [[*row] if isinstance(row, list | tuple) else tolist(row, f"points[{i}]") for i, row in enumerate(points)]
    if not rows or not rows[0]:
        raise NetworkError("there are no points" if not rows else "points[0] has no coordinates")
    odd = next((i for i, row in enumerate(rows) if len(row) != len(rows[0])), None)
    if odd is not None:
        raise NetworkError(
            f"points[{odd}] has {len(rows[odd])} coordinates and points[0] has {len(rows[0])}; all points need the same number"
        )
    return [
        read_list(column, lambda i, k=k: f"points[{i}][{k}]")  # type: ignore[misc]
        for k, column in enumerate(zip(*rows, strict=True))
    ]


def read_labels(labels: Any, count: int) -> Column:
    """One number for each point."""
    table = array(labels, "labels")
    if table is not None and table.ndim != 1:
        raise NetworkError(f"labels have the shape {table.shape}; give one number for each point")
    values = labels if table is None else table
    if not hasattr(values, "__len__"):
        raise NetworkError(f"labels are a sequence of numbers, not {values!r}")
    if len(values) != count:
        raise NetworkError(f"there are {len(values)} labels for {count} points; give each point one label")
    return read_list(values, "labels[{}]".format) if table is None else read_array(table, "labels[{}]".format)


def array(values: Any, what: str) -> Any:
    """The numpy array that an array or tensor of numbers is, or None for Python sequences and arrays of objects."""
    import numpy as np

    if isinstance(values, list | tuple):
        return None
    if isinstance(values, str) or not (hasattr(values, "__array__") or hasattr(values, "__iter__")):
        raise NetworkError(f"{what} are rows of numbers, not {values!r}")
    if not hasattr(values, "__array__"):
        return None
    try:
        found = np.asarray(values.detach() if hasattr(values, "detach") else values)
    except (TypeError, RuntimeError) as problem:
        raise NetworkError(f"{what} cannot be read as an array: {problem}") from None
    if found.dtype.kind in "OUS":
        return None
    if found.dtype.kind not in "biuf" or found.dtype.itemsize > 8:
        raise NetworkError(
            f"{what} have the type {found.dtype}; integers, float16, float32 and float64 are exact numbers"
        )
    return found


def tolist(row: Any, what: str) -> list[Any]:
    found = row.tolist() if hasattr(row, "tolist") else row
    if not isinstance(found, list):
        raise NetworkError(f"{what} is {row!r}; a point is a row of coordinates, also if it has only one")
    return found


def read_array(values: Any, what: Callable[[int], str]) -> Column:
    import numpy as np

    if values.dtype.kind == "f":
        return from_floats(values.astype(np.float64), what)
    if values.dtype.kind in "iu" and max(int(values.max()), -int(values.min())) >> BITS:
        return Rationals(values.tolist())
    return Integers(values.astype(np.int64))


def from_floats(values: NDArray[np.float64], what: Callable[[int], str]) -> Column:
    """Floats are m 2^e with 53 bits of m; the odd part of m stays, and e counts from the least one of the column."""
    import numpy as np

    if not np.isfinite(values).all():
        first = int(np.flatnonzero(~np.isfinite(values))[0])
        raise NetworkError(f"{what(first)} is {values[first]}; every number must be finite")
    fractions, exponents = np.frexp(values)
    mantissas = np.ldexp(fractions, 53).astype(np.int64)
    trailing = np.frexp((mantissas & -mantissas).astype(np.float64))[1] - 1
    present = mantissas != 0
    places = np.where(present, exponents.astype(np.int64) - 53 + trailing, 0)
    least = min(0, int(places.min()))
    odd: Whole = np.where(present, mantissas >> np.where(present, trailing, 0), 0)
    shift: Whole = np.where(present, places - least, 0)
    bits = int((shift + np.where(present, 53 - trailing, 0)).max())
    if bits <= BITS:
        return Integers(np.left_shift(odd, shift), 1 << -least)
    return Dyadics(values, odd, shift, bits, 1 << -least)


def read_list(values: Sequence[Any], what: Callable[[int], str]) -> Column:
    import numpy as np

    plain: list[Any] = [v.item() if hasattr(v, "item") else v for v in values]
    if all(type(v) is float for v in plain):
        return from_floats(np.array(plain, dtype=np.float64), what)
    read = [whole(number(v, what(i))) for i, v in enumerate(plain)]
    if all(isinstance(v, int) and abs(v) >> BITS == 0 for v in read):
        return Integers(np.array(read, dtype=np.int64))
    return Rationals(read)


def whole(value: Fraction) -> Exact:
    return value.numerator if value.denominator == 1 else value
