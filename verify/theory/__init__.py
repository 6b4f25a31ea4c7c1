r"""The language in which claims state definitions and theorems: read once, used by every engine."""
