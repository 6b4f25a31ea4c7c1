r"""What a worker has to have in common with whoever asks it, and where it finds a claim."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import samples
from verify.closure import closure_digest
from verify.errors import UsageError
from verify.session import remote
from verify.session.tasks import Options


def test_equal_code_is_accepted() -> None:
    assert remote.difference(remote.code()) == ""


def test_another_version_is_named_before_another_digest() -> None:
    own = remote.code()
    expected = {"verify": "0" * 64, "versions": {**own["versions"], "python": "2.7.18"}}
    assert f"has python {own['versions']['python']}, but 2.7.18 is wanted; install" in remote.difference(expected)
    missing = {"verify": own["verify"], "versions": {**own["versions"], "another-engine": "1.0"}}
    assert "has another-engine missing, but 1.0 is wanted" in remote.difference(missing)


def test_another_digest_is_told_with_both() -> None:
    own = remote.code()
    told = remote.difference({**own, "verify": "f" * 64})
    assert own["verify"][:12] in told and "ffffffffffff is wanted" in told


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The same package of claims in two places; the file in the first."""
    for place in ("here", "there"):
        folder = samples.folder(tmp_path / place / "moved_claims", right=samples.text("right"))
        (folder / "__init__.py").write_text("")
    return tmp_path / "here" / "moved_claims" / "right.py"


def test_a_module_is_found_by_name_where_the_file_lies_elsewhere(package: Path, tmp_path: Path) -> None:
    """In a process whose path leads to the second place alone, as on another machine."""
    wanted = closure_digest(package)
    (tmp_path / "here").rename(tmp_path / "gone")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; from verify.session.remote import file_of;"
        "print(file_of('moved_claims.right', Path(sys.argv[2]), sys.argv[3]))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "there"), str(package), wanted]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert found.stdout.strip() == str(tmp_path / "there" / "moved_claims" / "right.py")


def test_a_file_at_the_same_place_is_enough(package: Path) -> None:
    assert remote.file_of("moved_claims.right", package, closure_digest(package)) == package


def test_other_claims_are_refused_with_both_digests(package: Path) -> None:
    own = closure_digest(package)
    with pytest.raises(UsageError) as refused:
        remote.file_of("moved_claims.right", package, "0" * 64)
    assert f"is {own[:12]} ({package}), but 000000000000 is wanted" in str(refused.value)


def test_a_claim_that_is_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="neither the module claims_of_nowhere nor the file"):
        remote.file_of("claims_of_nowhere", tmp_path / "nowhere.py", "0" * 64)


def test_no_limit_of_addresses_is_set_where_cuda_reserves_them() -> None:
    assert Options().limit == Options().memory_bytes
    assert Options(device="cuda:1").limit is None
