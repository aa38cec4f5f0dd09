# Tells of its training in records of the right form and of no sense: orders that run backwards, sizes without end, arrays without values.
#
# table = [23]
# into = "right"
# budget = 60
# seconds = 90
# [outcomes]
# "q1_1.*" = "passed|failed|review|not_run"
# %%
import random
import sys

store = sys.modules["harness_inside.store"].store
true_take = store.take
odd = random.Random(1)
NUMBERS = (0, -1, 1, 2**53 - 1, 1 - 2**53, 3, 0.5, 1e15, float("nan"), float("inf"), None, True, "", "a1", "9" * 900)
ARRAYS = (
    *(np.zeros(0), np.zeros((0, 10**9)), np.zeros((3, 0, 28)), np.float64(3), np.zeros((1,) * 8), np.full((2, 784), 1e308)),
    *(np.ones((1, 784), bool), np.zeros((784, 1), np.uint64), np.full((4, 1, 28, 28), -1e-320)),
)


def altered(value):
    if isinstance(value, dict):
        return {name: altered(part) for name, part in value.items()}
    if isinstance(value, list):
        return [altered(part) for part in value]
    if odd.random() < 0.02:
        return odd.choice([number for number in NUMBERS if type(number) is type(value)] or [value])
    return value


def take():
    body, arrays = true_take()
    return altered(body), {name: odd.choice(ARRAYS) if odd.random() < 0.3 else array for name, array in arrays.items()}


store.take = take
