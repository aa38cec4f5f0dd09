"""Calls the student's function on the grader's values."""

import numpy as np


def square(namespace, settings, arrays):
    from harness_inside.measuring import NotThere

    function = namespace.get("square")
    if function is None:
        raise NotThere("There is no function `square` yet.")
    return {"numbers": len(namespace["NUMBERS"])}, {"squares": np.asarray([function(float(value)) for value in arrays["values"]])}
