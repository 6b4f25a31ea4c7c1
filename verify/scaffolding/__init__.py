r"""Files for authors: a claim, or a distribution of claims, that passes at once and reads as a lesson.

What is written here comes from ``templates/``, which the tests install and run.  Nothing that exists is overwritten, and
nothing is written unless all of it can be.
"""

from __future__ import annotations

from verify.scaffolding.claim import KINDS, new_claim
from verify.scaffolding.files import Written
from verify.scaffolding.plugin import new_plugin

__all__ = ["KINDS", "Written", "new_claim", "new_plugin"]
