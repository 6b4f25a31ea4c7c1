r"""``verify new claim``: one module of claims, with a source that resolves.

The key of the source is looked up where ``verify.bibliography`` will look for it, in the nearest ``references.bib`` at or
above the module.  A key that is there is used as it is.  Otherwise an entry to be filled in is appended to that file, or
to a new one beside the module: a claim without a source that resolves would fail, and what an author has in the file stays
as it is.
"""

from __future__ import annotations

from pathlib import Path

from verify.bibliography import FILE, nearest, read
from verify.errors import UsageError
from verify.scaffolding import names
from verify.scaffolding.files import Written, filled, write

KINDS = {
    "theorem": "a theorem: definition, lemma, proof by induction, stress test, sharpness, mutants",
    "exact": "a question about explicit networks that the kernel decides",
    "experiment": "a pre-registered statistical test",
    "refuted": "a sentence that is false as printed, its counterexample, and its repair",
}


def new_claim(name: str, *, kind: str = "theorem", output: Path | None = None, source: str = "") -> Written:
    """Write a module with a claim of this name; raises ``UsageError``."""
    if kind not in KINDS:
        raise UsageError(f"there is no kind {kind!r} of claims; the kinds are: {', '.join(KINDS)}")
    name = names.claim_name(name)
    place = names.claim_file(output if output is not None else Path("claims", name.replace("-", "_") + ".py"))
    key = names.source_key(source or f"{name}-source")
    if kind == "refuted":
        names.claim_name(f"{name}-repaired")
    run = name if output is None and kind != "refuted" else str(place)
    texts = {place: filled(f"claim/{kind}.py", claim=name, source=key, run=run)}
    bibliography = nearest(place)
    if bibliography is not None and key in read(bibliography, bibliography.stat().st_mtime_ns):
        write(texts)
        return Written((place,))
    entry = filled("claim/references.bib", source=key)
    remark = f"fill in the entry {key} of {bibliography or place.parent / FILE}: it stands for the work you cite"
    if bibliography is None:
        texts[place.parent / FILE] = entry
        write(texts)
        return Written(tuple(texts), (remark,))
    write(texts)
    append(bibliography, entry)
    return Written((place,), (remark,))


def append(bibliography: Path, entry: str) -> None:
    """An entry at the end of a bibliography, all else being left alone."""
    try:
        text = bibliography.read_text(encoding="utf-8")
        with bibliography.open("a", encoding="utf-8") as file:
            file.write(("" if text.endswith("\n") or not text else "\n") + ("\n" if text.strip() else "") + entry)
    except OSError as problem:
        raise UsageError(
            f"{str(bibliography)!r} cannot be written: {problem.strerror}; add the entry yourself:\n{entry}"
        ) from None
