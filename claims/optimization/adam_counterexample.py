r"""Adam need not converge (Reddi, Kale and Kumar 2018, Theorem 1): a period of three steps that leads back to 1, for ever.

With $\beta_1 = 0$ a step is $\alpha_t g_t / \sqrt{v_t}$, and the large gradient C, which comes once in three steps, raises
its own denominator: the step to the left has length C h, the two steps back have lengths h' and h''.  Let b be
$\beta_2 = 1/(1 + C^2)$ and z = 1 - b.  Then v >= z C^2 after the large gradient, v <= 2z after the first small one (15z/8, if
b >= 1/6), and v <= 11z/8 after the second (263z/200, if b <= 1/6), so that each of h' and h'' is almost C h / 2 or more, and
both together are at least C h.  AMSGrad keeps the largest v: then h' and h'' are at most h, and the net way is to the left.
"""

from __future__ import annotations

from claims.optimization.adam_period import (
    C,
    adam,
    after_small,
    alpha,
    beta,
    left,
    period_from_one,
    position,
    projected,
    projection,
    right,
    setting,
)
from verify import Claim, assume, cite, define, induction, nat, prop, real

claim = Claim(
    "adam-counterexample",
    title="Adam does not converge",
    statement=r"Let $C > 2$, and on $[-1, 1]$ let $f_t(x) = C x$ for $t = 1, 4, 7, \dots$ and $f_t(x) = -x$ for all other "
    r"$t$. Adam with $\beta_1 = 0$, $\beta_2 = 1/(1 + C^2)$, $\alpha_t = \alpha/\sqrt t$, any $\alpha > 0$, and projection on "
    r"$[-1, 1]$ starts at $x_1 = 1$ and returns to $x_{3k+1} = 1$ for every $k$. After $T = 3k$ steps its regret is at least "
    r"$\frac23 (C - 2) \, T$, while the best point is $-1$. This is so even if the squares of the step lengths are off by one "
    r"part in 500. Where no step is longer than the one before it, as for AMSGrad, three steps lead from $x$ to at most "
    r"$\max(x - (C - 2) h, \, 2h - 1)$ instead, where h is the first of their three factors.",
    source=cite("reddi2018", "Theorem 1 (and Algorithm 2, for AMSGrad), as recalled"),
    remarks="As recalled, the theorem has alpha below the root of 1 - beta_2; the proof here needs no bound, as the projection "
    "can only help.",
    symbols={
        r"\mathrm{C}(), \; \mathrm{alpha}(), \; \mathrm{beta}()": r"C, $\alpha$ and $\beta_2$",
        r"\mathrm{h}(t)": r"$\alpha_{t+1} / \sqrt{v_{t+1}}$, which the gradient is multiplied by; time begins at 0",
        r"\mathrm{second}(k)": r"$v_{3k}$",
        r"\mathrm{position}(k)": r"$x_{3k+1}$",
    },
)
gain = claim.parameter("gain", "2", "the constant $c$ in the regret $c \\, (C - 2)$ of a period")


@define
def regret(k: nat) -> real:
    """The sum of f_t(x_t) - f_t(-1) over k periods."""
    if k == 0:
        return 0
    x = position(k - 1)
    y = left(x, 3 * (k - 1))
    return regret(k - 1) + C() * (x + 1) - (y + 1) - (right(y, 3 * (k - 1) + 1) + 1)


@claim.proof()
def regret_of_a_period(c: real, y: real, z: real) -> prop:
    """From 1, with y and z at the two small gradients."""
    assume(y <= 1, z <= 1)
    return c * (1 + 1) - (y + 1) - (z + 1) >= gain * (c - 2)


@claim.proof(
    by=induction("k"),
    using=[
        period_from_one,
        projection,
        regret_of_a_period.at(c="C()", y="left(position(k), 3 * k)", z="right(left(position(k), 3 * k), 3 * k + 1)"),
    ],
)
def regret_of_adam(k: nat) -> prop:
    """After k periods; the regret is that against the point -1."""
    assume(setting(), adam(k))
    return position(k) == 1 and regret(k) >= gain * (C() - 2) * k


@claim.proof(cases=["x - C() * s >= -1"])
def drift_of_amsgrad(x: real, s: real, p: real, q: real) -> prop:
    """Three steps from x with factors that do not increase."""
    assume(x >= -1, x <= 1, C() >= 0, s >= p, p >= q, q >= 0)
    return projected(projected(projected(x - C() * s) + p) + q) <= max(x - (C() - 2) * s, 2 * s - 1)


@claim.trials(8, runs=256)
def four_hundred_periods(draws):
    """In binary64, for C between 2 and 12 and alpha between 0 and 2: x is 1 after each period."""
    import torch

    large = 2 + draws.uniform(256, low=0.01, high=10.0)
    length = draws.uniform(256, low=0.01, high=2.0)
    x, v, back = torch.ones_like(large), torch.zeros_like(large), torch.ones_like(large, dtype=torch.bool)
    for t in range(1, 1201):
        gradient = large if t % 3 == 1 else torch.full_like(large, -1.0)
        v = (v + large**2 * gradient**2) / (1 + large**2)
        x = (x - length * gradient / torch.sqrt(t * v)).clamp(-1, 1)
        back &= (x == 1) | torch.tensor(t % 3 != 0)
    return back


# ------------------------------------------------------------------------------------------- what must fail


claim.sharpness(gain, refuted="201/100", proved="2")


@claim.mutant(replaces=setting)
def longer_memory() -> prop:
    """beta_2 is 1/2"""
    return C() > 2 and alpha() > 0 and beta() == 1 / 2


@claim.mutant(replaces=after_small)
def as_in_amsgrad(v: real) -> real:
    """Small gradients do not lower v"""
    return v


@claim.mutant(replaces=drift_of_amsgrad)
def growing_factors(x: real, s: real, p: real, q: real) -> prop:
    """The same if later factors may be larger"""
    assume(x >= -1, x <= 1, C() >= 0, s >= 0, p >= 0, q >= 0)
    return projected(projected(projected(x - C() * s) + p) + q) <= max(x - (C() - 2) * s, 2 * s - 1)
