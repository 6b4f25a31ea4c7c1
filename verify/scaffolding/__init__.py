r"""Files for authors: a claim, or a distribution of claims, that passes at once and reads as a lesson."""
