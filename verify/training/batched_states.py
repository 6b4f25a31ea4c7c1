r"""The sets of cells that the nodes of a batched search restrict their neurons to, each kept once.

Nodes on a device hold indices into this table.  What they need of a state in every step lies on the device: for each point
the side on which all its cells are, and the halves into which it falls at a point, once they are known.  What is done once
for a state, going through its cells, is done on the CPU: a search of a hundred thousand nodes meets some thousand states.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Tensor = Any  # torch.Tensor, of which the type checker knows nothing
Words = NDArray[np.uint64]

SAMPLE = 256  # cells that choose the middle of a state


@dataclass
class StateTable:
    """All states met so far.  On the device: code (S, D) int8, +1 positive, -1 negative in all cells, else 0; middle (S,)
    int64: the point at which to divide a state when nothing else decides; halves (S, D, 2) int32, -1 where not yet known.

    On the CPU, for each state: its masks as words, and the indices of its cells."""

    cells: Words
    points: int
    device: torch.device
    code: Tensor = field(init=False)
    middle: Tensor = field(init=False)
    halves: Tensor = field(init=False)
    members: list[NDArray[np.int64]] = field(default_factory=list)
    positive: list[Words] = field(default_factory=list)
    negative: list[Words] = field(default_factory=list)
    names: dict[bytes, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.code = torch.zeros(0, self.points, dtype=torch.int8, device=self.device)
        self.middle = torch.zeros(0, dtype=torch.int64, device=self.device)
        self.halves = torch.zeros(0, self.points, 2, dtype=torch.int32, device=self.device)

    def indices(self, positive: Words, negative: Words) -> Tensor:
        """The states (n,) of the cells that contain ``positive`` and avoid ``negative``, (n, W) each."""
        both = np.concatenate([positive, negative], axis=1)
        distinct, inverse = np.unique(both, axis=0, return_inverse=True)
        words = self.cells.shape[1]
        found = []
        for row in distinct:
            inside = ((row[:words] & ~self.cells) == 0).all(1) & ((row[words:] & self.cells) == 0).all(1)
            found.append(np.nonzero(inside)[0])
        states = self.added(found)
        return torch.as_tensor(states[inverse.ravel()], device=self.device)

    def split(self, states: Tensor, points: Tensor) -> Tensor:
        """The halves (n, 2) of states (n,) at points (n,): with the point positive, and without."""
        found = self.halves[states, points]
        missing = found[:, 0] < 0
        if bool(missing.any()):
            wanted = torch.unique(states[missing] * self.points + points[missing]).cpu().numpy()
            parents, where = wanted // self.points, wanted % self.points
            parts = []
            for s, i in zip(parents, where, strict=True):
                members = self.members[s]
                inside = (self.cells[members, i >> 6] >> np.uint64(i & 63)) & np.uint64(1) != 0
                parts += [members[inside], members[~inside]]
            children = torch.as_tensor(self.added(parts).reshape(-1, 2), dtype=torch.int32, device=self.device)
            self.halves[torch.as_tensor(parents, device=self.device), torch.as_tensor(where, device=self.device)] = (
                children
            )
            found = self.halves[states, points]
        return found.long()

    def added(self, sets: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        """The states with these cells, new ones being entered."""
        indices, codes, middle = np.empty(len(sets), np.int64), [], []
        full = _packed(np.ones((1, self.points), bool))[0]
        for e, members in enumerate(sets):
            words = self.cells[members]
            positive = np.bitwise_and.reduce(words, axis=0, initial=~np.uint64(0)) & full
            negative = full & ~np.bitwise_or.reduce(words, axis=0, initial=np.uint64(0))
            name = positive.tobytes() + negative.tobytes()
            indices[e] = self.names.setdefault(name, len(self.members))
            if indices[e] < len(self.members):
                continue
            self.members.append(members)
            self.positive.append(positive)
            self.negative.append(negative)
            code = _unpacked(positive, self.points).astype(np.int8) - _unpacked(negative, self.points).astype(np.int8)
            sample = members[:: max(1, len(members) // SAMPLE)]
            codes.append(code)
            middle.append(_middle(code, _unpacked(self.cells[sample], self.points)))
        if codes:
            self._extend(np.array(codes), middle)
        return indices

    def _extend(self, codes: NDArray[np.int8], middle: list[int]) -> None:
        need = len(self.members)
        if need > len(self.code):
            room = max(1024, 2 * need)
            for name in ("code", "middle", "halves"):
                old = getattr(self, name)
                new = old.new_full((room, *old.shape[1:]), -1 if name == "halves" else 0)
                new[: len(old)] = old
                setattr(self, name, new)
        self.code[need - len(codes) : need] = torch.as_tensor(codes, device=self.device)
        self.middle[need - len(codes) : need] = torch.as_tensor(middle, device=self.device)


def _middle(code: NDArray[np.int8], sample: NDArray[np.bool_]) -> int:
    """The undecided point whose halves have the fewest undecided points on average over a sample (n, D) of the cells."""
    points = np.nonzero(code == 0)[0]
    if not len(points):
        return 0
    inside = sample[:, points].astype(np.float32)
    both = inside.T @ inside
    one, count = both.diagonal(), len(sample)
    other = one[None, :] - both
    above = ((both > 0) & (both < one[:, None])).sum(axis=1)
    below = ((other > 0) & (other < (count - one)[:, None])).sum(axis=1)
    whole = (one == 0) | (one == count)  # not divided in the sample
    return int(points[np.argmin(one * above + (count - one) * below + whole * count * len(points))])


def _packed(positive: NDArray[np.bool_]) -> Words:
    padded = np.zeros((len(positive), (positive.shape[1] + 63) // 64 * 64), bool)
    padded[:, : positive.shape[1]] = positive
    return np.packbits(padded, axis=-1, bitorder="little").view("<u8").astype(np.uint64)


def _unpacked(words: Words, count: int) -> NDArray[np.bool_]:
    flat = np.ascontiguousarray(words.astype("<u8")).view(np.uint8)
    return np.unpackbits(flat, axis=-1, bitorder="little", count=count).astype(bool)
