r"""Mutants of the kernel, and which of them the documents of these tests do not tell from the kernel.

    python -m tests.kernel.mutate_kernel [--kernel DIRECTORY] [--module NAME] [--report FILE]

Each mutant is the kernel with one place of its source changed: a check left out, a condition negated, a comparison or a
sign turned round, two arguments exchanged, and so on.  It is **killed** if it accepts an attack, refuses a sound
document, accepts a document with another result (digest, assumptions, number of steps), says ``Unsupported`` for
``Rejected`` or the reverse, or stops with any other exception; a mutant that runs for too long is killed as well.  Of
those that remain, a mutant is **noticed** if some document is refused for another reason than before; then another
check stands behind the one that is missing, and the report says which.  The others **survive**.  ``SURVIVORS.md``
explains all that are noticed or survive.

Every mutant runs in a process of its own, against documents that were built once: quick ones before slow ones, and the
documents that have killed the mutants before it first of all.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import io
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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from tests.kernel.documents import Json, arithmetic, assume, counterexample, exact, parameter, parts, table, theorem
from tests.kernel.test_adversarial import ATTACKS, CERTIFICATES, FILES, TEXT
from tests.kernel.test_main import ALIEN, FALSE, PROVED, REFUTED, SATISFIED, hostile
from tests.kernel.test_models import ATTACKS as IN_MODELS
from tests.kernel.test_rules import ACCEPTED

KERNEL = Path(__file__).resolve().parents[2] / "verify" / "kernel"
MUTATED = ("terms", "formulas", "theory", "logic", "evaluation", "certificate", "text", "__main__")
SECONDS = 5  # for one document, of which the slowest takes less than one; some mutants loop for ever
QUICK = 0.02  # seconds: a document that kills and is quicker than this is tried first on the next mutant

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
                    yield (
                        f"leave out case {ast.unparse(cases[i].pattern)[:60]}",
                        ast.Match(subject, cases[:i] + cases[i + 1 :]),
                    )
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
    function: str
    line: int
    change: str
    before: str
    after: str
    source: str


def identity(row: dict[str, Any]) -> tuple[Any, ...]:
    """What tells a mutant from the others of one kernel."""
    return row["module"], row["line"], row["change"], row["before"], row["after"]


class Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else self.generic_visit(node)


def idle(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Docstrings, annotations, aliases of types and messages, a change of which changes nothing that is decided."""
    while node in parents:
        parent = parents[node]
        if isinstance(parent, ast.Module) and isinstance(node, ast.Assign):
            return isinstance(node.value, ast.Subscript | ast.BinOp)  # ``Term = Polynomial | Vector``
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


