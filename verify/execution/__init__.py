r"""The execution room: engines run in processes that can be killed.

    with Supervisor(jobs=2, preload=["sympy", "z3"]) as supervisor:
        future = supervisor.submit(Call("claims.run:obligation", {"name": "error"}, Budget(seconds=10)))
        reply = future.result()  # never raises for anything that the other process does

z3, torch, cvxpy and sympy are native code that hangs, crashes, and eats memory.  Each task therefore has a fresh process
of its own:

    supervisor (threads in our process)            supervisor.py, isolation.py, outcome.py
      +- fork server, one, libraries loaded        forkserver.py
           +- warden, one for each task            warden.py
                +- worker: runs the function       worker.py, clock.py
                     +- whatever it starts

What goes in is the name of a function and one JSON value, what comes out is one JSON value, and every way of failing is
a word in ``Reply.status``.  Only Linux has all guarantees; see spawning.py for the rest of the world.
"""

from __future__ import annotations

from verify.execution.clock import on_interrupt, remaining_seconds
from verify.execution.executor import Executor
from verify.execution.supervisor import Supervisor
from verify.execution.task import Budget, Call, Reply, Status

__all__ = ["Budget", "Call", "Executor", "Reply", "Status", "Supervisor", "on_interrupt", "remaining_seconds"]
