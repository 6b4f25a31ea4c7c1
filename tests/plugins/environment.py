r"""A fresh environment beside the one that the harness is installed in, into which distributions are built and installed.

No network: what is installed here is visible there (a ``.pth`` file adds this environment's packages, entry points and
editable projects included), and pip is told to ask no index.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Environment:
    """A virtual environment and a folder to work in."""

    root: Path
    work: Path

    @staticmethod
    def fresh(folder: Path) -> Environment:
        root, work = folder / "venv", folder / "work"
        venv.create(root, with_pip=False, symlinks=True)
        work.mkdir()
        site = Path(sysconfig.get_path("purelib", vars={"base": str(root), "platbase": str(root)}))
        here = sysconfig.get_path("purelib")
        (site / "beside.pth").write_text(f"import site; site.addsitedir({here!r})\n")
        return Environment(root, work)

    @property
    def python(self) -> str:
        return str(self.root / "bin" / "python")

    def install(self, source: Path) -> Path:
        """Build a wheel from a copy of a source tree and install it; the path of the wheel."""
        copy = self.root.parent / "build" / source.name
        shutil.copytree(source, copy)
        wheels = self.root.parent / "wheels" / source.name
        done = run([*PIP, "wheel", "--no-build-isolation", "--no-deps", "--no-index", "-w", str(wheels), str(copy)])
        assert done.status == 0, done.err
        (wheel,) = wheels.glob("*.whl")
        done = run([*PIP, "--python", self.python, "install", "--no-deps", "--no-index", str(wheel)])
        assert done.status == 0, done.err
        return wheel

    def verify(self, *arguments: str, path: Path | None = None, work: Path | None = None) -> Done:
        """``verify``, with one more folder of installed distributions if wanted."""
        return run([self.python, "-m", "verify", *arguments], work or self.work, path)

    def pytest(self, *arguments: str, path: Path | None = None, work: Path | None = None) -> Done:
        return run([self.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments], work or self.work, path)


def run(command: list[str], folder: Path | None = None, path: Path | None = None) -> Done:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "VERIFY"))
    }
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return Done(done.returncode, done.stdout, done.stderr)