def place(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str:
    """The function or class, or the name that is given a value at the top of the module."""
    names: list[str] = []
    while node in parents:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.insert(0, node.name)
        elif isinstance(parents[node], ast.Module) and isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            names.insert(0, ast.unparse(target))
        node = parents[node]
    return ".".join(names) or "(top)"


def mutants(module: str, source: str, only: set[tuple[Any, ...]] | None = None) -> Iterator[Mutant]:
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    seen = {ast.unparse(tree)}
    for index, node in enumerate(ast.walk(tree)):
        if idle(node, parents) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            continue
        line = getattr(node, "lineno", None) or getattr(getattr(node, "pattern", node), "lineno", 0)
        for change, replacement in alternatives(node):
            key = module, line, change, short(node), short(replacement)
            if only is not None and key not in only:
                continue
            whole = copy.deepcopy(tree)
            old = next(other for i, other in enumerate(ast.walk(whole)) if i == index)
            changed = ast.unparse(ast.fix_missing_locations(Replace(old, copy.deepcopy(replacement)).visit(whole)))
            if changed not in seen:
                seen.add(changed)
                yield Mutant(module, place(node, parents), line, *key[2:], changed)


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


def limited(module: str, limit: str, number: int, asking: Probe) -> Probe:
    """A question to a kernel one limit of which is another."""

    def probe(kernel: types.ModuleType) -> Any:
        owner = sys.modules[f"{kernel.__name__}.{module}"]
        kept = getattr(owner, limit)
        try:
            setattr(owner, limit, number)
            return asking(kernel)
        finally:
            setattr(owner, limit, kept)

    return probe


def printed(*arguments: str) -> Probe:
    """What the command line prints and returns; the text of a refusal is a reason like others, and is left out."""

    def probe(kernel: types.ModuleType) -> Any:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = sys.modules[f"{kernel.__name__}.__main__"].main(list(arguments))
        lines = [
            re.sub(r"^((?:rejected|unsupported)\b.*?  \S+  ).*", r"\1...", line) for line in out.getvalue().split("\n")
        ]
        return status, lines, err.getvalue()

    return probe


COMMANDS = (["proved"], ["refuted"], ["satisfied"], ["false"], ["alien"], ["none"], ["hostile"], ["-v", "assuming"])
COMMANDS += (["proved", "alien"], ["alien", "false", "proved"], ["proved", "false", "-v"])
LINES: dict[str, Json] = {
    "proved": PROVED,
    "refuted": REFUTED,
    "satisfied": SATISFIED,
    "false": FALSE,
    "alien": ALIEN,
    "hostile": hostile("x\naccepted\r\ud800")["source"],
    "assuming": theorem(
        "1 > 0", [arithmetic()], assumptions=[assume("a", "1 > 0", source="a book"), assume("b", "1 > 0")]
    ),
}


def files_of(directory: Path, names: Sequence[str]) -> list[str]:
    """Documents by their names above, written to files; ``none`` is a file that is not there."""
    for name in names:
        if name in LINES:
            (directory / f"{name}.json").write_text(json.dumps(LINES[name]))
    return [name if name == "-v" else str(directory / f"{name}.json") for name in names]


def said(statement: Json) -> Probe:
    return lambda kernel: kernel.statement_text(statement)


def formulas_printed(kernel: types.ModuleType) -> Any:
    scope = sys.modules[f"{kernel.__name__}.theory"].Theory().scope([["x", "real"], ["u", "vec"]])
    texts = ("x >= 0 and x < 1 or not x == 2", "u == 2*u", "relu(x) > 0 and (x > 1 or x > 2)", "u == u", "x == x")
    return [kernel.formula_text(scope.formula(text)) for text in texts]


def predicates_printed(kernel: types.ModuleType) -> Any:
    formulas = sys.modules[f"{kernel.__name__}.formulas"]
    return kernel.formula_text(formulas.Holds("p(x)")), kernel.formula_text(formulas.Holds("p(x)", False))


def canonical_bytes(kernel: types.ModuleType) -> Any:
    value = {"b": ["-7/2", None, True, 3], "a": {"\u00e9\n": "x"}}
    try:
        return kernel.canonical(value), kernel.digest(value), kernel.canonical([float("nan")])
    except ValueError:
        return kernel.canonical(value), kernel.digest(value)


LARGE = {  # attacks that make large terms in order to reach a limit; ``LIMITS`` does the same with small ones
    "two sums of a thousand terms are not multiplied",
    "a product has no more than 20000 terms",
    "an application is not too long",
}
SMALL = [attack for attack in (*ATTACKS, *IN_MODELS) if attack.sentence not in LARGE]


def about(text: str) -> Json:
    """A document that concludes this from itself."""
    return theorem(text, [exact("h1")], "x: real, y: real", [text], parameters=[parameter("f(real) -> real")])


LIMITS: list[tuple[str, str, int, Json]] = [  # what is just enough for a document
    ("logic", "MAX_STEPS", 5, theorem("true and true and true and true", [parts(*4 * [[arithmetic()]])])),
    (
        "evaluation",
        "MAX_OPERATIONS",
        6,
        counterexample(
            "not (p(0) and p(1) and p(2))",
            {},
            parameters=[parameter("p(real) -> prop")],
            tables={"p": table(True)},
        ),
    ),
    ("evaluation", "MAX_OPERATIONS", 4, counterexample("1 + 1 == 3", {})),
    ("evaluation", "MAX_BITS", 4, counterexample("3*5 == 1", {})),
    ("evaluation", "MAX_BITS", 5, counterexample("1/3/5/2 == 1", {})),
    ("terms", "MAX_BITS", 4, about("3*5 == x")),
    ("terms", "MAX_BITS", 4, about("(1/3)*(1/5) == x")),
    ("terms", "MAX_TERMS", 3, about("(x + y)*(x + y) == x")),
    ("terms", "MAX_PRODUCT", 6, about("(x + y)*(x + y + 1) == x")),
    ("formulas", "MAX_EXPONENT", 3, about("x**3 == x")),
    ("formulas", "MAX_TEXT", 13, about("x + y == 2*x ")),
    ("formulas", "MAX_TEXT", len("f(2*x*y + x**2 + y**2)"), about("f((x + y)**2) == 0")),
]


def probes(directory: Path) -> list[tuple[str, Probe]]:
    """Everything that is tried on a mutant."""
    file = directory / "certificate.json"
    file.write_text(TEXT)
    spaced = directory / "spaced.json"
    spaced.write_text(TEXT + " ")
    (directory / "binary").write_bytes(b"\xff")
    maximum = CERTIFICATES["maximum"]
    tried: list[tuple[str, Probe]] = [
        *((f"sound: {name}", asked(document)) for name, document in ACCEPTED.items()),
        *((f"certificate: {name}", asked(certificate)) for name, certificate in CERTIFICATES.items()),
        ("canonical JSON", canonical_bytes),
        ("text: formulas", formulas_printed),
        ("text: predicates", predicates_printed),
        ("bound to another statement", asked(maximum, statement_sha256="0" * 64)),
        ("bound to its statement", asked(maximum, statement_sha256=json_digest(maximum["statement"]))),
        *((f"file: {name}", parsed(text)) for name, _, _, text in FILES),
        ("file: good", read_from(file)),
        ("file: missing", read_from(directory / "missing")),
        ("file: a directory", read_from(directory)),
        ("file: not ASCII", read_from(directory / "binary")),
        *(
            (
                f"limit: {module}.{name} of {given} for {conclusion(document)}",
                limited(module, name, given, asked(document)),
            )
            for module, name, enough, document in LIMITS
            for given in (enough, enough - 1)
        ),
        ("limit: a file that is short enough", limited("certificate", "MAX_BYTES", len(TEXT), read_from(file))),
        ("limit: a file that is too long", limited("certificate", "MAX_BYTES", len(TEXT) - 1, read_from(file))),
        ("limit: a file with a space too many", limited("certificate", "MAX_BYTES", len(TEXT), read_from(spaced))),
        ("command line: no file", printed()),
        ("command line: -v and no file", printed("-v")),
        *((f"command line: {' '.join(names)}", printed(*map(str, files_of(directory, names)))) for names in COMMANDS),
        *((f"text: {name}", said(document["statement"])) for name, document in ACCEPTED.items()),
        *((f"text: {name}", said(certificate["statement"])) for name, certificate in CERTIFICATES.items()),
        *((f"attack: {attack.sentence}", asked(attack.document)) for attack in SMALL),
        *((f"twin: {attack.sentence}", asked(attack.twin)) for attack in SMALL if attack.twin is not None),
    ]
    return tried


def conclusion(document: Json) -> str:
    return str(document["statement"]["theorem"]["conclusion"])


def json_digest(statement: Json) -> str:
    """The sha256 of a statement, computed here and not by the kernel."""
    import hashlib

    return hashlib.sha256(json.dumps(statement, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def sources_of(directory: Path) -> dict[str, str]:
    """The texts of all modules, each after those that it imports; ``__main__`` imports the package, which finds them later."""
    sources = {path.stem: path.read_text() for path in sorted(directory.glob("*.py"))}
    imports = re.compile(r"^from verify\.kernel\.(\w+) import", re.MULTILINE)
    needed = {part: imports.findall(text) for part, text in sources.items()} | {
        "__main__": [*sources.keys() - {"__main__"}]
    }
    return {part: sources[part] for part in TopologicalSorter(needed).static_order()}


@cache
def code(source: str, name: str, part: str) -> types.CodeType:
    return compile(re.sub(r"\bverify\.kernel\b", name, source), f"{name}/{part}.py", "exec")


def kernel_from(sources: dict[str, str], name: str = "mutated") -> types.ModuleType:
    """The kernel as a package of another name, from these sources."""
    package = types.ModuleType(name)
    package.__path__ = []
    sys.modules[name] = package
    for part in sources:
        module = package if part == "__init__" else types.ModuleType(f"{name}.{part}")
        sys.modules[module.__name__] = module
        module.__package__, module.__file__ = name, f"{name}/{part}.py"
        exec(code(sources[part], name, part), module.__dict__)
    return package


def tried(kernel: types.ModuleType, probe: Probe) -> Outcome:
    try:
        return "accepted", repr(probe(kernel))
    except (kernel.Rejected, kernel.Unsupported) as refusal:
        return type(refusal).__name__, str(refusal)[:300]


def judged(
    sources: dict[str, str], expected: dict[str, Outcome], all_probes: Sequence[tuple[str, Probe]]
) -> tuple[str, str, str]:
    """killed, noticed or survived; in what way, and by which document."""
    signal.alarm(SECONDS)
    try:
        kernel = kernel_from(sources)
    except Exception as problem:
        return "killed", f"cannot be imported: {type(problem).__name__}", ""
    noticed, by = "", ""
    for name, probe in all_probes:
        signal.alarm(SECONDS)
        try:
            verdict, details = tried(kernel, probe)
        except BaseException as problem:
            return "killed", type(problem).__name__, name
        if verdict != expected[name][0]:
            return "killed", verdict, name
        if details != expected[name][1] and verdict == "accepted":
            return "killed", "another result", name
        if details != expected[name][1] and not noticed:
            noticed, by = details, name
    return ("noticed", noticed, by) if noticed else ("survived", "", "")


def in_a_process(work: Callable[[], tuple[str, str, str]]) -> tuple[str, str, str]:
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
        return "killed", "runs for too long" if signalled == signal.SIGALRM else f"signal {signalled}", ""
    verdict, details, by = json.loads(answer) if answer else ("killed", "no answer", "")
    return verdict, details, by


def timed(kernel: types.ModuleType, probe: Probe) -> tuple[Outcome, float]:
    began = time.monotonic()
    outcome = tried(kernel, probe)
    return outcome, time.monotonic() - began


def usable(
    sources: dict[str, str], all_probes: list[tuple[str, Probe]]
) -> tuple[list[tuple[str, Probe]], dict[str, Outcome], dict[str, float]]:
    """The documents about which the kernel itself is right, the quickest first; what it says, and how long it takes."""
    original = kernel_from(sources)  # under the name of the mutants, which appears in what is printed
    expected, seconds = {}, {}
    for name, probe in all_probes:
        expected[name], seconds[name] = timed(original, probe)
    wrong = [n for n, (v, _) in expected.items() if v == "accepted" and n.startswith("attack:")]
    wrong += [n for n, (v, _) in expected.items() if v != "accepted" and n.startswith(("sound", "cert", "twin"))]
    for name in wrong:
        print(f"the kernel itself is wrong about this, which is left out: {name}")
    kept = [(name, probe) for name, probe in all_probes if name not in wrong]
    return sorted(kept, key=lambda pair: seconds[pair[0]]), expected, seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernel", type=Path, default=KERNEL, help="the directory of the kernel to mutate")
    parser.add_argument("--module", choices=MUTATED, action="append", help="mutate only this module")
    parser.add_argument("--only", type=Path, help="only the mutants that this report says are not killed")
    parser.add_argument("--report", type=Path, help="write every mutant and what became of it, as JSON lines")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    sources = sources_of(options.kernel)
    counts: Counter[tuple[str, str]] = Counter()
    rows = [json.loads(line) for line in options.only.read_text().splitlines()] if options.only else []
    again = {identity(row) for row in rows if row["verdict"] != "killed"} if options.only else None
    with tempfile.TemporaryDirectory() as directory:
        order, expected, seconds = usable(sources, probes(Path(directory)))
        report = options.report.open("w") if options.report else None
        began = time.monotonic()
        for part in options.module or MUTATED:
            for mutant in mutants(part, sources[part], again):
                changed = {**sources, part: mutant.source}
                verdict, details, by = in_a_process(lambda c=changed: judged(c, expected, order))  # type: ignore[misc]
                counts[part, verdict] += 1
                if verdict == "killed" and seconds.get(by, 1) < QUICK:
                    order.sort(key=lambda pair: pair[0] != by)
                if verdict != "killed":
                    print(f"{verdict:8} {mutant.module}.{mutant.function}:{mutant.line} {mutant.change}:")
                    print(f"         {mutant.before}  =>  {mutant.after}")
                    if details:
                        print(f"         {by} -> {details[:200]}")
                    sys.stdout.flush()
                if report:
                    row = {"verdict": verdict, "details": details, "by": by, **mutant.__dict__}
                    report.write(json.dumps({k: v for k, v in row.items() if k != "source"}) + "\n")
                    report.flush()
        print(f"\n{'module':12} {'mutants':>8} {'killed':>8} {'noticed':>8} {'survived':>8}")
        verdicts = ("killed", "noticed", "survived")
        for part in options.module or MUTATED:
            numbers = [counts[part, verdict] for verdict in verdicts]
            print(f"{part:12} {sum(numbers):8} " + " ".join(f"{n:8}" for n in numbers))
        total = [sum(n for (_, v), n in counts.items() if v == verdict) for verdict in verdicts]
        print(f"{'all':12} {sum(total):8} " + " ".join(f"{n:8}" for n in total))
        print(f"{time.monotonic() - began:.0f} s, {len(order)} documents")
    return 0


if __name__ == "__main__":
    sys.exit(main())
