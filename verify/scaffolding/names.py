r"""Names of new claims and distributions, each checked with one sentence."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from verify.catalog import collect
from verify.errors import UsageError

WORDS = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
UNSEEN = ("_", "test_", "conftest")  # files that are no modules of claims


def claim_name(name: str) -> str:
    """The name of a claim that there is not yet."""
    if not WORDS.fullmatch(name):
        raise UsageError(f"the claim cannot be called {name!r}: write small words with hyphens, such as {likely(name)}")
    for listed in collect().claims:
        if listed.claim.name == name:
            raise UsageError(f"there is a claim {name!r} already, at {listed.claim.place}; choose another name")
    return name


def claim_file(path: Path) -> Path:
    """A file in which claims are looked for."""
    if path.suffix != ".py" or path.is_dir():
        raise UsageError(f"{str(path)!r} is no Python file; --output names a file that ends in .py")
    if path.name.startswith(UNSEEN):
        raise UsageError(
            f"no claims are looked for in files such as {path.name!r} (beginning with {', '.join(UNSEEN)}); "
            "name another file with --output"
        )
    if not path.stem.isidentifier() or keyword.iskeyword(path.stem):
        raise UsageError(f"{path.name!r} cannot be imported by other modules; name another file with --output")
    return path


def source_key(key: str) -> str:
    """A key that BibTeX reads."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_:.+/-]*", key):
        raise UsageError(f"{key!r} is no key of a bibliography; write letters and digits, such as yarotsky2017")
    return key


def distribution_name(name: str) -> str:
    """The name of a distribution whose package does not hide another one."""
    from importlib.util import find_spec

    if not WORDS.fullmatch(name):
        raise UsageError(
            f"the distribution cannot be called {name!r}: write small words with hyphens, such as {likely(name)}"
        )
    package = name.replace("-", "_")
    if keyword.iskeyword(package) or package == "tests" or find_spec(package) is not None:
        raise UsageError(f"its package would be called {package}, and there is another one; choose another name")
    return name


def likely(name: str) -> str:
    """A name that is allowed and near to what was written."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1-\2", name).lower())
    while words and not words[0][0].isalpha():
        words = [*words[1:], words[0]] if any(word[0].isalpha() for word in words) else ["claim", *words]
    return "-".join(words) or "my-lemma"
