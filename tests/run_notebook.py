r"""Runs the notebook of the documentation in an empty folder: python -m tests.run_notebook writes its outputs again."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).resolve().parents[1] / "docs" / "notebook.ipynb"


def executed(folder: Path) -> Any:
    """The notebook after a run, without the times that were noted."""
    import nbformat
    from nbclient import NotebookClient

    document = nbformat.read(NOTEBOOK, as_version=4)
    for cell in document.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(document, timeout=300, kernel_name="python3", resources=resources).execute()
    for cell in document.cells:
        cell.metadata.pop("execution", None)
    document.metadata["language_info"] = {"name": "python"}
    return document


def main() -> None:
    import nbformat

    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(executed(Path(folder)), NOTEBOOK)


if __name__ == "__main__":
    main()
