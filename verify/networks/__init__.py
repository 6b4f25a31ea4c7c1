r"""Exact networks: ReLU networks over the rationals, and what can be decided of them."""
