"""Measures probes on small namespaces, laid out as in a student's kernel but without one. Run as a script by tests/conftest.py.

Reads one job a line from standard input: {"source", "requests": [text, ...]} or {"prelude", ...}; writes one line of replies for each.
"""

import json
import sys
import types

sys.path.insert(0, sys.argv[1])

import torch

torch.set_num_threads(1)

import harness_inside  # noqa: E402
from harness_inside import measuring, wire  # noqa: E402


def stand_in_recorder(namespace: dict) -> types.ModuleType:
    """A recorder that says what the namespace's `observed` says."""
    module = types.ModuleType("harness_inside.recorder")
    for name in ("trained", "called", "datasets"):
        setattr(module, name, lambda question, name=name: list(namespace.get("observed", {}).get(name, {}).get(question, [])))
    numbers: dict[int, int] = {}
    module.identity = lambda one: numbers.setdefault(id(one), len(numbers))
    return module


namespace: dict = {}
for line in sys.stdin:
    job = json.loads(line)
    if not job["goes_on"]:
        namespace = {"__name__": "__main__"}
        sys.modules["harness_inside.recorder"] = harness_inside.recorder = stand_in_recorder(namespace)
    exec(compile(job["source"], "<student>", "exec"), namespace)
    replies = []
    for text in job["requests"]:
        request, arrays = wire.unpack(text)
        replies.append(wire.pack(*measuring.measure(request, arrays, namespace)))
    print(json.dumps(replies), flush=True)
