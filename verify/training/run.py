r"""One training problem on its way from data to a certified minimum: the stages of ``exact_erm``, which describes them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.errors import Unanswered, VerifyError
from verify.kernel import Rejected, check
from verify.kernel.training import decided
from verify.training.checkpoint import Progressed, load, save
from verify.training.data import TrainingData
from verify.training.erm import Options, Progress
from verify.training.exactness import Best, Exactness, Improved
from verify.training.frontier import Frontier
from verify.training.minimum import Minimum, nearest
from verify.training.workers import Incumbent, Pruning, Workers, sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from verify.training.problem import Problem
    from verify.training.search import Record

    Floats = NDArray[np.float64]
    Signs = NDArray[np.int8]

TIE = 1e-9  # relative: what is as near as this to the bound that is to be proved is resolved
SAFE = 1e-7  # relative: how far below what the search says a bound is that exact arithmetic shall prove
ALL = 10**9  # nodes
SHORT, SHARE = 32, 16  # with a budget, slices have at first so many nodes, and later that share of all
SAVED = 10.0  # seconds between checkpoints
SHOWN = 0.25  # seconds between calls of ``progress``
REPEATS = 100  # of the proof, after better networks
BITS = 30  # of a lower bound that is not the minimum itself


@dataclass(eq=False)
class Run:
    """The problem on its exact and on its float side, where its slices run, and what has been counted so far."""

    data: TrainingData
    options: Options
    problem: Problem
    exactness: Exactness
    workers: Workers
    began: float
    shown: float = 0.0
    saved: float = 0.0
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)  # nodes, leaves, bounds, branchings before this call
    earlier: float = 0.0  # seconds before this call
    searching: float = field(default_factory=time.monotonic)

    @staticmethod
    def of(data: TrainingData, width: int, options: Options) -> Run:
        began = time.monotonic()
        budget = options.seconds is not None or options.nodes is not None
        data.require_few(width, options.max_cells, budget=budget)
        problem = data.problem(width)
        workers = Workers.of(problem, options.executor, options.shards)
        return Run(data, options, problem, exactness_of(data, problem), workers, began)

    def close(self) -> None:
        self.workers.close()

    # ------------------------------------------------------------------------------------- the two scales of the loss

    @property
    def power(self) -> Fraction:
        """The loss of the data minus its constant, for 1 in the units of the float problem."""
        scale = Fraction(self.problem.scale)
        return (scale * scale if self.data.loss == "squared" else scale) / self.data.reduced.scale

    def normal(self, value: Fraction) -> float:
        return nearest((value - self.data.reduced.constant) / self.power)

    def raw(self, value: float) -> Fraction:
        return self.data.reduced.constant + Fraction(value) * self.power

    def below(self, value: float) -> Fraction:
        """A fraction with few digits that is safely below a bound of the search."""
        constant = self.data.reduced.constant
        bound = self.raw(value - SAFE * abs(value) - SAFE / 1000)
        if bound <= constant:
            return constant
        power = Fraction(2) ** (bound.numerator.bit_length() - bound.denominator.bit_length() - BITS)
        return max(constant, floor(bound / power) * power)

    # --------------------------------------------------------------------------------------------------------- stages

    @cached_property
    def beginning(self) -> tuple[Incumbent, Frontier, Best]:
        """The best network and the open nodes of the checkpoint; otherwise what the heuristic finds, and the root."""
        from verify.training.search import Nodes

        path = self.options.checkpoint
        state = None if path is None else load(Path(path), self.key)
        if state is None:
            start = Incumbent(
                *heuristic_of(self.problem)(self.problem, starts=self.options.starts, seed=self.options.seed)
            )
            frontier = Frontier.of(Nodes.root(self.problem), record=self.options.certify)
        else:
            self.counts, self.earlier = state.counts, state.seconds
            start = Incumbent(state.upper, state.weights, state.signs)
            frontier = Frontier.of(state.nodes, record=False)
        return start, frontier, self.exactness.best(start.weights, start.signs)

    @property
    def key(self) -> str:
        """Of the problem, for checkpoints."""
        statement = self.data.statement(self.problem.width, "is", Fraction(0))
        return sha256(repr((sorted(statement.items()), self.options.tolerance)).encode()).hexdigest()

    def minimum(self, *, asked: Fraction | None = None) -> Minimum:
        """Search until the end or the budget, and prove what was found.

        Where only the relation to a number is ``asked``, an unfinished search proves nothing unless it is above that, and
        the kernel is left to whoever asked.
        """
        start, frontier, best = self.beginning
        goal = self.goal(best)
        bar = Incumbent(self.normal(goal), start.weights, start.signs)
        end = self.searched(frontier, bar)
        if end.weights is not start.weights:
            best = min(best, self.exactness.best(end.weights, end.signs), key=lambda found: found.value)
        finished = not frontier.parts
        least = min(frontier.lower, end.upper * (1 - self.pruning.otherwise))
        useless = asked is not None and not finished and self.below(least) <= asked
        if not self.options.certify or useless:
            return self.result(best, nearest(self.raw(least)), frontier, finished=finished)
        record = frontier.record() if finished and self.goal(best) == goal else None
        lower = self.goal(best) if finished else min(self.below(least), best.value)
        try:
            best, lower, tree = self.proved(best, lower, record, closed=finished)
        except VerifyError as problem:
            return self.result(best, nearest(self.raw(least)), frontier, finished=finished, note=problem.message)
        found = self.result(best, lower, frontier, finished=finished, tree=tree)
        return self.checked(found, nearest(self.raw(least))) if asked is None else found

    def decided(self, relation: str, value: Fraction) -> Minimum:
        """What decides whether the minimum has the relation to the value; raises ``Unanswered``.

        A network below the value may be enough; and whether the minimum is at least the value is asked of the search
        directly, because a tree for that is smaller than one for the minimum.
        """
        _, _, best = self.beginning
        if best.value < value or (relation == "at most" and best.value == value):
            return self.result(best, Fraction(0), Frontier(), finished=True)
        found = self.at_least(value) if relation == "at least" else self.minimum(asked=value)
        try:
            decided(relation, value, found.upper, Fraction(found.lower) if found.tree is not None else None)
        except Rejected:
            raise Unanswered(f"not decided with the options that were given: {found!r}") from None
        return found

    def at_least(self, value: Fraction) -> Minimum:
        """The proof that the minimum is at least the value, or a network below it; raises ``Unanswered``."""
        _, _, best = self.beginning
        for stubborn in (False, True):
            try:
                tree = self.exactness.tree(self.recorded(value, stubborn=stubborn, budget=True), value)
                return self.result(best, value, Frontier(), finished=True, tree=tree)
            except Improved as better:
                if better.best.value < value:
                    return self.result(better.best, Fraction(0), Frontier(), finished=True)
        raise Unanswered(f"the search contradicts exact arithmetic near {nearest(value):.9g}")

    def goal(self, best: Best) -> Fraction:
        """The lower bound that closes the problem, if no network is better than the best one."""
        tolerance = self.pruning.otherwise
        return (
            best.value if best.provable and tolerance <= TIE else self.below(self.normal(best.value) * (1 - tolerance))
        )

    @property
    def pruning(self) -> Pruning:
        """Part of the tolerance of the user is for the distance of exact bounds from float ones."""
        return Pruning(-TIE, max(TIE, float(self.options.tolerance) - 2 * SAFE))

    def searched(self, frontier: Frontier, bar: Incumbent) -> Incumbent:
        """Search for something below the bar, and write checkpoints, the last one at the end or at an interruption."""
        self.searching = time.monotonic()
        current = bar

        def watch(best: Incumbent) -> None:
            nonlocal current
            current = best
            self.show("search", frontier, best)
            if time.monotonic() - self.saved > SAVED:
                self.save(frontier, best)

        try:
            return sweep(
                self.workers, frontier, bar, self.pruning, allowance=lambda: self.allowance(frontier), watch=watch
            )
        finally:
            self.save(frontier, current)

    def allowance(self, frontier: Frontier) -> int:
        """How many nodes the next slice may visit, by the budget.

        Where there is one, slices are short at first: the search is nearer to best first then, and the interval in which
        it ends is smaller, at the price of some time.
        """
        options, left = self.options, ALL
        if options.nodes is not None or options.seconds is not None:
            left = max(SHORT, frontier.nodes // SHARE)
        if options.nodes is not None:
            left = min(left, max(0, int(options.nodes) - frontier.nodes))
        if options.seconds is not None:
            now = time.monotonic()
            rest = options.seconds - (now - self.began)
            rate = frontier.nodes / max(1e-3, now - self.searching)
            left = min(left, max(100, int(rate * rest))) if rest > 0 else 0
        return left

    def proved(
        self, best: Best, lower: Fraction, record: Record | None, *, closed: bool
    ) -> tuple[Best, Fraction, list[int]]:
        """The tree that proves ``lower``, or the loss of a better network if one turns up; ``closed`` if that is the goal."""
        stubborn = False
        for _ in range(REPEATS):
            try:
                written = record or self.recorded(lower, stubborn=stubborn)
                return best, lower, self.exactness.tree(written, lower)
            except Improved as better:
                stubborn = better.best.value >= lower
                best, record = min(best, better.best, key=lambda found: found.value), None
                lower = self.goal(best) if closed else min(lower, self.below(self.normal(best.value)))
        raise Unanswered(f"{REPEATS} times a better network turned up while the lower bound was being proved")

    def recorded(self, lower: Fraction, *, stubborn: bool = False, budget: bool = False) -> Record:
        """The record of a complete search for something below ``lower``.

        Raises ``Improved`` if there is something, unless that should be ignored because it is only rounding
        (``stubborn``), and ``Unanswered`` if the ``budget`` ends.
        """
        import numpy as np

        from verify.training.search import Nodes

        problem = self.problem
        frontier = Frontier.of(Nodes.root(problem), record=True)
        bar = Incumbent(self.normal(lower), np.zeros(problem.parameters), np.ones(problem.width, np.int8))
        self.searching = time.monotonic()

        def allowance() -> int:
            if frontier.first is None:
                return 0
            return self.allowance(frontier) if budget else ALL

        end = sweep(
            self.workers,
            frontier,
            bar,
            Pruning(-TIE, -TIE, stubborn),
            allowance=allowance,
            watch=lambda best: self.show("certificate", frontier, best),
        )
        if frontier.first is None:
            raise Improved(self.exactness.best(end.weights, end.signs))
        record = frontier.record()
        if record is None:
            open_at = nearest(self.raw(min(frontier.lower, end.upper)))
            raise Unanswered(f"the budget ended when the minimum was only known to be at least about {open_at:.6g}")
        return record

    # -------------------------------------------------------------------------------------------------------- results

    def result(
        self,
        best: Best,
        lower: Fraction | float,
        frontier: Frontier,
        *,
        finished: bool,
        tree: list[int] | None = None,
        note: str = "",
    ) -> Minimum:
        before = self.counts
        return Minimum(
            self.data,
            self.problem.width,
            lower,
            best.value,
            best.network,
            finished=finished,
            certified=False,
            cells=len(self.problem.cells) + 1,
            nodes=frontier.nodes + before[0],
            leaves=frontier.leaves + before[1],
            bounds=frontier.bounds + before[2],
            seconds=time.monotonic() - self.began + self.earlier,
            tree=tree,
            note=note if finished else "; ".join(filter(None, ["stopped by its budget", note])),
        )

    def checked(self, found: Minimum, least: float) -> Minimum:
        """Certified, if the kernel says so; otherwise the lower bound is again what the search says."""
        try:
            accepted = check(found.certificate)
        except Rejected as reason:
            note = f"the kernel rejected the certificate: {reason}"
            return replace(found, lower=least, tree=None, note="; ".join(filter(None, [found.note, note])))
        return replace(found, certified=bool(accepted.holds), seconds=time.monotonic() - self.began + self.earlier)

    def show(self, phase: str, frontier: Frontier, best: Incumbent) -> None:
        now = time.monotonic()
        if self.options.progress is None or now - self.shown < SHOWN:
            return
        self.shown = now
        lower = min(frontier.lower, best.upper)
        ends = nearest(self.raw(lower)), nearest(self.raw(best.upper))
        passed = now - self.began + self.earlier
        self.options.progress(Progress(phase, *ends, frontier.nodes + self.counts[0], frontier.open, passed))

    def save(self, frontier: Frontier, best: Incumbent) -> None:
        from verify.training.search import Nodes

        if self.options.checkpoint is None:
            return
        now = self.saved = time.monotonic()
        found = frontier.nodes, frontier.leaves, frontier.bounds, frontier.branchings
        counts: Any = tuple(a + b for a, b in zip(found, self.counts, strict=True))
        nodes = frontier.open_nodes(Nodes.root(self.problem)[:0])
        state = Progressed(best.upper, best.weights, best.signs, nodes, counts, now - self.began + self.earlier)
        save(Path(self.options.checkpoint), self.key, state)


def exactness_of(data: TrainingData, problem: Problem) -> Exactness:
    if data.loss == "squared":
        return Exactness(data, problem)
    from verify.training.certify_linear import LinearExactness

    return LinearExactness(data, problem)


def heuristic_of(problem: Problem) -> Callable[..., tuple[float, Floats, Signs]]:
    from verify.training import heuristic, linear_heuristic

    return heuristic.heuristic if problem.loss == "squared" else linear_heuristic.heuristic
