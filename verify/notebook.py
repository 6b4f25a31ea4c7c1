r"""Verdicts in a notebook or an IPython session."""
