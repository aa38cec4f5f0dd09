"""How the observations of two kernels become one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.kernel.gathering import Gathered, joined
from autograder.kernel.observe import ARRAYS_BYTES
from autograder.model.observations import Lesson, Network, NetworkCall, Observations, Step


def observed() -> Observations:
    network = Network(0, "Net", 3, ())
    call = NetworkCall(0, 5, "1.1", 0, True, True, (1,), (1,), 0, 1, "f", input="a0")
    step = Step(1, 5, "1.1", 0, "Adam", 3, (0,), 0.5, 0, 1, "x", "y", 0, None, False)
    return Observations(networks=(network,), calls=(call,), steps=(step,), arrays={"a0": np.zeros(1)}, truncated=("calls",))


def test_a_second_kernels_records_follow_the_firsts() -> None:
    """Orders go on, identities and array names never meet those of the first kernel."""
    both = joined(observed(), observed())
    assert [record.order for record in (*both.calls, *both.steps)] == [0, 2, 1, 3]
    assert [network.id for network in both.networks] == [0, 1]
    assert both.calls[1].network == both.steps[1].networks[0] == 1
    assert both.calls[1].input != both.calls[0].input
    assert set(both.arrays) == {call.input for call in both.calls}
    assert both.truncated == ("calls",)


def test_a_second_kernels_lessons_are_those_of_its_own_calls() -> None:
    """What a call was given and taught is found under the new names, and by the new number of the call."""
    network = Network(0, "Net", 3, ())
    call = NetworkCall(0, 5, "3.2", 0, True, True, (1,), (1,), 0, 1, "f", numbers=("a0", ""))
    lesson = Lesson(1, 5, "3.2", 0, call=0, taught="a1")
    one = Observations(networks=(network,), calls=(call,), lessons=(lesson,), arrays={"a0": np.zeros(1), "a1": np.ones(1)})
    both = joined(one, one)
    assert [lesson.call for lesson in both.lessons] == [call.order for call in both.calls]
    named = [name for record in both.calls for name in record.numbers if name] + [lesson.taught for lesson in both.lessons]
    assert len(set(named)) == 4
    assert set(named) == set(both.arrays)


def test_one_kernel_is_left_as_it_is() -> None:
    """Where the first kernel saw nothing, the second's records keep their numbers."""
    second = observed()
    assert joined(Observations(), second) is second


def test_claims_about_scaling_are_checked() -> None:
    """Only texts and pairs of finite numbers are taken over."""
    gathered = Gathered()
    gathered.finished(
        ({"skipped": ["!ls", 3], "changes": "no list", "constants": {"A": [4, 2], "B": [1], "C": ["x", 1], "D": [1e400, 1]}}, {})
    )
    gathered.finished(None)
    assert (list(gathered.skipped), list(gathered.changes), gathered.constants) == (["!ls"], [], {"A": (4.0, 2.0)})


def test_arrays_are_told_once_and_gone_when_they_are_named_no_more() -> None:
    """What has come before is kept without being sent again, and the kernel can be told where to go on."""
    gathered = Gathered()
    assert gathered.latest_array(1) == 0
    gathered.observed(1, ({"arrays": ["a1", "a2"]}, {"a1": np.ones(2), "a2": np.zeros(3)}))
    assert (gathered.latest_array(1), gathered.latest_array(2)) == (2, 0)
    gathered.observed(1, None)
    gathered.observed(1, ({"arrays": ["a2", "a10"]}, {"a10": np.ones(4)}))
    assert gathered.latest_array(1) == 10
    assert {name: array.size for name, array in gathered.observations().arrays.items()} == {"a2": 3, "a10": 4}


@pytest.mark.parametrize("named", [None, "a1", {"a1": 1}, [["a1"], 7, None], ["a1", "a1"], ["gone"], ["a" + "9" * 5000], ["a²"]], ids=repr)
def test_odd_claims_about_arrays_do_no_harm(named: Any) -> None:
    """Names that are none, or of nothing, are passed over."""
    gathered = Gathered()
    array = np.ones(2)
    gathered.observed(1, ({"arrays": named}, {"a1": array, "a²": array, "a" + "9" * 5000: array}))
    assert gathered.latest_array(1) in (0, 1)
    assert all(kept is array for kept in gathered.observations().arrays.values())


def test_what_is_held_of_a_kernel_is_bounded() -> None:
    """However often a kernel tells of new arrays, no more is kept than one honest kernel may tell of."""
    gathered = Gathered()
    names = [f"a{number}" for number in range(1, 40)]
    for name in names:
        gathered.observed(1, ({"arrays": names}, {name: np.zeros(1 << 20, np.uint8)}))
    assert sum(array.nbytes for array in gathered.observations().arrays.values()) == ARRAYS_BYTES
