r"""Runs of RMSProp and Adam on random parabolas, many at once: whether the bounds hold that are proved for all functions.

f(x) = sum of c_i x_i^2 / 2 with curvatures c_i between 0 and 1, the last of them 1, so that L = 1 and the infimum is 0.
"""

from __future__ import annotations

DIMENSION = 4
ROUNDING = 1 + 1e-12  # a norm of four numbers is off by a few units of 2^-53, relatively


def start(draws):
    """Curvatures, the first iterate, and the norm of its gradient: shapes (runs, d), (runs, d), (runs, 1)."""
    import torch

    curvature = torch.cat((draws.uniform(DIMENSION - 1), torch.ones_like(draws.uniform(1))), 1)
    x = draws.normal(DIMENSION)
    return curvature, x, (curvature * x).norm(dim=1, keepdim=True)


def bound_of_rmsprop(draws, length: float, steps: int = 64):
    """min |g_t|^2 <= 2 L (s + xi) f(x_0) / ((1 - b) xi T), where s bounds all squared gradients; xi = 4 |g_0|^2."""
    import torch

    curvature, x, first = start(draws)
    b, xi, gap = 0.5 * draws.uniform(1), 4 * first**2, (curvature * x**2).sum(1, keepdim=True) / 2
    alpha = length * (1 - b) * xi / (first**2 + xi).sqrt()
    v, least, largest = torch.zeros_like(x), first**2, first**2
    for _ in range(steps):
        g = curvature * x
        square = g.square().sum(1, keepdim=True)
        least, largest = torch.minimum(least, square), torch.maximum(largest, square)
        v = b * v + (1 - b) * (g**2 + xi)
        x = x - alpha * g / v.sqrt()
    right = (largest <= first**2 * ROUNDING) & (least * (1 - b) * xi * steps <= 2 * (first**2 + xi) * gap)
    return right[:, 0]


def bound_of_adam(draws, length: float):
    """A gradient shorter than e = |g_0| / 2 within 18 L (e + 2 s)^2 f(x_0) / e^4 steps, where s = |g_0|.

    beta_1 = e / (e + 2 s) and xi = 2 s; beta_2 is random.  Runs in which a gradient exceeds s do not count.
    """
    import torch

    curvature, x, first = start(draws)
    gap, goal = (curvature * x**2).sum(1, keepdim=True) / 2, first / 2
    b1, xi, b2 = goal / (goal + 2 * first), 2 * first, draws.uniform(1)
    q = 1 / (6 * (goal + 2 * first))
    allowed = (18 * (goal + 2 * first) ** 2 * gap / goal**4).floor()
    m, v = torch.zeros_like(x), torch.zeros_like(x)
    found, small = first < 0, first >= 0
    for t in range(int(allowed.max()) + 1):
        g = curvature * x
        size = g.norm(dim=1, keepdim=True)
        found |= (size < goal) & (allowed >= t)
        small &= found | (size <= first * ROUNDING)
        if bool((found | (allowed < t)).all()):
            break
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
        x = torch.where(found, x, x - length * q * size**2 * xi**2 / first**2 * m / (v.sqrt() + xi))
    return (found | ~small)[:, 0]


def mean_square_of_rmsprop(draws, slopes, offsets, steps: int = 4096, xi: float = 0.1):
    """The mean of |f'(x_t)|^2 over the time, as a multiple of its bound, for g_p(x) = slopes[p] x + offsets[p] on the line.

    b = 0, the first iterate is 1, and sigma is the largest |g_p| at points of [0, 1].  The multiple is cut off at 8.
    """
    import torch

    table = torch.tensor((slopes, offsets), dtype=torch.float64, device=draws.device)
    size, shift = (float(row.mean()) for row in table)
    sigma = max(float(table[1].abs().max()), float(table.sum(0).abs().max()))
    alpha = (2 * xi * (size / 2) / (sigma**2 * size * steps)) ** 0.5
    bound = sigma * (sigma**2 + xi) ** 0.5 * (2 * size * (size / 2) / (xi * steps)) ** 0.5
    x = torch.ones(draws.runs, dtype=torch.float64, device=draws.device)
    total = torch.zeros_like(x)
    for column in draws.integers(steps, below=len(slopes)).long().unbind(1):
        total += (size * x + shift) ** 2
        g = table[0, column] * x + table[1, column]
        x = x - alpha * g / (g**2 + xi).sqrt()
    return (total / (steps * bound)).clamp(max=8.0)
