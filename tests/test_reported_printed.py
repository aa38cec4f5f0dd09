"""Reading printed losses."""

from __future__ import annotations

import math

import pytest
from linear import is_linear
from stored_notebooks import SEED, code, section, shown, stdout

from autograder.intake import read
from autograder.model.grading import Question
from autograder.reported.printed import LossKind, PrintedLoss, last, losses

TRAIN, VALIDATION, TEST, UNKNOWN = LossKind.TRAIN, LossKind.VALIDATION, LossKind.TEST, LossKind.UNKNOWN


def read_out(text: str) -> list[tuple[str, int | None, float]]:
    return short(losses(section(code("train()", stdout(text)))))


def short(found: tuple[PrintedLoss, ...]) -> list[tuple[str, int | None, float]]:
    return [(loss.kind.value, loss.epoch, loss.value) for loss in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Epoch: 1\tMSE Loss: 0.0157", [("unknown", 1, 0.0157)]),
        ("Epoch [30/30], Loss: 0.0146", [("unknown", 30, 0.0146)]),
        ("Epoch 30/30 - loss: 0.0146", [("unknown", 30, 0.0146)]),
        ("epoch30 loss0.0146", [("unknown", 30, 0.0146)]),
        ("Train Loss: 3.025", [("train", None, 3.025)]),
        ("\t Val. Loss: 3.894", [("validation", None, 3.894)]),
        ("| Test Loss: 4.036", [("test", None, 4.036)]),
        ("Train Loss: 3.0 | Train PPL:  20.1", [("train", None, 3.0)]),
        ("Train Loss: 3.025 | Train PPL: 20.594\n Val. Loss: 3.9 |  Val. PPL: 49.4", [("train", None, 3.025), ("validation", None, 3.9)]),
        ("train_loss=0.3, val_loss=0.4, train_acc=0.9", [("train", None, 0.3), ("validation", None, 0.4)]),
        ("{'loss': 0.01, 'val_loss': 0.02, 'acc': 0.5}", [("unknown", None, 0.01), ("validation", None, 0.02)]),
        ("Epoch 3: train loss 0.5 acc 0.8 val loss 0.6 acc 0.7 time 3.5s", [("train", 3, 0.5), ("validation", 3, 0.6)]),
        ("Train: loss 0.5, acc 0.9 | Val: loss 0.6, acc 0.8", [("train", None, 0.5), ("validation", None, 0.6)]),
        ("Loss after epoch 30: 0.0146", [("unknown", 30, 0.0146)]),
        ("loss (epoch 30/30) = 0.0146", [("unknown", 30, 0.0146)]),
        ("Loss after 30 epochs: 0.0146", [("unknown", 30, 0.0146)]),
        ("Loss: 1.46e-02", [("unknown", None, 0.0146)]),
        ("Loss: tensor(0.0146, device='cuda:0', grad_fn=<MseLossBackward0>)", [("unknown", None, 0.0146)]),
        ("Epoche 30: Verlust 0,0146", [("unknown", 30, 0.0146)]),
        ("époque 2 perte : 0.5", [("unknown", 2, 0.5)]),
        ("MSE of the last batch: 0.0151, average loss over all batches: 0.0146", [("unknown", None, 0.0151), ("unknown", None, 0.0146)]),
        ("Reconstruction loss after epoch 30 is 0.0146", [("unknown", 30, 0.0146)]),
        ("第30轮的loss为0.0146", [("unknown", None, 0.0146)]),
        ("에폭 30 손실: 0.0146", [("unknown", None, 0.0146)]),
        ("Epoche 30: Fehler 0.0146", [("unknown", 30, 0.0146)]),
        ("epoch 30 error 0.0146", [("unknown", 30, 0.0146)]),
        ("tensor(0.0146, grad_fn=<DivBackward0>)", [("unknown", None, 0.0146)]),
        ("30 tensor(0.0146, device='cuda:0')", [("unknown", 30, 0.0146)]),
        ("第 3 轮, 训练损失: 0.25", [("train", None, 0.25)]),
        ("train/val loss: 0.3/0.4", [("train", None, 0.3), ("validation", None, 0.4)]),
        ("Epoch:  97%|#########7| 29/30 [00:05<00:00, 5.1it/s, loss=0.0147]", [("unknown", None, 0.0147)]),
        ("Epoch: 01 | Time: 0m 22s\n\tTrain Loss: 5.075", [("train", 1, 5.075)]),
        ("Epoch   Loss   Val Loss\n1   0.5   0.6\n2   0.4   0.55",
         [("unknown", 1, 0.5), ("validation", 1, 0.6), ("unknown", 2, 0.4), ("validation", 2, 0.55)]),
        ("| Epoch | Train loss | Acc |\n|---|---|---|\n| 1 | 0.5 | 0.9 |", [("train", 1, 0.5)]),
        ("train losses: [0.5, 0.25]\nval losses: [0.75, 0.8]",
         [("train", None, 0.5), ("validation", None, 0.75), ("train", 2, 0.25), ("validation", 2, 0.8)]),
        ("Best val loss: 3.8 at epoch 9", [("validation", None, 3.8)]),
        ("Loss: 2", [("unknown", None, 2.0)]),
        ("BCE 0.09", [("unknown", None, 0.09)]),
    ],
)  # fmt: skip
def test_labelled_losses(text: str, expected: list[tuple[str, int | None, float]]) -> None:
    """A loss with a label is read in the formats that students print, with its kind and epoch."""
    assert read_out(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[0.06, 0.05, 0.0146]", [("unknown", 1, 0.06), ("unknown", 2, 0.05), ("unknown", 3, 0.0146)]),
        ("[0.06,\n 0.05]", [("unknown", 1, 0.06), ("unknown", 2, 0.05)]),
        ("[np.float64(0.06), np.float64(0.05)]", [("unknown", 1, 0.06), ("unknown", 2, 0.05)]),
        ("[tensor(0.06), tensor(0.05)]", [("unknown", 1, 0.06), ("unknown", 2, 0.05)]),
        ("29 0.0147\n30 0.0146", [("unknown", 29, 0.0147), ("unknown", 30, 0.0146)]),
        ("(30, 0.0146)", [("unknown", 30, 0.0146)]),
        ("Epoch 30: 0.0146", [("unknown", 30, 0.0146)]),
        ("30/30: 1.46e-2", [("unknown", 30, 0.0146)]),
        ("0.0147\n0.0146", [("unknown", None, 0.0147), ("unknown", None, 0.0146)]),
        ("tensor(0.0146)", [("unknown", None, 0.0146)]),
    ],
)
def test_bare_losses(text: str, expected: list[tuple[str, int | None, float]]) -> None:
    """Numbers without a label are read as losses where nothing has one."""
    assert read_out(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Accuracy: 0.93",
        "acc=0.5, time=3.25",
        "Epoch 3 took 12.5 s",
        "learning rate: 0.0002",
        "The model has 8,381,701 trainable parameters",
        "torch.Size([3, 5, 11])",
        "tensor([[0.1, 0.2],\n        [0.3, 0.4],\n        [0.5, 0.6]])",
        "[0., 1., 0.]",
        "[1, 2, 3]",
        "My prediction is 12",
        "Number of losses: 30",
        "val accuracies: [0.1, 0.2]",
        "lossless compression 0.5",
    ],
)
def test_what_is_no_loss(text: str) -> None:
    """Accuracies, times, rates, sizes and tensors are not taken for losses."""
    assert read_out(text) == []


