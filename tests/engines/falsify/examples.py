r"""False statements of many shapes, and true ones that are nearly false."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.theory.authoring import stated

Json = Any


@dataclass(frozen=True)
class Example:
    variables: str
    conclusion: str
    hypotheses: tuple[str, ...] = ()
    before: str = ""
    arithmetic: str = "exact"

    @cached_property
    def statement(self) -> Json:
        return stated(self.variables, self.conclusion, *self.hypotheses, before=self.before, arithmetic=self.arithmetic)


SEQUENCE = "@arbitrary\ndef f(n: nat) -> real: ...\n"
ITERATED = """
@define
def s(n: nat, x: real) -> real:
    return x if n == 0 else s(n - 1, 4*x*(1 - x)) + 1/1000
"""
EVEN = "@define\ndef even(n: nat) -> prop:\n    return True if n == 0 else not even(n - 1)\n"
SPACES = 'p, n, q, m = dimensions("p n q m")\n'
LAYERS = (
    SPACES
    + """
@arbitrary
def W(k: nat) -> mat[n, n]: ...
@arbitrary
def X() -> mat[n, m]: ...
@define
def outputs(k: nat) -> mat[n, m]:
    return X() if k == 0 else W(k) @ outputs(k - 1)
"""
)

OVER = "@define\ndef over(x: real) -> real:\n    return 1 / x\n"

FALSE = {
    "strict at the boundary": Example("x: real, y: real", "x + y > 0", ("x >= 0", "y >= 0")),
    "at the end of an interval": Example("x: real", "x**2 < 1", ("0 <= x <= 1",)),
    "for a large natural": Example("n: nat", "2**n <= 100*n + 100"),
    "for one natural": Example("n: nat", "n != 11"),
    "at tiny numbers": Example("x: real", "x >= 1/1000 or x <= 0"),
    "on a tiny interval": Example("x: real", "not (1/1000 < x < 1/999)"),
    "naturals and reals": Example("n: nat, x: real", "n*x <= x**2 + 1"),
    "two phases of a ReLU": Example("x: real", "relu(x) - relu(x - 1) <= 3/4"),
    "a small hat far away": Example("x: real", "relu(x - 5) - 2*relu(x - 21/4) + relu(x - 11/2) <= 1/8"),
    "an arbitrary sequence": Example("n: nat", "f(n) <= f(n + 1)", (), SEQUENCE),
    "an arbitrary sequence of naturals": Example("n: nat", "f(n) != 5", (), "@arbitrary\ndef f(n: nat) -> nat: ...\n"),
    "an arbitrary constant": Example("x: real", "c()*x <= x", ("x >= 0",), "@arbitrary\ndef c() -> real: ...\n"),
    "an arbitrary predicate": Example(
        "n: nat", "implies(p(n), p(n + 1))", (), "@arbitrary\ndef p(n: nat) -> prop: ...\n"
    ),
    "a defined predicate": Example("n: nat", "implies(even(n), even(n + 1) or n == 0)", (), EVEN),
    "vectors": Example("u: vec, v: vec", "dot(u, v) >= 0"),
    "equality in Cauchy-Schwarz": Example("u: vec, v: vec", "dot(u, v)**2 < sq(u)*sq(v)", ("sq(u) > 0", "sq(v) > 0")),
    "an equation of vectors": Example("u: vec, v: vec", "u == v", ("sq(u) == sq(v)",)),
    "the trace of a product": Example("A: mat[n, n], B: mat[n, n]", "trace(A @ B) == trace(A)*trace(B)", (), SPACES),
    "the norm of a product": Example("A: mat[p, n], B: mat[n, q]", "sq(A @ B) == sq(A)*sq(B)", (), SPACES),
    "products in another order": Example("A: mat[n, n], B: mat[n, n]", "A @ B == B @ A", (), SPACES),
    "no divisors of zero": Example("A: mat[p, n], x: mat[n, 1]", "sq(A) == 0 or sq(x) == 0", ("A @ x == 0",), SPACES),
    "symmetric products": Example("A: mat[n, n], B: mat[n, n]", "(A @ B).T == A @ B", ("A.T == A", "B.T == B"), SPACES),
    "rows are columns": Example("x: mat[n, 1]", "sq(x @ x.T) < sq(x)**2 + sq(x)", (), SPACES),
    "a matrix of data": Example("A: mat[p, n]", "sq(A @ X()) >= sq(X())", ("sq(A) >= 4",), LAYERS),
    "a deep linear network": Example("k: nat", "sq(outputs(k + 1)) >= sq(outputs(k))", (), LAYERS),
    "a function of columns": Example(
        "x: mat[n, 1]", "f(x) == x", (), SPACES + "@arbitrary\ndef f(x: mat[n, 1]) -> mat[n, 1]: ...\n"
    ),
    "the polynomial of Motzkin": Example("x: real, y: real", "x**2*y**2*(x**2 + y**2 - 3) + 1 >= 1/100"),
    "under an equation": Example("x: real, y: real", "x*y <= 6", ("x + y == 5", "x >= 0", "y >= 0")),
    "under an equation of naturals": Example("n: nat, m: nat", "n <= m + 2", ("2*n + 3*m == 12",)),
    "between irrational numbers": Example("x: real", "x**2 < 2 or x >= 3/2", ("x >= 0",)),
    "one direction of an equivalence": Example("x: real", "iff(x**2 > 1, x > 1)"),
    "an iterated map": Example("n: nat, x: real", "s(n, x) <= 1", ("0 <= x", "x <= 1"), ITERATED),
    "a reciprocal of naturals": Example("n: nat", "over(n + 3) < 1/3", (), OVER),
    "a reciprocal of numbers": Example("x: real", "over(x) <= 5", (), OVER),
    "without variables": Example("", "2**10 < 1000"),
    "sums of doubles": Example("x: real, y: real, z: real", "(x + y) + z == x + (y + z)", (), "", "binary64"),
    "a quotient of doubles": Example("x: real", "x/3*3 == x", (), "", "binary64"),
    "an underflow of doubles": Example("x: real", "implies(x > 0, x*x > 0)", (), "", "binary64"),
}

TRUE = {
    "weak at the boundary": Example("x: real, y: real", "x + y >= 0", ("x >= 0", "y >= 0")),
    "a square": Example("x: real, y: real", "x**2 + y**2 >= 2*x*y"),
    "a power": Example("n: nat", "2**n >= n + 1"),
    "phases of a ReLU": Example("x: real", "0 <= relu(x) - relu(x - 1) <= 1"),
    "a maximum": Example("x: real, y: real", "max(x, y) == x + relu(y - x)"),
    "the polynomial of Motzkin": Example("x: real, y: real", "x**2*y**2*(x**2 + y**2 - 3) + 1 >= 0"),
    "naturals are integers": Example("n: nat, m: nat", "2*n != 2*m + 1"),
    "an arbitrary sequence": Example("n: nat, m: nat", "f(n) <= f(m)", ("m == n",), SEQUENCE),
    "an arbitrary predicate": Example("n: nat", "p(n) or not p(n)", (), "@arbitrary\ndef p(n: nat) -> prop: ...\n"),
    "a defined predicate": Example("n: nat", "iff(even(n), not even(n + 1))", (), EVEN),
    "vectors": Example("u: vec, v: vec", "sq(u + v) + sq(u - v) == 2*sq(u) + 2*sq(v)"),
    "a trace of products": Example("A: mat[p, n], B: mat[n, p]", "trace(A @ B) == trace(B @ A)", (), SPACES),
    "the transpose of a product": Example("A: mat[p, n], B: mat[n, q]", "(A @ B).T == B.T @ A.T", (), SPACES),
    "a norm as a trace": Example("A: mat[p, n]", "sq(A) == trace(A.T @ A) and dot(A, 2*A) == 2*sq(A)", (), SPACES),
    "norms are submultiplicative": Example("A: mat[p, n], B: mat[n, q]", "sq(A @ B) <= sq(A)*sq(B)", (), SPACES),
    "a kernel": Example("A: mat[p, n], x: mat[n, 1]", "A @ (2*x) == 0", ("A @ x == 0",), SPACES),
    "a deep linear network": Example("k: nat", "sq(outputs(k)) >= 0 and outputs(0) == X()", (), LAYERS),
    "Cauchy-Schwarz": Example("u: vec, v: vec", "dot(u, v)**2 <= sq(u)*sq(v)"),
    "under an equation": Example("x: real, y: real", "x*y <= 25/4", ("x + y == 5",)),
    "a reciprocal of naturals": Example("n: nat", "over(n + 3) <= 1/3", (), OVER),
    "a reciprocal of numbers": Example("x: real", "x*over(x) == 1", ("x != 0",), OVER),
    "without variables": Example("", "2**10 > 1000"),
    "a sum of doubles": Example("x: real, y: real", "x + y == y + x", (), "", "binary64"),
}
