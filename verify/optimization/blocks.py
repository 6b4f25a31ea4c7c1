r"""Orthogonal blocks of coordinates, for methods that treat coordinates differently.

A vector v of a product of d Hilbert spaces is the sum of its blocks v_1, ..., v_d, and blocks of different numbers are
orthogonal, whatever vectors they are taken of.  That is all a worst case knows of coordinates: for each vector whose blocks
are asked for, d - 1 free vectors (the last block is what remains), and for each two such vectors the equations
<u_i, v_j> = 0, i != j.  Blocks of combinations are combinations of blocks, so that each vector is best asked for once: the
gradients, in coordinate descent and in steps with a diagonal metric.

A bound holds for every product space, hence for R^d with its coordinates.
"""

from __future__ import annotations

from verify.errors import ProblemError
from verify.optimization.problem import Problem
from verify.optimization.terms import Vector, dot


class Blocks:
    """``count`` orthogonal blocks of a problem's space: ``blocks(v)`` is the list of the blocks of v, whose sum v is.

    >>> problem = Problem()
    >>> first, second = Blocks(problem, 2)(problem.point("v"))
    >>> str(second), [str(equation) for equation in problem.equations]
    ('v - v_block0', ['<v, v_block0> - |v_block0|^2'])
    """

    def __init__(self, problem: Problem, count: int) -> None:
        if isinstance(count, bool) or not isinstance(count, int) or count < 2:
            raise ProblemError(f"the number of blocks is {count!r}; give a natural number, 2 or more")
        self.problem, self.count = problem, count
        self._known: dict[str, list[Vector]] = {}

    def __call__(self, vector: Vector) -> list[Vector]:
        name = self.problem.named(vector)
        if name in self._known:
            return self._known[name]
        free = [self.problem.point(f"{name}_block{k}") for k in range(self.count - 1)]
        parts = [*free, sum((-part for part in free), self.problem.short(vector))]
        for other in [*self._known.values(), parts]:
            for i, part in enumerate(parts):
                for j, known in enumerate(other):
                    if i != j and (other is not parts or i < j):
                        self.problem.assume_equal(dot(part, known))
        self._known[name] = parts
        return parts
