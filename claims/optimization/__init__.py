r"""Rates of first-order methods."""
