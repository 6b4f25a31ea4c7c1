r"""Two claims of another distribution: one is true, the other one is not, and nobody has noticed."""

VERIFY_INTERFACE = 1
