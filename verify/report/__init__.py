r"""The report: static pages that show what was claimed, what was decided, by which evidence, and what is left open.

    write_report(found, Path("reports"), Path(".verify"))

writes ``index.html``, one page for each claim, and the certificates as files that ``python -m verify.kernel`` decides
again; ``write_single`` writes all of it into one file.  Data and words are made here (``pages``, ``index``,
``dependencies``, ``proofs``, ``gaps``); the templates only arrange them.
"""

from verify.report.writing import write_report, write_single

__all__ = ["write_report", "write_single"]
