r"""Small data sets for the claims about training: integers, so that every minimum is a rational number that can be typed."""

from __future__ import annotations

Points = list[list[int]]
Labels = list[int]


def scattered(count: int, inputs: int) -> Points:
    """Points with coordinates between -30 and 30, by powers modulo a prime; different, and in no special position."""
    return [[pow(3 + 2 * k, 5 * i + 7, 1009) % 61 - 30 for k in range(inputs)] for i in range(count)]


def noise(count: int) -> Labels:
    """Labels between -9 and 9 that have nothing to do with the points."""
    return [pow(11, 3 * i + 2, 1013) % 19 - 9 for i in range(count)]


def planted(points: Points) -> Labels:
    """What a network of width 2 takes there, plus noise between -2 and 2."""
    values = [max(sum(point) + 5, 0) - max(point[0] - 2 * point[-1], 0) for point in points]
    return [value + spread % 5 - 2 for value, spread in zip(values, noise(len(points)), strict=True)]


def cube(inputs: int) -> Points:
    """The corners of the unit cube."""
    return [[corner >> k & 1 for k in range(inputs)] for corner in range(2**inputs)]


def parity(points: Points) -> Labels:
    return [sum(point) % 2 for point in points]
