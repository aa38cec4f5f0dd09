"""Shapes of printed lines: equal for lines that the same print may have made, different for others."""

from __future__ import annotations

import pytest

from autograder.model.submission import Output
from autograder.reported.shapes import lines, precise_shape, shape


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Epoch:  3\tLoss: 0.0281", "Epoch: 12\tLoss: 1.79e-05"),
        ("loss tensor(0.06, device='cuda:0', grad_fn=<MseLossBackward0>)", "loss tensor(0.1)"),
        ("losses: [0.1, 0.2, 0.3]", "losses: [0.1]"),
        ("losses: []", "losses: [0.1, 0.2]"),
        ("best np.float64(0.3)", "best 0.3"),
        ("time 0:00:28.1", "time 1:02:03"),
        ("val loss nan", "val loss 0.5"),
        ("training on cuda:0, pinned True", "training on cpu, pinned False"),
        ("==== epoch 1 ====", "========== epoch 12 =========="),
        ("epoch 1 -0.5", "epoch 1 0.5"),
        ("1,234 tokens", "12 tokens"),
    ],
)
def test_lines_of_one_print(one: str, other: str) -> None:
    """Numbers, lists, devices, widths and rules may differ."""
    assert shape(one) == shape(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Epoch: 1 Loss: 0.5", "Epoch [1/30], Loss: 0.5"),
        ("loss 0.5", "MSE 0.5"),
        ("loss 0.5", "loss 0.5%"),
        ("loss 0.5", "loss: 0.5"),
    ],
)
def test_lines_of_different_prints(one: str, other: str) -> None:
    """Words and signs may not."""
    assert shape(one) != shape(other)


def test_decimals_are_counted() -> None:
    """The precise shape tells how many decimals a number has."""
    assert precise_shape("epoch 3: 0.0281") == "epoch#0:#4"
    assert precise_shape("epoch 3: 0.028") != precise_shape("epoch 3: 0.0281")


def test_lines_of_a_stream_in_pieces() -> None:
    """A stream that is cut anywhere is put together, and other streams are left out."""
    outputs = (Output("stream", "stdout", "loss 0."), Output("stream", "stderr", "10%"), Output("stream", "stdout", "5\n\nend\r\n"))
    assert lines(outputs, "stdout") == ("loss 0.5", "end")
