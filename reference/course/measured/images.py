"""1.1 and 1.2: runs the student's mask function and trained autoencoder on the grader's images."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

import numpy as np
import torch
from torch import nn

from .autoencoders import SIDE, pixels_to_pixels, trained_states
from .building import calm, device_of
from .outcomes import NotThere, StudentError, as_array, structure, tensors, trying

Facts = dict[str, Any]
Arrays = dict[str, np.ndarray]
LAYOUTS = {"masked": (1, SIDE, SIDE), "masked_planes": (SIDE, SIDE), "masked_rows": (SIDE * SIDE,)}
CALLS_MORE = {1: 12, 7: 3}  # by the largest batch: a side that is drawn anew shows in all but one of 30,000 runs; more take long in loops
PATIENCE_SECONDS = 5.0  # after which a mask is called no more than it must be; a measurement has 20
OF_THE_LEFT_HALF: tuple[tuple[str, Any], ...] = (
    ("ratio|frac|percent|portion|prob", 0.5),
    ("value|fill", 0.0),
    ("side|direction|which|mode", "left"),
    ("height|rows", SIDE),
    ("mask|half|width|col|cut", SIDE // 2),
)
AFTER = {"masked": "after", "masked_planes": "after_planes", "masked_rows": "after_rows"}


def apply_mask(namespace: Mapping[str, Any], settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> tuple[Facts, Arrays]:
    """The student's mask of `images` (B, 1, 28, 28): `masked`, and the argument `after` the call.

    A function that works on images of another layout is also measured on (B, 28, 28), `masked_planes`, and on (B, 784), `masked_rows`.
    `masked` comes from the first layout that works; the fact `layout` says which. With small batches the function is called some times
    more; `masked_again` and so on is a later result that differs from the first. A slow function is called less often.
    """
    function, name = _mask_function(namespace)
    images = torch.as_tensor(arrays["images"])
    measured: Arrays = {}
    first: StudentError | None = None
    until = monotonic() + PATIENCE_SECONDS
    for label, shape in LAYOUTS.items():
        if measured and monotonic() > until:
            break
        given = images.reshape(len(images), *shape).clone().to(device_of(namespace))
        try:
            with calm(), trying(f"{name} could not be called on a batch of images of shape {tuple(given.shape)}"):
                returned = _called(function, given, namespace)
            results = tensors(returned)
            if not results:
                raise StudentError(f"{name} returned {structure(returned)} instead of the masked images")
            measured[label] = as_array(results[0], f"What {name} returned")
            measured[AFTER[label]] = as_array(given)
            measured |= _again(label, function, images.reshape(len(images), *shape), namespace, measured[label], until)
        except StudentError as problem:
            first = first or problem
    if not measured:
        raise first or StudentError(f"{name} could not be called")
    layout = next(label for label in LAYOUTS if label in measured)
    measured.setdefault("masked", measured[layout])
    measured.setdefault("after", measured[AFTER[layout]])
    return {"name": name, "layout": layout}, measured


def _again(
    label: str, function: Callable[..., Any], images: torch.Tensor, namespace: Mapping[str, Any], first: np.ndarray, until: float
) -> Arrays:
    """A later result for the same images, where it is not the first one."""
    for _ in range(next((calls for largest, calls in CALLS_MORE.items() if len(images) <= largest), 0)):
        if monotonic() > until:
            break
        with calm(), trying("The mask could not be called again"):
            returned = _called(function, images.clone().to(device_of(namespace)), namespace)
        results = tensors(returned)
        later = as_array(results[0]) if results else first
        if later.shape == first.shape and not np.array_equal(later, first):
            return {f"{label}_again": later}
    return {}


def _mask_function(namespace: Mapping[str, Any]) -> tuple[Callable[..., Any], str]:
    found = namespace.get("apply_mask")
    if callable(found):
        return found, "apply_mask"
    for name, value in reversed(list(namespace.items())):
        if isinstance(value, types.FunctionType) and "mask" in name.lower() and value.__module__ == "__main__":
            return value, name
    raise NotThere("No function apply_mask is defined at the end of this question.")


def _called(function: Callable[..., Any], images: torch.Tensor, namespace: Mapping[str, Any]) -> Any:
    """The mask of these images, with values for the other arguments that are required."""
    try:
        parameters = list(inspect.signature(function).parameters.values())[1:]
    except (TypeError, ValueError):
        return function(images)
    required = [one for one in parameters if one.default is one.empty]
    further = [_value(one.name, namespace) for one in required if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    return function(images, *further, **{one.name: _value(one.name, namespace) for one in required if one.kind is one.KEYWORD_ONLY})


def _value(name: str, namespace: Mapping[str, Any]) -> Any:
    """What a mask's argument of this name must be for the left half: the notebook's own value where it has one of that name."""
    own = namespace.get(name)
    if "device" in name:
        return device_of(namespace)
    if isinstance(own, int | float | str) and not isinstance(own, bool):
        return own
    if _is_mask(own):
        return _of_one_image(own)
    if re.fullmatch("(?:the_?)?(?:mask|keep|m)(?:_?tensor)?", name, re.I):
        for value in reversed(list(namespace.values())):
            if _is_mask(value):
                return _of_one_image(value)
    return next((value for pattern, value in OF_THE_LEFT_HALF if re.search(pattern, name, re.I)), SIDE)


def _is_mask(value: Any) -> bool:
    """Whether a value is an array of zeros and ones for the pixels of an image, or of several."""
    if not isinstance(value, torch.Tensor | np.ndarray) or not len(value.shape):
        return False
    array = torch.as_tensor(value)
    return array.shape[-1] in (SIDE, SIDE * SIDE) and bool(((array == 0) | (array == 1)).all()) and bool((array == 0).any())


def _of_one_image(mask: Any) -> Any:
    """A mask that fits batches of any size."""
    return mask[:1] if mask.ndim == 4 else mask


def autoencoder(namespace: Mapping[str, Any], settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> tuple[Facts, Arrays]:
    """What the autoencoder makes of images (B, 784): `reconstructed` of `images`, `reconstructed_whole` of `whole`, (B, 784) each.

    With `called_in` the network that was last called in that question, if there was one, else the one trained in `trained_in`; the fact
    `same_as_trained` says whether they are one. With `called_in` also what the network trained in `trained_in`, with the weights it had
    at that question's end, makes of each kept input `a1` of a call in `called_in` that holds digits: `trained_a1` (N, 784).
    """
    from harness_inside import recorder

    trained = _modules(recorder.trained(str(settings["trained_in"])))
    used: list[nn.Module] = []
    measured: Arrays = {}
    if "called_in" in settings:
        question = str(settings["called_in"])
        used = _modules(recorder.called(question))
        with calm():
            measured.update(trained_states.reconstructed(recorder.given(question), device_of(namespace)))
    elif trained:
        trained_states.keep(trained)
    if not trained and not used:
        raise NotThere(f"No network was trained in {settings['trained_in']}.")
    with calm():
        run, parts = pixels_to_pixels(used or trained, next(iter(arrays.values())), device_of(namespace))
        for name, images in arrays.items():
            measured["reconstructed" if name == "images" else f"reconstructed_{name}"] = run(images)
    same = bool(trained) and all(any(part is module for module in trained) for part in parts)
    return {"class": " and ".join(type(part).__name__ for part in parts), "same_as_trained": same}, measured


def _modules(found: list[Any]) -> list[nn.Module]:
    return [module for module in found if isinstance(module, nn.Module)]
