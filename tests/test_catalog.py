r"""Finding claims: folders, packages, plugins; what is broken is listed and stops nothing."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests import samples
from verify.catalog import Reference, collect, find
from verify.errors import ClaimError, UsageError


def test_claims_of_a_folder_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    folder = samples.folder(tmp_path / "c", z=samples.text("alpha"), a=samples.text("omega"))
    assert [entry.claim.name for entry in collect([folder]).claims] == ["alpha", "omega"]


def test_private_modules_and_tests_are_no_claims(tmp_path: Path) -> None:
    text = samples.text("hidden")
    folder = samples.folder(tmp_path / "c", _private=text, test_it=text, conftest=text)
    assert collect([folder]).claims == ()


def test_a_claim_belongs_to_the_module_that_makes_it(tmp_path: Path) -> None:
    folder = samples.folder(tmp_path / "pack", __init__="", one=samples.text("one"), two="from pack.one import claim\n")
    samples.forget("pack")
    catalog = collect([folder])
    assert [entry.reference.module for entry in catalog.claims] == ["pack.one"]
    assert catalog.broken == ()


def test_a_module_is_not_taken_for_its_namesake_in_another_place(tmp_path: Path) -> None:
    here, there = (samples.folder(tmp_path / side / "pack", __init__="", one=samples.text(side)) for side in "ab")
    samples.forget("pack")
    assert [entry.claim.name for entry in collect([here]).claims] == ["a"]
    found = collect([there])
    assert found.claims == ()
    assert [broken.sentence for broken in found.broken] == [
        f"{there / '__init__.py'}:1: another package 'pack' is loaded already, from {here}; "
        "rename one of them, or run them apart"
    ]
    samples.forget("pack")


def test_of_two_claims_with_one_name_both_places_are_told(tmp_path: Path) -> None:
    folder = samples.folder(tmp_path / "c", one=samples.text("same"), two=samples.text("same"))
    catalog = collect([folder])
    assert len(catalog.claims) == 1
    (broken,) = catalog.broken
    assert "one.py:3" in broken.sentence
    assert "two.py:3" in broken.sentence
    assert broken.sentence.endswith("rename one of them")


@pytest.mark.parametrize("body", ["raise ValueError('x')", "import nothing_of_this_name", "raise SystemExit", "1 +"])
def test_a_module_that_cannot_be_loaded_does_not_hide_the_others(tmp_path: Path, body: str) -> None:
    catalog = collect([samples.folder(tmp_path / "c", bad=body + "\n", good=samples.text("good"))])
    assert [entry.claim.name for entry in catalog.claims] == ["good"]
    assert [broken.where for broken in catalog.broken] == [str(tmp_path / "c" / "bad.py")]
    assert f"{tmp_path / 'c' / 'bad.py'}:1: " in catalog.broken[0].sentence


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file or folder"):
        collect([tmp_path / "nowhere"])


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    catalog = collect([samples.folder(tmp_path / "c", one=samples.text("one"), two=samples.text("two"))])
    with pytest.raises(UsageError, match="there is no claim 'three'; the claims here are: one, two"):
        catalog.get("three")


def test_a_reference_finds_the_claim_again(tmp_path: Path) -> None:
    (entry,) = collect([samples.folder(tmp_path / "c", one=samples.text("one"))]).claims
    assert find(entry.reference) is entry.claim
    with pytest.raises(UsageError, match="no longer defines the claim 'two'"):
        find(Reference(entry.reference.file, entry.reference.module, "two"))


# ----------------------------------------------------------------------------------------------------- plugins


def distribution(site: Path, name: str, package: str, **modules: str) -> None:
    """An installed distribution whose entry point is a package of claims."""
    samples.folder(site / package, __init__="", **modules)
    info = site / f"{name}-1.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n")
    (info / "entry_points.txt").write_text(f"[verify.claims]\n{name} = {package}\n")


def listed(site: Path, tmp_path: Path, **environment: str) -> tuple[int, list[str], str]:
    script = textwrap.dedent("""
        import sys; sys.path.insert(0, sys.argv[1])
        from verify.cli import main; sys.exit(main(["list"]))
    """)
    command = [sys.executable, "-c", script, str(site)]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env={"PATH": "", **environment}
    )
    return done.returncode, [line.split()[0] for line in done.stdout.splitlines()], done.stderr


def test_claims_of_other_distributions_are_found(tmp_path: Path) -> None:
    distribution(tmp_path / "site", "theorems", "their_claims", good=samples.text("their-claim"))
    status, names, _ = listed(tmp_path / "site", tmp_path)
    assert status == 0
    assert {"their-claim", "square-net"} <= set(names)


def test_a_broken_distribution_is_one_sentence(tmp_path: Path) -> None:
    distribution(tmp_path / "site", "theorems", "broken_claims")
    (tmp_path / "site" / "broken_claims" / "__init__.py").write_text("raise RuntimeError('not today')\n")
    status, names, said = listed(tmp_path / "site", tmp_path)
    assert (status, "square-net" in names) == (3, True)
    assert "importing this module failed: RuntimeError: not today" in said
    assert len(said.splitlines()) == 1


def test_duplicates_are_named_with_distribution_and_version(tmp_path: Path) -> None:
    distribution(tmp_path / "site", "theorems", "same_claims", good=samples.text("square-net"))
    status, _, said = listed(tmp_path / "site", tmp_path)
    assert status == 3
    assert "theorems 1.5" in said
    assert "deepclaims 0.1.0" in said


def test_plugins_can_be_left_out(tmp_path: Path) -> None:
    distribution(tmp_path / "site", "theorems", "their_claims", good=samples.text("their-claim"))
    status, names, _ = listed(tmp_path / "site", tmp_path, VERIFY_NO_PLUGINS="1")
    assert (status, names) == (5, [])


# --------------------------------------------------------------------------------------------------- registering


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('Claim("a b", title="", statement="", source=cite("k", "p"))', "may only have small letters"),
        (
            'Claim("ab", title="", statement="", source=cite("k", "p"), remarks=("one", "two"))',
            "remarks must be one text, not a tuple; remove the commas between its parts",
        ),
        ('Claim("a", title="", statement="", source=cite("k", "p"), expect="true")', "must be 'holds' or 'refuted'"),
        ('Claim("a", title="", statement="", source=cite("k", "p"), arithmetic="float32")', "'exact' or 'binary64'"),
    ],
)
def test_a_claim_checks_what_it_is_told(tmp_path: Path, line: str, sentence: str) -> None:
    file = tmp_path / "c.py"
    file.write_text(f"from verify import Claim, cite\n\nclaim = {line}\n")
    (broken,) = collect([file]).broken
    assert broken.sentence.startswith(f"{file}:3: ")
    assert sentence in broken.sentence


def test_a_bibliography_is_looked_for_beside_the_claim_and_above(tmp_path: Path) -> None:
    from verify.bibliography import find as find_source

    folder = samples.folder(tmp_path / "c")
    deep = folder / "deep"
    deep.mkdir()
    (deep / "one.py").write_text(samples.text("one"))
    (entry,) = collect([deep]).claims
    assert str(find_source(entry.claim.source, entry.claim.place)) == "Euclid. Elements. Alexandria. -300."
    (folder / "references.bib").unlink()
    with pytest.raises(ClaimError, match=r"needs a file references.bib beside the claim or above it"):
        find_source(entry.claim.source, entry.claim.place)


def test_a_bibliography_that_cannot_be_read(tmp_path: Path) -> None:
    from verify.bibliography import find as find_source

    (entry,) = collect([samples.folder(tmp_path / "c", one=samples.text("one"))]).claims
    (tmp_path / "c" / "references.bib").write_text("@book{euclid, author = {Euclid}\n@book{")
    with pytest.raises(ClaimError, match="this bibliography cannot be read"):
        find_source(entry.claim.source, entry.claim.place)
