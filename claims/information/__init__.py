r"""Claims about codes, dictionaries and information."""
