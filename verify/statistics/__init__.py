r"""Randomness that can be repeated anywhere, and what a number of trials says."""
