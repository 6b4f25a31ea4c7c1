r"""A run: which tasks there are, which are known already, who answers the others, and what the answers establish."""
