r"""How numba compiles the search for the squared loss.

Its functions share a few dozen arrays, in named tuples.  By default numba counts references to every array that is
touched, in the innermost loops as well, and gives every function an entrance from Python that unpacks all arrays: that was
three quarters of the time of compilation and half of that of the search.  So

* functions called from Python are ``entry``, others ``inner``, without an entrance;
* neither counts references, hence neither may allocate: what they need is handed to them;
* constants are passed as ``np.int64(0)``: numba would compile a version for every literal;
* division by zero is not an exception, as in numpy.

numba compiles a file again when that file changes, and does not look at the functions that it calls: whoever edits one of
``bounds``, ``branching``, ``gram``, ``stack``, ``states`` touches ``search`` too, or measures the old code.

Never ``fastmath``: bounds must not depend on how a sum is arranged.
"""

from __future__ import annotations

from numba import njit

entry = njit(cache=True, error_model="numpy", _nrt=False, no_cfunc_wrapper=True)
inner = njit(cache=True, error_model="numpy", _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)
