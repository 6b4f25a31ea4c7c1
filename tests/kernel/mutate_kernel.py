r"""Mutants of the kernel, and which of them the documents of these tests do not tell from the kernel.

    python -m tests.kernel.mutate_kernel [--kernel DIRECTORY] [--module NAME] [--report FILE]

Each mutant is the kernel with one place of its source changed: a check left out, a condition negated, a comparison or a
sign turned round, two arguments exchanged, and so on.  It is **killed** if it accepts an attack, refuses a sound
document, or stops with an exception that is neither ``Rejected`` nor ``Unsupported``; a mutant that runs for too long is
killed as well.  Of those that survive, a mutant is **noticed** if some document is refused for another reason or
accepted with another result than before; then another check stands behind the one that is missing, and the report says
which.  ``SURVIVORS.md`` explains all survivors.

Every mutant runs in a process of its own, against documents that were built once.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import re
import resource
import signal
import sys
import tempfile
import time
import types
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.kernel.documents import Json, arithmetic, counterexample, parameter, parts, table, theorem
from tests.kernel.test_adversarial import ATTACKS, CERTIFICATES, FILES, TEXT
from tests.kernel.test_rules import ACCEPTED

KERNEL = Path(__file__).resolve().parents[2] / "verify" / "kernel"
ORDER = ("terms", "formulas", "theory", "logic", "evaluation", "certificate", "text", "__init__")
MUTATED = ORDER[:6]
SECONDS = 20  # the documents take about 3; some mutants loop for ever

# ------------------------------------------------------------------------------------------------------ mutations

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
}
TEXTS = {
    ">=": (">", "=="),
    ">": (">=", "=="),
    "==": (">=", ">"),
    "nat": ("real", "vec"),
    "real": ("nat", "vec"),
    "vec": ("real", "nat"),
    "prop": ("real", "nat"),
    "zero": ("successor",),
    "successor": ("zero",),
    "then": ("else",),
    "else": ("then",),
    "dot": ("sq",),
    "sq": ("dot",),
    "true": ("false",),
    "false": ("true",),
    "implies": ("iff",),
    "iff": ("implies",),
    "induction on": ("induction along",),
}
NAMES = {"all": "any", "any": "all", "min": "max", "max": "min"}
UNWRAPPED = {"negate", "sorted", "str", "abs", "frozenset", "symbol", "set"}
ATTRIBUTES = {"numerator": "denominator", "denominator": "numerator", "hypotheses": "conclusion"}


def alternatives(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What may stand in the place of this node."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="need"))):
            yield "leave out a check", ast.Pass()
        case ast.Expr(value=ast.Call()):
            yield "leave out a call", ast.Pass()
        case ast.Raise():
            yield "do not refuse", ast.Pass()
        case ast.Return(value=value) if value is not None:
            yield "return nothing", ast.Return()
        case ast.Return() | ast.AugAssign():
            yield "leave out a statement", ast.Pass()
        case ast.If(test=test, body=body, orelse=orelse):
            yield "negate a condition", ast.If(inverted(test), body, orelse)
            if not orelse:
                yield "never take a branch", ast.If(ast.Constant(False), body, orelse)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield "negate a condition", ast.IfExp(inverted(test), body, orelse)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            for other in COMPARISONS[type(operator)]:
                yield f"{type(operator).__name__} becomes {other.__name__}", ast.Compare(left, [other()], [right])
        case ast.Compare(left=left, ops=operators, comparators=rights):
            for i, operator in enumerate(operators):
                for other in COMPARISONS[type(operator)]:
                    changed = [*operators[:i], other(), *operators[i + 1 :]]
                    yield f"{type(operator).__name__} becomes {other.__name__}", ast.Compare(left, changed, rights)
        case ast.BoolOp(op=operator, values=values):
            yield "exchange and and or", ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
            for i in range(len(values)):
                rest = values[:i] + values[i + 1 :]
                yield "leave out a condition", rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield "leave out a sign or not", operand
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
            yield "change an operator", ast.BinOp(left, OPERATORS[type(operator)](), right)
            yield "leave out the right operand", left
            yield "leave out the left operand", right
            if isinstance(operator, ast.Sub | ast.Div):
                yield "exchange operands", ast.BinOp(right, operator, left)
        case ast.Constant(value=bool(value)):
            yield "exchange true and false", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield "change a number", ast.Constant(value + 1)
            yield "change a number", ast.Constant(value - 1)
        case ast.Constant(value=str(value)) if value in TEXTS:
            for other_text in TEXTS[value]:
                yield f"{value!r} becomes {other_text!r}", ast.Constant(other_text)
        case ast.Name(id=name) if name in NAMES:
            yield f"{name} becomes {NAMES[name]}", ast.Name(NAMES[name], ast.Load())
        case ast.Attribute(value=value, attr=name) if name in ATTRIBUTES:
            yield f"{name} becomes {ATTRIBUTES[name]}", ast.Attribute(value, ATTRIBUTES[name], ast.Load())
        case ast.Dict(keys=keys, values=values):
            for i in range(len(keys)):
                yield "leave out an entry", ast.Dict(keys[:i] + keys[i + 1 :], values[:i] + values[i + 1 :])
        case ast.Tuple(elts=elements, ctx=ast.Load()) | ast.List(elts=elements, ctx=ast.Load()):
            for i in range(len(elements)):
                yield "leave out an entry", type(node)(elements[:i] + elements[i + 1 :], ast.Load())
        case ast.comprehension(target=target, iter=iterable, ifs=[_, *_]):
            yield "leave out a filter", ast.comprehension(target, iterable, [], 0)
        case ast.match_case(pattern=pattern, guard=guard, body=body) if guard is not None:
            yield "leave out a guard", ast.match_case(pattern, None, body)
        case ast.Match(subject=subject, cases=cases):
            for i in range(len(cases)):
                if len(cases) > 1:
                    yield "leave out a case", ast.Match(subject, cases[:i] + cases[i + 1 :])
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in UNWRAPPED and len(node.args) == 1:
            yield f"leave out {node.func.id}", node.args[0]
        named = node.func.id if isinstance(node.func, ast.Name) else ""
        if len(node.args) >= 2 and named not in ("need", "isinstance") and not isinstance(node.args[0], ast.Starred):
            swapped = [node.args[1], node.args[0], *node.args[2:]]
            yield "exchange arguments", ast.Call(node.func, swapped, node.keywords)


def inverted(test: ast.expr) -> ast.expr:
    return (
        test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else ast.UnaryOp(ast.Not(), test)
    )


@dataclass(frozen=True)
class Mutant:
    module: str
    line: int
    change: str
    before: str
    after: str
    source: str


class Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else self.generic_visit(node)


def idle(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Docstrings, annotations and the texts of messages, a change of which changes nothing that is decided."""
    while node in parents:
        parent = parents[node]
        if isinstance(parent, ast.AnnAssign) and node is parent.annotation:
            return True
        if isinstance(parent, ast.arg) or (isinstance(parent, ast.FunctionDef) and node is parent.returns):
            return True
        if isinstance(parent, ast.JoinedStr) and "raise" in ast.unparse(enclosing(parent, parents)):
            return True
        if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
            if parent.func.id == "need" and node in parent.args[1:]:
                return True
            if parent.func.id in ("Rejected", "Unsupported"):
                return True
        node = parent
    return False


