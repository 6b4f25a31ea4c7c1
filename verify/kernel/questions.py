r"""Questions about explicit finite objects (a network, a set of points, an identity), each with a checker of its own.

Such a statement names its ``question`` and holds every object that is asked about; the witness is what an untrusted
search found.  A checker derives everything else from the statement itself, in exact arithmetic.  It rejects a witness
that does not decide the question; otherwise it says whether the statement is true or false.  One question may have
several kinds of witness, such as an identity and an obstruction to every identity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from verify.kernel.cells import by_points, by_splitting
from verify.kernel.cells import text as cells_text
from verify.kernel.critical_point import decide_curve, decide_slope
from verify.kernel.critical_point import text as critical_text
from verify.kernel.critical_point_bound import decide_bound as decide_critical_bound
from verify.kernel.dichotomies import decide as decide_dichotomies
from verify.kernel.dichotomies import text as dichotomies_text
from verify.kernel.factorization import decide_both as decide_factorization
from verify.kernel.factorization import decide_columns
from verify.kernel.factorization import decide_dual as decide_factorization_dual
from verify.kernel.factorization import text as factorization_text
from verify.kernel.finding import Finding
from verify.kernel.identity import by_cells, by_point
from verify.kernel.identity import text as identity_text
from verify.kernel.maximum_cut import decide_both as decide_cut_and_bound
from verify.kernel.maximum_cut import decide_bound, decide_cut, decide_enumeration
from verify.kernel.maximum_cut import text as cut_text
from verify.kernel.maximum_cut_relaxation import decide_both as decide_relaxation
from verify.kernel.maximum_cut_relaxation import decide_dual as decide_relaxation_dual
from verify.kernel.maximum_cut_relaxation import decide_matrix
from verify.kernel.maximum_cut_relaxation import text as relaxation_text
from verify.kernel.maximum_obstruction import decide_obstruction
from verify.kernel.memorization import decide_conflict, decide_corners, decide_network
from verify.kernel.memorization import text as memorization_text
from verify.kernel.piecewise import decide as decide_piecewise
from verify.kernel.piecewise import text as piecewise_text
from verify.kernel.regularized import decide_dual, decide_interval
from verify.kernel.regularized import decide_network as decide_regularized_network
from verify.kernel.regularized import text as regularized_text
from verify.kernel.training import decide as decide_training
from verify.kernel.training import text as training_text
from verify.kernel.two_layer_maximum import decide_maximum_identity, decide_two_layer_maximum
from verify.kernel.two_layer_maximum import maximum_identity_text, two_layer_maximum_text
from verify.kernel.worst_case import text as worst_case_text
from verify.kernel.worst_case_function import decide as decide_function
from verify.kernel.worst_case_gram import decide_gram
from verify.kernel.worst_case_multipliers import decide_multipliers

Json = Any


@dataclass(frozen=True)
class Checker:
    """The question that a kind of certificate decides, how, and the statement in words, a line each."""

    question: str
    decide: Callable[[Json, Json], Finding]  # of the statement and the witness
    text: Callable[[Json], list[str]]


CHECKERS: dict[str, Checker] = {
    "cells-by-points": Checker("cells", by_points, cells_text),
    "cells-by-splitting": Checker("cells", by_splitting, cells_text),
    "cut-relaxation": Checker("cut_relaxation", decide_relaxation, relaxation_text),
    "cut-relaxation-dual": Checker("cut_relaxation", decide_relaxation_dual, relaxation_text),
    "cut-relaxation-matrix": Checker("cut_relaxation", decide_matrix, relaxation_text),
    "critical-point-bound": Checker("critical_point", decide_critical_bound, critical_text),
    "critical-point-curve": Checker("critical_point", decide_curve, critical_text),
    "critical-point-slope": Checker("critical_point", decide_slope, critical_text),
    "dichotomies": Checker("dichotomies", decide_dichotomies, dichotomies_text),
    "factorized-minimum": Checker("factorized_minimum", decide_factorization, factorization_text),
    "factorized-minimum-bound": Checker("factorized_minimum", decide_factorization_dual, factorization_text),
    "factorized-minimum-columns": Checker("factorized_minimum", decide_columns, factorization_text),
    "identity-by-cells": Checker("identical", by_cells, identity_text),
    "identity-by-point": Checker("identical", by_point, identity_text),
    "maximum-cut": Checker("maximum_cut", decide_cut_and_bound, cut_text),
    "maximum-cut-bound": Checker("maximum_cut", decide_bound, cut_text),
    "maximum-cut-enumeration": Checker("maximum_cut", decide_enumeration, cut_text),
    "maximum-cut-sides": Checker("maximum_cut", decide_cut, cut_text),
    "maximum-identity": Checker("maximum_identity", decide_maximum_identity, maximum_identity_text),
    "memorization": Checker("memorizes", decide_network, memorization_text),
    "memorization-conflict": Checker("memorizes", decide_conflict, memorization_text),
    "memorization-corners": Checker("memorizes", decide_corners, memorization_text),
    "piecewise": Checker("piecewise", decide_piecewise, piecewise_text),
    "regularized-minimum": Checker("regularized_minimum", decide_interval, regularized_text),
    "regularized-minimum-bound": Checker("regularized_minimum", decide_dual, regularized_text),
    "regularized-minimum-network": Checker("regularized_minimum", decide_regularized_network, regularized_text),
    "training-minimum": Checker("training_minimum", decide_training, training_text),
    "two-layer-maximum": Checker("two_layer_maximum", decide_two_layer_maximum, two_layer_maximum_text),
    "two-layer-maximum-obstruction": Checker("two_layer_maximum", decide_obstruction, two_layer_maximum_text),
    "worst-case-function": Checker("worst_case", decide_function, worst_case_text),
    "worst-case-gram": Checker("worst_case", decide_gram, worst_case_text),
    "worst-case-multipliers": Checker("worst_case", decide_multipliers, worst_case_text),
}


def question_text(statement: Json) -> list[str]:
    """The statement of a question in words."""
    return next(c.text for c in CHECKERS.values() if c.question == statement["question"])(statement)
