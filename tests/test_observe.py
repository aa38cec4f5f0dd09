"""Claims about observations: well-formed ones are read, everything else is dropped and told."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from autograder.kernel.observe import parse
from autograder.model.observations import Axes, Line, Network, RecurrentLayer, Scalar

CALL: dict[str, Any] = {
    "order": 1,
    "cell": 3,
    "question": "q",
    "network": 1,
    "training": True,
    "with_gradient": True,
    "input_shape": [2, 3],
    "output_shape": [2, 1],
    "length": 0,
    "batch": 2,
    "fingerprint": "f",
    "input": "a1",
    "output": "a2",
}
SCALAR: dict[str, Any] = {"order": 1, "cell": 0, "question": "q", "tag": "loss", "value": 0.5, "step": 1}


def columns(*records: dict[str, Any]) -> dict[str, list[Any]]:
    """Records as a kernel sends them, through JSON."""
    told: dict[str, list[Any]] = json.loads(json.dumps({name: [record[name] for record in records] for name in records[0]}))
    return told


def test_records_and_their_arrays_are_read() -> None:
    """A call keeps the name of an array that is there, and loses the name of one that is not."""
    observed = parse({"calls": columns(CALL)}, {"a1": np.ones((2, 3), np.float32)})
    (call,) = observed.calls
    assert (call.input_shape, call.input, call.output, call.fast_forwarded) == ((2, 3), "a1", "", False)
    assert observed.truncated == ()
    assert set(observed.arrays) == {"a1"}


def test_nested_records_are_read() -> None:
    """Networks with their layers, and figures with their axes and lines, come out as their own types."""
    layer = {"kind": "RNN", "input_size": 1, "hidden_size": 2, "num_layers": 3, "batch_first": True, "bidirectional": False}
    network = {"id": 1, "class_name": "Net", "parameter_count": 9, "recurrent": [{**layer, "parameter_count": 4}]}
    axes = {"title": "t", "x_label": "", "y_label": "", "lines": [{"label": "l", "x": [0, 1], "y": [2, math.nan]}]}
    figure = {"order": 1, "cell": 1, "question": "q", "axes": [{**axes, "images": ["a1", "gone"], "image_shapes": [[2, 2]]}]}
    observed = parse(
        {"networks": columns({**network, "leaves": [["Linear", [[2, 3], [2]]]]}), "figures": columns(figure)}, {"a1": np.zeros((2, 2))}
    )
    assert observed.networks == (Network(1, "Net", 9, (RecurrentLayer("RNN", 1, 2, 3, True, False, 4),), (("Linear", ((2, 3), (2,))),)),)
    (drawn,) = observed.figures[0].axes
    assert isinstance(drawn, Axes)
    assert drawn.images == ("a1", "")
    assert drawn.lines[0] == Line("l", (0.0, 1.0), drawn.lines[0].y)
    assert math.isnan(drawn.lines[0].y[1])


def test_optional_numbers_may_be_missing() -> None:
    """A range that was not given is None, and a loss that diverged is not a bad claim."""
    transform = {"order": 1, "cell": 1, "question": "q", "id": 1, "kind": "RandomAffine", "degrees": [-10, 10]}
    observed = parse(
        {
            "transforms": columns({**transform, "translate": None, "scale": None, "shear": None}),
            "scalars": columns({**SCALAR, "value": math.inf}),
        },
        {},
    )
    assert observed.transforms[0].degrees == (-10.0, 10.0)
    assert observed.transforms[0].translate is None
    assert observed.scalars[0].value == math.inf


@pytest.mark.parametrize(
    "change",
    [
        {"order": "1"},
        {"order": True},
        {"order": 1.0},
        {"order": 2**60},
        {"training": 1},
        {"input_shape": [2, "3"]},
        {"input_shape": {"0": 2}},
        {"input_shape": [1] * 6000},
        {"fingerprint": None},
        {"question": ["q"]},
    ],
    ids=str,
)
def test_a_bad_record_is_dropped_and_told(change: dict[str, Any]) -> None:
    """One record with a value of another type or size goes, the others stay, and its kind is named."""
    observed = parse({"calls": columns(CALL, {**CALL, **change}, CALL)}, {})
    assert len(observed.calls) == 2
    assert observed.truncated == ("calls",)


@pytest.mark.parametrize(
    "body",
    [None, 3, "text", [], {"calls": 3}, {"calls": {"order": 1}}, {"calls": [CALL]}, {"calls": {"order": [1]}}, {"truncated": 5}],
    ids=str,
)
def test_nonsense_gives_no_records(body: object) -> None:
    """Whatever is sent instead of records, nothing is raised."""
    assert parse(body, {}).calls == ()


def test_columns_of_unequal_length_are_cut() -> None:
    """Only whole rows count."""
    told = columns(SCALAR, SCALAR)
    told["tag"] = ["loss"]
    observed = parse({"scalars": told}, {})
    assert observed.scalars == (Scalar(**SCALAR),)
    assert observed.truncated == ("scalars",)


def test_too_many_records_are_cut() -> None:
    """A flood of records is cut at a limit and told."""
    observed = parse({"scalars": {name: [value] * 60_000 for name, value in SCALAR.items()}}, {})
    assert len(observed.scalars) == 50_000
    assert observed.truncated == ("scalars",)


UNUSABLE = {
    "nan": np.array([1.0, math.nan]),
    "text": np.array(["text"]),
    "large": np.zeros(3 * 2**20),
    "deep": np.zeros((1,) * 9),
}


@pytest.mark.parametrize("array", UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_arrays_are_dropped(array: np.ndarray) -> None:
    """Arrays with infinite numbers, text, too many values or dimensions are left out, and so are their names."""
    observed = parse({"calls": columns(CALL)}, {"a1": array})
    assert observed.arrays == {}
    assert observed.calls[0].input == ""
    assert observed.truncated == ("arrays",)


def test_half_precision_becomes_single() -> None:
    """Pictures that were sent in half precision are handed on in single precision."""
    assert parse({}, {"a1": np.ones((2, 2), np.float16)}).arrays["a1"].dtype == np.float32


def test_long_texts_are_cut() -> None:
    """A text over the limit is cut, not dropped."""
    observed = parse({"scalars": columns({**SCALAR, "tag": "x" * 5000})}, {})
    assert len(observed.scalars[0].tag) == 1000