def enclosing(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> ast.AST:
    while not isinstance(node, ast.stmt):
        node = parents[node]
    return node


def mutants(module: str, source: str) -> Iterator[Mutant]:
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    seen = {ast.unparse(tree)}
    for index, node in enumerate(ast.walk(tree)):
        if idle(node, parents) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            continue
        for change, replacement in alternatives(node):
            whole = copy.deepcopy(tree)
            old = next(other for i, other in enumerate(ast.walk(whole)) if i == index)
            changed = ast.unparse(ast.fix_missing_locations(Replace(old, copy.deepcopy(replacement)).visit(whole)))
            if changed not in seen:
                seen.add(changed)
                line = getattr(node, "lineno", None) or getattr(getattr(node, "pattern", node), "lineno", 0)
                yield Mutant(module, line, change, short(node), short(replacement), changed)


def short(node: ast.AST) -> str:
    if isinstance(node, ast.match_case):
        node = ast.Match(ast.Name("_"), [node])
    if isinstance(node, ast.comprehension):
        return "for " + ast.unparse(node.target) + " ..."
    return " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())[:110]


# -------------------------------------------------------------------------------------------------------- probing

Outcome = tuple[str, str]  # what a document came to (accepted, Rejected, Unsupported), and the details
Probe = Callable[[types.ModuleType], Any]


def asked(document: Json, **bound: str) -> Probe:
    return lambda kernel: kernel.check(document, **bound)


def parsed(text: str) -> Probe:
    return lambda kernel: kernel.parse(text)


def read_from(path: Path) -> Probe:
    return lambda kernel: kernel.read(path)


def limited(module: str, limit: str, number: int, document: Json) -> Probe:
    def probe(kernel: types.ModuleType) -> Any:
        owner = sys.modules[f"{kernel.__name__}.{module}"]
        kept = getattr(owner, limit)
        try:
            setattr(owner, limit, number)
            return kernel.check(document)
        finally:
            setattr(owner, limit, kept)

    return probe


def canonical_bytes(kernel: types.ModuleType) -> Any:
    value = {"b": ["-7/2", None, True, 3], "a": {"\u00e9\n": "x"}}
    return kernel.canonical(value), kernel.digest(value)


def probes(directory: Path) -> list[tuple[str, Probe]]:
    """Everything that is tried on a mutant, the quickest first."""
    steps = theorem("true and true and true and true", [parts(*4 * [[arithmetic()]])])
    calls = counterexample(
        "not (p(0) and p(1) and p(2))",
        {},
        parameters=[parameter("p(real) -> prop")],
        tables={"p": table(True)},
    )
    sums = counterexample("1 + 1 == 3", {})
    file = directory / "certificate.json"
    file.write_text(TEXT)
    (directory / "binary").write_bytes(b"\xff")
    maximum = CERTIFICATES["maximum"]
    tried: list[tuple[str, Probe]] = [
        *((f"sound: {name}", asked(document)) for name, document in ACCEPTED.items()),
        *((f"certificate: {name}", asked(certificate)) for name, certificate in CERTIFICATES.items()),
        ("canonical JSON", canonical_bytes),
        ("bound to another statement", asked(maximum, statement_sha256="0" * 64)),
        ("bound to its statement", asked(maximum, statement_sha256=json_digest(maximum["statement"]))),
        *((f"file: {name}", parsed(text)) for name, _, _, text in FILES),
        ("file: good", read_from(file)),
        ("file: missing", read_from(directory / "missing")),
        ("file: a directory", read_from(directory)),
        ("file: not ASCII", read_from(directory / "binary")),
        ("limit: enough steps", limited("logic", "MAX_STEPS", 5, steps)),
        ("limit: too few steps", limited("logic", "MAX_STEPS", 4, steps)),
        ("limit: enough calls", limited("evaluation", "MAX_OPERATIONS", 6, calls)),
        ("limit: too few calls", limited("evaluation", "MAX_OPERATIONS", 5, calls)),
        ("limit: enough operations", limited("evaluation", "MAX_OPERATIONS", 4, sums)),
        ("limit: too few operations", limited("evaluation", "MAX_OPERATIONS", 3, sums)),
        *((f"attack: {attack.sentence}", asked(attack.document)) for attack in ATTACKS),
        *((f"twin: {attack.sentence}", asked(attack.twin)) for attack in ATTACKS if attack.twin is not None),
    ]
    return tried


def json_digest(statement: Json) -> str:
    """The sha256 of a statement, computed here and not by the kernel."""
    import hashlib

    return hashlib.sha256(json.dumps(statement, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def kernel_from(sources: dict[str, str], name: str = "mutated") -> types.ModuleType:
    """The kernel as a package of another name, from these sources."""
    package = types.ModuleType(name)
    package.__path__ = []
    sys.modules[name] = package
    for part in ORDER:
        module = package if part == "__init__" else types.ModuleType(f"{name}.{part}")
        sys.modules[module.__name__] = module
        text = re.sub(r"\bverify\.kernel\b", name, sources[part])
        exec(compile(text, f"{name}/{part}.py", "exec"), module.__dict__)
    return package


def tried(kernel: types.ModuleType, probe: Probe) -> Outcome:
    try:
        return "accepted", repr(probe(kernel))
    except (kernel.Rejected, kernel.Unsupported) as refusal:
        return "refused", f"{type(refusal).__name__}: {refusal}"[:300]


def judged(
    sources: dict[str, str], expected: dict[str, Outcome], all_probes: list[tuple[str, Probe]]
) -> tuple[str, str]:
    """killed, noticed or survived, and by what."""
    signal.alarm(SECONDS)
    try:
        kernel = kernel_from(sources)
    except Exception as problem:
        return "killed", f"cannot be imported: {type(problem).__name__}"
    noticed = ""
    for name, probe in all_probes:
        try:
            verdict, details = tried(kernel, probe)
        except BaseException as problem:
            return "killed", f"{type(problem).__name__} at {name}"
        if verdict != expected[name][0]:
            return "killed", f"{verdict}: {name}"
        if details != expected[name][1] and not noticed:
            noticed = f"{name} -> {details}"
    return ("noticed", noticed) if noticed else ("survived", "")


def in_a_process(work: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """Run in a child, which may be stopped by its alarm or break altogether."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        os.write(writing, json.dumps(work()).encode()[:60_000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        signalled = os.WTERMSIG(status)
        return "killed", "runs for too long" if signalled == signal.SIGALRM else f"signal {signalled}"
    verdict, details = json.loads(answer) if answer else ("killed", "no answer")
    return verdict, details


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernel", type=Path, default=KERNEL, help="the directory of the kernel to mutate")
    parser.add_argument("--module", choices=MUTATED, action="append", help="mutate only this module")
    parser.add_argument("--report", type=Path, help="write every mutant and what became of it, as JSON lines")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    sources = {part: (options.kernel / f"{part}.py").read_text() for part in ORDER}
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as directory:
        all_probes = probes(Path(directory))
        original = kernel_from(sources, "original")
        expected = {name: tried(original, probe) for name, probe in all_probes}
        # Objects are compared by what they print; only the name of the package differs.
        wrong = [n for n, (v, _) in expected.items() if v == "accepted" and n.startswith("attack:")]
        wrong += [n for n, (v, _) in expected.items() if v == "refused" and n.startswith(("sound", "cert", "twin"))]
        for name in wrong:
            print(f"the kernel itself is wrong about this, which is left out: {name}")
        all_probes = [(name, probe) for name, probe in all_probes if name not in wrong]
        report = options.report.open("w") if options.report else None
        began = time.monotonic()
        for part in options.module or MUTATED:
            for mutant in mutants(part, sources[part]):
                changed = {**sources, part: mutant.source}
                verdict, details = in_a_process(lambda c=changed: judged(c, expected, all_probes))  # type: ignore[misc]
                counts[part, verdict] += 1
                if verdict != "killed":
                    print(f"{verdict:8} {part}:{mutant.line} {mutant.change}: {mutant.before}  =>  {mutant.after}")
                    if details:
                        print(f"         {details[:200]}")
                    sys.stdout.flush()
                if report:
                    row = {"verdict": verdict, "by": details, **mutant.__dict__}
                    report.write(json.dumps({k: v for k, v in row.items() if k != "source"}) + "\n")
                    report.flush()
        print(f"\n{'module':12} {'mutants':>8} {'killed':>8} {'noticed':>8} {'survived':>8}")
        verdicts = ("killed", "noticed", "survived")
        for part in options.module or MUTATED:
            row = [counts[part, verdict] for verdict in verdicts]
            print(f"{part:12} {sum(row):8} " + " ".join(f"{n:8}" for n in row))
        total = [sum(n for (_, v), n in counts.items() if v == verdict) for verdict in verdicts]
        print(f"{'all':12} {sum(total):8} " + " ".join(f"{n:8}" for n in total))
        print(f"{time.monotonic() - began:.0f} s, {len(all_probes)} documents")
    return 0


if __name__ == "__main__":
    sys.exit(main())
