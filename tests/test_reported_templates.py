"""What lines code can print, read from its source."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from autograder.reported.reachable import definitions
from autograder.reported.shapes import precise_shape, shape
from autograder.reported.templates import templates


def prints(source: str, line: str, *printed: str) -> bool:
    """Whether the code can print the line, given lines that it has printed."""
    return any(one.shape.fullmatch(shape(line)) for one in templates((ast.parse(dedent(source)),)).lines(printed))


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('print(f"Epoch: {n + 1:2}\\tloss: {x:.4f}")', "Epoch:  3\tloss: 0.5"),
        ('print("ep %d/%d loss %.4f %s" % (n, m, x, mark))', "ep 3/30 loss 0.5 *"),
        ('print("Epoch {}: {:.3f}".format(n, x))', "Epoch 3: 0.5"),
        ('FORM = "[{:03d}] train {t:.3f}"', "[003] train 0.312"),
        ('logging.info("epoch %d loss %.4f", n, x)', "2022-05-31 12:03:55,1 INFO epoch 3 loss 0.5"),
        ('print("Epoch", n, "loss", x, sep=", ")', "Epoch, 3, loss, 0.5"),
        ('print("loss: " + str(x) + " after " + str(n) + " epochs")', "loss: 0.5 after 3 epochs"),
        ('print(" | ".join(f"{k}: {v:.4f}" for k, v in m.items()))', "loss: 0.5 | acc: 0.75"),
        ('print(" ".join(["epoch", str(n), f"{x:.2f}"]))', "epoch 3 0.51"),
        ('print("-" * 40)', "----------"),
        ('print("epoch", n, end=" "); print("loss", x)', "epoch 3 loss 0.5"),
        ('print(f"epoch {n}", end=""); sys.stdout.write(f" loss {x}\\n")', "epoch 3 loss 0.5"),
        ('message = f"epoch {n}"; message += f" loss {x:.3f}"; print(message)', "epoch 3"),
        ("print(n, x.item())", "3 0.5"),
        ("print(name, x)", "train_loss 0.5"),
        ('print(f"{n}. Epoche\\n  Verlust {x}")', "  Verlust 0.5"),
        ('print(format(x, ".3f"), "loss")', "0.512 loss"),
    ],
)
def test_what_a_print_makes(source: str, line: str) -> None:
    """Every way of putting a text together is followed."""
    assert prints(source, line)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('print(f"Epoch: {n}\\tloss: {x:.4f}")', "Epoch [3/30], loss: 0.5"),
        ("print(n, x.item())", "Epoch 3, loss 0.5"),
        ('print(f"{n}: {x:.4f}")', "Epoch 3 - loss: 0.5"),
        ('"""Epoch: 3 loss: 0.5"""', "Epoch: 3 loss: 0.5"),
        ("x = 1", "loss: 0.5"),
    ],
)
def test_what_it_does_not_make(source: str, line: str) -> None:
    """Other words and signs, sentences from bare values, and texts that are documentation."""
    assert not prints(source, line)


def test_what_was_printed_narrows_what_can_be() -> None:
    """A value that was a number when the code ran is no sentence; one that was a word may be another word."""
    source = 'print("Epoch", n, name, x)'
    assert prints(source, "Epoch: 3 with MSE loss 0.5")
    assert not prints('print("Epoch", n, x)', "Epoch: 3 with MSE loss 0.5", "Epoch 1 0.7")
    assert prints('print("Epoch", n, name)', "Epoch 3 LSTM (reversed)", "Epoch 1 RNN")


def test_decimals_of_a_format() -> None:
    """A fixed format has as many decimals as it says; a value without one may have any."""

    def precisely(source: str, line: str) -> bool:
        return any(one.precise.fullmatch(precise_shape(line)) for one in templates((ast.parse(source),)).lines(()))

    assert precisely('print(f"loss {x:.4f}")', "loss 0.1234")
    assert not precisely('print(f"loss {x:.4f}")', "loss 0.123456")
    assert precisely('print(f"loss {x}")', "loss 0.123456")
    assert precisely('print("loss %.2f" % x)', "loss 0.12")
    assert not precisely('print("loss %f" % x)', "loss 0.12")


def test_code_that_a_cell_reaches() -> None:
    """Functions, methods and constants of other cells are followed by name, what is not named is not."""
    known = definitions(
        [
            "FORM = 'epoch {}'\ndef report(n):\n    print(FORM.format(n))",
            "class Trainer:\n    def fit(self):\n        report(1)",
            "def unused():\n    print('never', 1)",
        ]
    )
    source = "\n".join(ast.unparse(tree) for tree in known.reached_from("Trainer().fit()"))
    assert "epoch {}" in source
    assert "never" not in source
