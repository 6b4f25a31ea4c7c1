r"""Landscapes of training problems: what is proved of their critical points and their minima."""