def test_bare_values_count_only_without_labelled_ones() -> None:
    """A list printed beside proper losses may be anything."""
    assert read_out("[0.9, 0.95]\nLoss: 0.25\n30 0.5") == [("unknown", None, 0.25)]


@pytest.mark.parametrize(("written", "check"), [("nan", math.isnan), ("inf", math.isinf), ("-inf", math.isinf), ("NaN", math.isnan)])
def test_values_that_are_not_finite_are_kept(written: str, check: object) -> None:
    """A training that blew up shows."""
    (found,) = losses(section(code("x", stdout(f"Train Loss: {written} | Val. Acc: 0.1"))))
    assert callable(check)
    assert check(found.value)
    assert not found.finite


def test_progress_bars_on_stderr_are_read_and_warnings_are_not() -> None:
    """tqdm draws on stderr with carriage returns; a warning there that mentions a loss is none."""
    bar = "\r".join(f"{n:3d}%|##| {n}/30 [00:0{n}<00:00, 9.9it/s, loss=0.{n}5]" for n in range(3))
    stream = {"output_type": "stream", "name": "stderr", "text": f"UserWarning: mse_loss 0.125 is odd\n{bar}"}
    assert [loss.value for loss in losses(section(code("x", stream)))] == [0.05, 0.15, 0.25]


def test_errors_and_markdown_are_not_read() -> None:
    """Only what code printed or returned counts; returned values do."""
    error = {"output_type": "error", "ename": "E", "evalue": "Loss: 3.5", "traceback": []}
    returned = shown({"text/plain": "[0.5, 0.25]"}, "execute_result")
    assert [loss.value for loss in losses(section(code("x", error), code("losses", returned)))] == [0.5, 0.25]


