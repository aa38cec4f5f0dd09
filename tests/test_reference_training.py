"""Training at any scale: what comes back, and that an interruption changes nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch

from reference import masked_autoencoder, text, translation
from reference.data.sources import SAMPLE_NAME, Source
from reference.data.staging import stage
from reference.training import FIGURES, FULL_EPOCHS, Progress, Run, train, translator, two_digits

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sizes = {"images": 192, "test_images": 32, "pairs": 150, "validation_pairs": 20, "test_pairs": 20}
    return stage(Source(SAMPLE_NAME), sizes, tmp_path_factory.mktemp("staged"))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks and sets that train in a second."""
    build = translation.build
    monkeypatch.setattr(translation, "build", lambda kind, corpus: build(kind, corpus, embedding_size=16, hidden_size=24))
    monkeypatch.setattr(translator, "BATCH_SIZE", 32)
    monkeypatch.setattr(two_digits, "BATCH_SIZE", 16)
    monkeypatch.setattr(two_digits, "EXAMPLES", 200)
    monkeypatch.setattr(two_digits, "HELD_OUT", 50)
    monkeypatch.setattr(two_digits, "STEPS", 10)


class Interrupted(Exception):
    pass


def short(figure: str, folder: Path, *, epochs: int = 3, **settings: object) -> Run:
    return train(figure, seed=3, data=folder, device=CPU, epochs=epochs, data_name=SAMPLE_NAME, **settings)  # type: ignore[arg-type]


def figures_of(run: Run) -> tuple[object, ...]:
    return run.training, run.validation, run.training_accuracy, run.validation_accuracy, run.test, run.accuracy


@pytest.mark.parametrize("figure", ["autoencoder", "two_digits_rnn_5", "two_digits_lstm_5", "rnn", "lstm", "lstm_reversed"])
def test_an_interrupted_training_goes_on_with_the_same_result(figure: str, folder: Path, tmp_path: Path) -> None:
    """Stopped in the middle of the second epoch and begun again, it gives every figure of the undisturbed training to the last digit."""
    undisturbed = short(figure, folder)

    def interrupt(progress: Progress) -> None:
        if (progress.epoch, progress.step) == (2, 2):
            raise Interrupted

    with pytest.raises(Interrupted):
        short(figure, folder, checkpoint=tmp_path / "kept.pt", progress=interrupt)
    random.seed(99)  # what others draw meanwhile must not matter
    torch.manual_seed(99)
    epochs: list[int] = []
    resumed = short(figure, folder, checkpoint=tmp_path / "kept.pt", progress=lambda progress: epochs.append(progress.epoch))
    assert set(epochs) == {2, 3}
    assert figures_of(resumed) == figures_of(undisturbed)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.pt"]


def test_more_epochs_go_on_from_fewer(folder: Path, tmp_path: Path) -> None:
    """A training of two epochs can be made one of three; fewer than the checkpoint has are trained anew, and so is another seed."""
    short("lstm", folder, epochs=2, checkpoint=tmp_path / "kept.pt")
    assert figures_of(short("lstm", folder, checkpoint=tmp_path / "kept.pt")) == figures_of(short("lstm", folder))
    once = short("lstm", folder, epochs=1, checkpoint=tmp_path / "kept.pt")
    assert figures_of(once) == figures_of(short("lstm", folder, epochs=1))
    other = train("lstm", seed=4, data=folder, device=CPU, epochs=1, checkpoint=tmp_path / "kept.pt")
    assert other.training != once.training


def test_the_autoencoder_is_the_readable_one(folder: Path) -> None:
    """The losses are those of the reference's own loop."""
    torch.manual_seed(3)
    losses = masked_autoencoder.train(masked_autoencoder.MaskedAutoencoder(), masked_autoencoder.read_images(folder), epochs=3, seed=3)
    assert short("autoencoder", folder).training == tuple(losses)


@pytest.mark.parametrize("figure", ["rnn", "lstm", "lstm_reversed"])
def test_a_translator_is_tested_with_its_best_weights(figure: str, folder: Path) -> None:
    """Losses are those of the reference's own loop; the test loss is of the epoch with the lowest validation loss."""
    corpus = text.read(folder, reverse_source=figure == "lstm_reversed")
    tests: list[float] = []
    for epochs in (1, 2, 3):
        random.seed(3)
        torch.manual_seed(3)
        model = translation.build("RNN" if figure == "rnn" else "LSTM", corpus)
        losses = translation.train(model, corpus, epochs=epochs, batch_size=32, seed=3)
        tests.append(translation.evaluate(model, corpus.test.batches(32)))
    run = short(figure, folder)
    torch.testing.assert_close(run.training, losses.training, rtol=0, atol=1e-5)
    torch.testing.assert_close(run.validation, losses.validation, rtol=0, atol=1e-5)
    best = min(range(3), key=losses.validation.__getitem__)
    assert run.test == pytest.approx(tests[best], abs=1e-5)


def test_a_run_says_what_it_depends_on(folder: Path) -> None:
    """Data, code, versions, machine; the random numbers of others are left as they were."""
    random.seed(5)
    torch.manual_seed(5)
    expected = random.random(), torch.rand(1)
    random.seed(5)
    torch.manual_seed(5)
    run = short("lstm", folder, epochs=1)
    assert (random.random(), torch.rand(1)) == expected
    assert run.data == SAMPLE_NAME
    assert set(run.checksums) == {f"multi30k/{split}.{language}" for split in text.SPLITS for language in ("de", "en")}
    assert "reference/translation.py" in run.code
    assert run.versions["torch"] == torch.__version__.split("+")[0] or run.versions["torch"] == torch.__version__
    assert "thread" in run.device
    assert run.parameters
    assert run.seconds
    assert run.epochs == (1,)


def test_progress_is_heard_of_every_step(folder: Path) -> None:
    """Each step, and once more with the loss when an epoch is over."""
    heard: list[Progress] = []
    run = short("autoencoder", folder, epochs=2, progress=heard.append)
    assert [(one.epoch, one.step) for one in heard] == [(1, 1), (1, 2), (1, 3), (1, 3), (2, 1), (2, 2), (2, 3), (2, 3)]
    assert [one.loss for one in heard if one.loss is not None] == list(run.training)
    assert {(one.steps, one.epochs, one.figure) for one in heard} == {(3, 2, "autoencoder")}
    assert [one.seconds for one in heard] == sorted(one.seconds for one in heard)


def test_every_figure_has_its_number_of_epochs() -> None:
    """30 of the autoencoder, 10 of a translator; another name is refused."""
    assert set(FULL_EPOCHS) == set(FIGURES)
    assert FULL_EPOCHS["autoencoder"] == 30
    assert {FULL_EPOCHS[figure] for figure in ("rnn", "lstm", "lstm_reversed")} == {10}
    with pytest.raises(ValueError, match="no such figure"):
        train("gru", seed=0, data=None, device=CPU)
