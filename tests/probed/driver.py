"""Measures probes on small namespaces, laid out as in a student's kernel but without one. Run as a script by tests/conftest.py.

Reads one job a line from standard input: {"source", "requests": [text, ...]} or {"prelude", ...}; writes one line of replies for each.
"""

import base64
import json
import sys
import types

sys.path.insert(0, sys.argv[1])

import torch

torch.set_num_threads(1)

import harness_inside  # noqa: E402
from harness_inside import measuring, wire  # noqa: E402


def stand_in_observers(namespace: dict) -> tuple[types.ModuleType, types.ModuleType]:
    """A recorder, and the objects behind its records, that say what the namespace's `observed` says."""
    recorder, objects = types.ModuleType("harness_inside.recorder"), types.ModuleType("harness_inside.objects")
    numbers: dict[int, int] = {}

    def seen(kind: str, question: str) -> list:
        return list(namespace.get("observed", {}).get(kind, {}).get(question, []))

    recorder.trained = lambda question: seen("trained", question)
    recorder.called = lambda question: seen("called", question)
    recorder.given = lambda question: dict(namespace.get("observed", {}).get("given", {}).get(question, {}))
    objects.data_set_number = lambda one: numbers.setdefault(id(one), len(numbers))
    objects.latest_data_sets = lambda: []
    objects.data_sets_gone_through = lambda question: {objects.data_set_number(one) for one in seen("datasets", question)}
    return recorder, objects


namespace: dict = {}
for line in sys.stdin:
    job = json.loads(line)
    if not job["goes_on"]:
        namespace = {"__name__": "__main__"}
        harness_inside.recorder, harness_inside.objects = stand_in_observers(namespace)
        sys.modules |= {f"harness_inside.{name}": getattr(harness_inside, name) for name in ("recorder", "objects")}
    exec(compile(job["source"], "<student>", "exec"), namespace)
    replies = []
    for text in job["requests"]:
        request, arrays = wire.unpack(text)
        fields, numbers = wire.pack(*measuring.measure(request, arrays, namespace))
        replies.append([fields, base64.b64encode(numbers).decode()])
    print(json.dumps(replies), flush=True)
