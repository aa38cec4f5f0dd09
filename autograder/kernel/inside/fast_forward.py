"""Lets a long training run of a recurrent network cost next to nothing once enough of it has been seen.

A run is a network's consecutive steps on sequences of one shape, or of changing shapes where that is much work. When it is ripe, the
network's recurrent layers answer with what they computed for the same input (or else for the same shape), a backward pass through such an
answer and the optimizer's step return at once, and everything else in the student's loop goes on as written. A run ends with its cell, when
the network is trained on another shape (but for those that keep changing), and when something else than its steps changes its weights;
after very many skipped steps it is really trained again. Every call and step that was fast-forwarded says so in its record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import torch
from torch.nn.utils.rnn import PackedSequence

LEAST = 10  # steps that are really taken of any run
ENOUGH = 40  # steps after which a run is ripe, however small its network
WORK = 20_000_000_000  # multiplications in its layers after which a run of at least LEAST steps is ripe
MUCH = 5  # times as much work make steps on sequences whose shape keeps changing one run, which is ripe after LEAST_OF_MUCH steps
LEAST_OF_MUCH = 4
KEEPS_CHANGING = 3  # changes of shape; an experiment may go on to another length with the same network, and to a third
ANSWERS = 8  # of one layer and input shape that are held, one for each input seen
ANSWER_BYTES = 32 * 2**20  # of one run
LONGEST = 10_000  # steps that are skipped in one run; a loop that goes on until it has learned enough would never end
LONGEST_WALK = 3000

Signature = tuple[Any, ...]


class _Answer(torch.autograd.Function):
    """Passes a computed value off as the output of a layer, so that a graph can be built on it and recognised."""

    @staticmethod
    def forward(ctx: Any, anchor: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        return value.clone()

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[None, None]:
        return None, None


class _Run:
    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self.steps = 0
        self.skipped = 0
        self.work = 0
        self.changes = 0
        self.steps_of_any_shape = 0
        self.work_of_any_shape = 0
        self.after = ""
        self.answers: dict[tuple[Any, ...], dict[str, tuple[Any, int]]] = {}
        self.bytes = 0

    def go_on_with(self, signature: Signature) -> None:
        """Begin anew with sequences of another shape, but for what counts for all shapes."""
        self.signature = signature
        self.changes += 1
        self.steps = self.skipped = self.work = self.bytes = 0
        self.answers.clear()


class Runs:
    """The runs of the cell that is running, by network."""

    def __init__(self) -> None:
        self.enough: int | None = ENOUGH
        self._runs: dict[int, _Run] = {}
        self._anchor: torch.Tensor | None = None

    def reset(self) -> None:
        """Forget all runs and answers."""
        self._runs.clear()

    def weigh(self, network: int, signature: Signature, work: int) -> None:
        """Count the work of a call towards the run that it belongs to."""
        run = self._runs.get(network)
        if run is None or self._is_enough(run):
            return
        done = work * (3 if torch.is_grad_enabled() else 1)  # a backward pass costs twice a forward pass
        run.work_of_any_shape += done
        if run.signature == signature:
            run.work += done

    def is_ripe(self, network: int, signature: Signature) -> bool:
        """Whether calls of this network on inputs of this shape are fast-forwarded now."""
        run = self._runs.get(network)
        return run is not None and (self._is_much(run) or (run.signature == signature and self._is_enough(run)))

    def stepped(self, network: int, signature: Signature, before: str, after: str) -> None:
        """Count a step that was really taken, of a network whose latest training call had this shape."""
        if self.enough is None or not signature:
            return
        run = self._runs.get(network)
        if run is None or (run.after and run.after != before):
            run = self._runs[network] = _Run(signature)
        elif run.signature != signature:
            run.go_on_with(signature)
        run.steps += 1
        run.steps_of_any_shape += 1
        run.after = after

    def skips_step(self, network: int, signature: Signature, before: str) -> bool:
        """Whether a step of this network is to be counted only; ends the run when its weights are not what its last step left."""
        if not self.is_ripe(network, signature):
            return False
        if self._runs[network].after != before:
            del self._runs[network]
            return False
        self._runs[network].skipped += 1
        return True

    def forget(self, network: int) -> None:
        """Let go of the answers of a network that is gone."""
        self._runs.pop(network, None)

    def ripe_networks(self) -> list[int]:
        return [network for network, run in self._runs.items() if self._is_enough(run)]

    def answer(self, network: int, key: tuple[Any, ...], fingerprint: str) -> Any:
        """What a layer returned before: for this input, or for any input of this shape; None when it has to be computed."""
        known = self._runs[network].answers.get(key)
        if not known:
            return None
        if fingerprint not in known:
            if len(known) < ANSWERS and self._runs[network].bytes < ANSWER_BYTES:
                return None
            fingerprint = next(reversed(known))
        value, version = known[fingerprint]
        if _versions(value) != version:  # the student wrote into an answer
            del known[fingerprint]
            return None
        return _map(value, self._given_out)

    def remember(self, network: int, key: tuple[Any, ...], fingerprint: str, result: Any) -> None:
        """Hold what a layer has computed."""
        run = self._runs.get(network)
        if run is None or run.bytes >= ANSWER_BYTES:
            return
        value = _map(result, lambda tensor: tensor.detach().clone())
        run.bytes += sum(tensor.numel() * tensor.element_size() for tensor in _tensors(value))
        run.answers.setdefault(key, {})[fingerprint] = (value, _versions(value))

    def depends_on_answer(self, loss: Any) -> bool:
        """Whether a backward pass from `loss` would run into an answer."""
        if not isinstance(loss, torch.Tensor) or not self.ripe_networks():
            return False
        return any(type(node).__name__ == "_AnswerBackward" for node in _graph(loss))

    def _is_enough(self, run: _Run) -> bool:
        if self.enough is None or run.skipped >= LONGEST:
            return False
        return run.steps >= self.enough or (run.steps >= min(LEAST, self.enough) and run.work >= WORK) or self._is_much(run)

    def _is_much(self, run: _Run) -> bool:
        """Whether steps on sequences of any shape have been enough work together."""
        if self.enough is None or run.skipped >= LONGEST or run.changes < KEEPS_CHANGING:
            return False
        return run.steps_of_any_shape >= min(LEAST_OF_MUCH, self.enough) and run.work_of_any_shape >= MUCH * WORK

    def _given_out(self, value: torch.Tensor) -> torch.Tensor:
        if not torch.is_grad_enabled() or not value.is_floating_point():
            return value.clone() if value.is_inference() else value.detach()
        if self._anchor is None:
            self._anchor = torch.zeros((), requires_grad=True)
        answer: torch.Tensor = _Answer.apply(self._anchor, value)  # type: ignore[no-untyped-call]
        return answer


runs = Runs()


def goes_through(loss: torch.Tensor, place: Any) -> bool:
    """Whether a backward pass from `loss` goes through a place in the graph."""
    return any(node is place for node in _graph(loss))


def _graph(loss: torch.Tensor) -> Iterator[Any]:
    """What a backward pass from `loss` goes through, as far as it is looked at."""
    waiting: list[Any] = [loss.grad_fn]
    seen: set[Any] = set()
    while waiting and len(seen) < LONGEST_WALK:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        yield node
        waiting.extend(following for following, _ in node.next_functions)


def fill_gradients(parameters: Iterable[torch.Tensor]) -> None:
    """Give zeros to parameters without a gradient, so that a loop that reads gradients goes on."""
    for parameter in parameters:
        if parameter.requires_grad and parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)


def _map(value: Any, change: Any) -> Any:
    if isinstance(value, PackedSequence):
        return PackedSequence(change(value.data), value.batch_sizes, value.sorted_indices, value.unsorted_indices)
    if isinstance(value, torch.Tensor):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_map(part, change) for part in value)
    return value


def _tensors(value: Any) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, PackedSequence):
        return [value.data]
    return [tensor for part in value for tensor in _tensors(part)] if isinstance(value, tuple) else []


def _versions(value: Any) -> int:
    return sum(tensor._version for tensor in _tensors(value) if not tensor.is_inference())