def test_a_kind_alone_names_a_loss_when_nothing_else_does() -> None:
    """ "train 4.2 val 4.3" are losses in a section that prints none by name; times and sizes are not."""
    found = losses(section(code("x", stdout("[1/10] train 4.2260 val 3.9510\n[2/10] train: 3.8 | valid: 4.0\ntraining took 12.5 s"))))
    assert [(loss.kind, loss.value) for loss in found] == [(TRAIN, 4.226), (VALIDATION, 3.951), (TRAIN, 3.8), (VALIDATION, 4.0)]
    named = losses(section(code("x", stdout("train loss 4.2\ntrain 0.75"))))
    assert [loss.value for loss in named] == [4.2]


@pytest.mark.parametrize(
    "header", ["train | valid", "| train  | valid |", "epoch  train  valid", "train\tvalidation", "Training  Validation"]
)
def test_a_table_headed_by_kinds_holds_losses_when_nothing_else_does(header: str) -> None:
    """Rows below such titles are losses, with the epoch in front or not; beside accuracies they are not told from these."""
    number = "1 " if "epoch" in header else ""
    rows = f"{header}\n-------\n{number}4.226 | 3.951\n{number.replace('1', '2')}3.818 | nan\n"
    found = losses(section(code("x", stdout(rows))))
    assert [(loss.kind, loss.value) for loss in found[:3]] == [(TRAIN, 4.226), (VALIDATION, 3.951), (TRAIN, 3.818)]
    assert len(found) == 4
    assert not found[3].finite
    assert not losses(section(code("x", stdout(f"accuracy\n{rows}"))))


def test_the_last_of_a_kind() -> None:
    """`last` takes the kinds asked for, as enum or word, and gives None where there is none."""
    found = losses(section(code("x", stdout("Train Loss: 3\nTrain Loss: 2.5\nVal Loss: 4.5"))))
    assert last(found) == found[-1]
    assert last(found, {TRAIN}) == found[1]
    assert last(found, ("train", "unknown")) == found[1]
    assert last(found, {TEST, UNKNOWN}) is None
    assert last((), {TRAIN}) is None
    assert found[-1].kind is VALIDATION


@pytest.mark.parametrize(
    "text",
    ["loss" * 100_000, "[" * 300_000, "[0.1," * 80_000, "1.1.1." * 60_000, "loss: 1e" * 50_000, "epoch 1 " * 50_000, "Loss: 0.5\n" * 40_000,
     " " * 400_000, "1 " * 200_000, "loss |" * 60_000, (" " * 150 + "\n") * 2_000, ("1 " * 90 + "\n") * 2_000, "tensor(" * 60_000],
)  # fmt: skip
def test_hostile_output_takes_no_time(text: str) -> None:
    """Very long and repetitive output is read in linear time."""
    assert is_linear(read_out, text)


@pytest.mark.skipif(not SEED.exists(), reason="the seed submission is not on this machine")
def test_the_losses_of_the_seed_notebook() -> None:
    """The real submission's logs are read completely and nothing else is."""
    questions = [Question(number, "") for number in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2")]
    notebook = read.notebook((SEED / "hw4.ipynb").read_bytes(), questions, {}, name="hw4.ipynb")
    found = {part.question: losses(part) for part in notebook.sections}
    assert short(found["1.1"]) == [("unknown", 1, 0.0634), ("unknown", 11, 0.0186), ("unknown", 21, 0.0157)]
    for question, train, validation, test in (("3.2", 4.071, 4.866, 4.87), ("3.3", 2.997, 3.813, 3.843), ("3.4", 3.025, 3.894, 4.036)):
        assert len(found[question]) == 21
        assert short(found[question])[-3:] == [("train", 10, train), ("validation", 10, validation), ("test", None, test)]
    assert [question for question, values in found.items() if values] == ["1.1", "3.2", "3.3", "3.4"]


def test_a_stream_in_pieces_is_read_as_one() -> None:
    """A piece may end in the middle of a number."""
    assert [loss.value for loss in losses(section(code("pass", stdout("loss: 0.0"), stdout("157\nloss: "), stdout("0.0146\n"))))] == [
        0.0157,
        0.0146,
    ]


def test_losses_logged_to_stderr_count_and_warnings_there_do_not() -> None:
    """Python's logging writes to stderr."""
    text = "INFO:root:epoch 30 loss 0.0146\nUserWarning: loss 3 is odd\n"
    assert [loss.value for loss in losses(section(code("pass", {**stdout(text), "name": "stderr"})))] == [0.0146]
