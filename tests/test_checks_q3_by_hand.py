"""Recurrences written by hand, however their weights are kept, and classes whose interface only the student's own code knows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from submissions.q3_correct_whole import LENGTHS_L
from submissions.q3_parts import L_DEC, L_ENC, L_TRA, R_DEC, R_ENC, R_TRA, swap
from submissions.q3_parts_by_hand import CAT_R_ENC, CHUNK_L_DEC, GATES_L_ENC, HAND_R_ENC, PARAM_R_DEC
from test_checks_q3_translation import PARTS, outcomes

IMPORTS = "import random\nfrom typing import Union\n\nimport torch\nfrom torch import nn\n"
RIGHT = {"RNN": (R_ENC, R_DEC, R_TRA), "LSTM": (L_ENC, L_DEC, L_TRA)}
PASSED = dict.fromkeys(PARTS, ("passed", ""))


def judged(kind: str, measure, staged: Path, **parts: str) -> Mapping[str, tuple[str, str]]:  # type: ignore[no-untyped-def]
    own = dict(zip(PARTS, RIGHT[kind], strict=True)) | parts
    return outcomes(kind, "\n".join((IMPORTS, *own.values())), measure, staged)


RECURRENCES = {
    "two linear layers": ("RNN", "encoder", HAND_R_ENC),
    "the state's without bias": (
        "RNN",
        "encoder",
        swap(HAND_R_ENC, "nn.Linear(hidden_size, hidden_size)", "nn.Linear(hidden_size, hidden_size, bias=False)"),
    ),
    "the input's without bias": (
        "RNN",
        "encoder",
        swap(HAND_R_ENC, "else hidden_size, hidden_size)", "else hidden_size, hidden_size, bias=False)"),
    ),
    "input and state joined": ("RNN", "encoder", CAT_R_ENC),
    "state and input joined": ("RNN", "encoder", swap(CAT_R_ENC, "torch.cat([x, h], dim=1)", "torch.cat([h, x], dim=1)")),
    "matrices and vectors": ("RNN", "decoder", PARAM_R_DEC),
    "four gates": ("LSTM", "encoder", GATES_L_ENC),
    "gates in one": ("LSTM", "decoder", CHUNK_L_DEC),
    "gates in torch's order": ("LSTM", "decoder", swap(CHUNK_L_DEC, "f, i_, o, g =", "i_, f, g, o =")),
}


@pytest.mark.parametrize("name", RECURRENCES)
def test_a_right_recurrence_by_hand_passes(name: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """Wherever its weights are kept, and in whichever order."""
    kind, part, source = RECURRENCES[name]
    assert judged(kind, measure, staged, **{part: source}) == PASSED


WRONG = {
    "the last layer's state for all": (
        "RNN",
        "encoder",
        swap(HAND_R_ENC, "torch.stack(hidden)", "torch.stack([hidden[-1]] * self.num_layers)"),
        "copy",
    ),
    "the state left out": ("RNN", "decoder", swap(PARAM_R_DEC, "+ h @ U", ""), "starts from zero"),
    "the states exchanged": (
        "LSTM",
        "encoder",
        swap(GATES_L_ENC, "return torch.stack(h), torch.stack(c)", "return torch.stack(c), torch.stack(h)"),
        "other order",
    ),
    "the old cell state": ("LSTM", "decoder", swap(CHUNK_L_DEC, "torch.stack(hs), torch.stack(cs)", "torch.stack(hs), cell"), "passed in"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_known_mistake_in_a_recurrence_by_hand_fails(name: str, measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """By value, as with torch's own layers, and nothing else fails."""
    kind, part, source, words = WRONG[name]
    found = judged(kind, measure, staged, **{part: source})
    assert [one for one in PARTS if found[one][0] != "passed"] == [part]
    assert found[part][0] == "failed"
    assert words in found[part][1]


def test_a_gate_that_is_computed_otherwise_is_left_to_a_person(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """No place of the weights gives the values, and no known mistake does."""
    source = swap(GATES_L_ENC, "torch.sigmoid(self.forget(both)) * c", "torch.sigmoid(self.forget(both) + 1) * c")
    assert judged("LSTM", measure, staged, encoder=source)["encoder"][0] == "review"


def test_an_encoder_that_wants_more_is_left_to_a_person_when_its_translator_works(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """It cannot be called as asked; whether that is fine is no question for a machine."""
    encoder, decoder, translator = LENGTHS_L
    found = judged("LSTM", measure, staged, encoder=encoder, decoder=decoder, translator=translator)
    assert [found[part][0] for part in PARTS] == ["review", "passed", "passed"]
    assert judged("LSTM", measure, staged, encoder=encoder)["encoder"][0] == "failed"


def test_a_state_that_is_kept_fails_its_encoder_only(measure, staged: Path) -> None:  # type: ignore[no-untyped-def]
    """The translator is then judged with stand-ins."""
    encoder = swap(R_ENC, "self.rnn(embedded)", "self.rnn(embedded, getattr(self, 'kept', None))\n        self.kept = hidden.detach()")
    found = judged("RNN", measure, staged, encoder=encoder)
    assert [found[part][0] for part in PARTS] == ["failed", "passed", "passed"]
    assert "once more" in found["encoder"][1]
