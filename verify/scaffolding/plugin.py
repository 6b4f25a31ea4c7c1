r"""``verify new plugin``: a distribution of claims that installs, with tests that pass."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from verify.bibliography import FILE
from verify.errors import UsageError
from verify.plugins import INTERFACES
from verify.scaffolding import names
from verify.scaffolding.files import Written, filled, write

SOURCE = "to-be-filled-in"


def new_plugin(distribution: str, *, output: Path | None = None) -> Written:
    """Write the folder of a distribution of claims; raises ``UsageError``."""
    distribution = names.distribution_name(distribution)
    folder = output if output is not None else Path(distribution)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{str(folder)!r} exists and is not empty; name another place with --output")
    package = distribution.replace("-", "_")
    words = {"distribution": distribution, "package": package}
    claims = folder / package
    texts = {
        folder / "pyproject.toml": filled("plugin/pyproject.toml", **words, version=version("deepclaims")),
        folder / "README.md": filled("plugin/README.md", **words),
        claims / "__init__.py": filled("plugin/package.py", interface=str(max(INTERFACES))),
        claims / FILE: filled("claim/references.bib", source=SOURCE),
        claims / "halving_layers.py": claim("theorem", f"{distribution}-halving-layers", "halving_layers", package),
        claims / "additive_relu.py": claim("refuted", f"{distribution}-additive-relu", "additive_relu", package),
        folder / "tests" / "test_claims.py": filled("plugin/test_claims.py", **words),
    }
    write(texts)
    return Written(tuple(texts))


def claim(kind: str, name: str, module: str, package: str) -> str:
    return filled(f"claim/{kind}.py", claim=name, source=SOURCE, run=f"{package}/{module}.py")
