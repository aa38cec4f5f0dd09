"""Takes a measurement for a probe inside the student's kernel. Receives the probe's request, returns a finding or why there is none.

The measurements themselves belong to the assignment: functions of the module `course.measurements`, which also offers the exceptions
`NotThere` and `StudentError`. Nothing returned here is trusted on the grader's side.
"""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

LONGEST_ERROR = 300
LONGEST_TRACEBACK = 6000

Body = dict[str, Any]
Arrays = dict[str, np.ndarray]


def measure(request: Mapping[str, Any], arrays: Mapping[str, np.ndarray], namespace: Mapping[str, Any]) -> tuple[Body, Arrays]:
    """Call `request["measurement"]` with the student's `namespace`, the request's settings and `arrays`.

    The body is {"kind": "finding", "facts"}, {"kind": "absent", "sentence"} or {"kind": "raised", "sentence", "error", "traceback"}.
    """
    module = importlib.import_module("course.measurements")
    measurement = getattr(module, str(request["measurement"]))
    try:
        facts, measured = measurement(namespace, dict(request.get("settings", {})), dict(arrays))
    except module.NotThere as absent:
        return {"kind": "absent", "sentence": absent.sentence}, {}
    except (Exception, SystemExit) as problem:  # noqa: BLE001 - student code runs in there and may raise anything
        return _raised(problem, module), {}
    return {"kind": "finding", "facts": facts}, dict(measured)


def _raised(problem: BaseException, module: ModuleType) -> Body:
    known = isinstance(problem, module.StudentError)
    cause = problem.__cause__ if known else problem
    sentence = str(problem) if known else "The code stopped with an error when it was tried"
    if cause is None:
        return {"kind": "raised", "sentence": sentence, "error": "", "traceback": ""}
    message = " ".join(str(cause).split())
    error = f"{type(cause).__name__}: {message}" if message else type(cause).__name__
    text = "".join(traceback.format_exception(type(cause), cause, cause.__traceback__))
    return {"kind": "raised", "sentence": sentence, "error": error[:LONGEST_ERROR], "traceback": text[-LONGEST_TRACEBACK:]}
