"""What is kept of a cell's messages."""

from __future__ import annotations

import base64
import json
from typing import Any

from linear import is_linear

from autograder.kernel.conversation import Message
from autograder.kernel.transcript import Allowance, Transcript, plain


def message(kind: str, **content: Any) -> Message:
    raw = json.dumps(content).encode()
    return Message(kind, "", raw, len(raw))


def test_streams_are_joined_and_kept_apart_by_name() -> None:
    """Consecutive prints are one output, and standard error is another."""
    transcript = Transcript(1, 10)
    for name, text in (("stdout", "a"), ("stdout", "b\n"), ("stderr", "warned"), ("stdout", "c")):
        assert transcript.listen(message("stream", name=name, text=text))
    assert [(output.name, output.text) for output in transcript.outputs()] == [("stdout", "ab\n"), ("stderr", "warned"), ("stdout", "c")]


def test_output_over_the_limit_is_cut_and_marked() -> None:
    """The first kilobytes stay, the rest is gone, and a note says so; a flood asks to stop."""
    transcript = Transcript(1, 1)
    assert transcript.listen(message("stream", name="stdout", text="x" * 5000))
    first, mark = transcript.outputs()
    assert first.text == "x" * 1024
    assert "kept 1 kB" in mark.text
    assert not transcript.listen(message("stream", name="stdout", text="x" * 100_000))
    assert transcript.flooded


def test_what_a_notebook_may_leave_is_bounded_too() -> None:
    """Many cells that each stay below their limit are cut where all together have had four times as much."""
    allowance = Allowance(1)
    transcripts = [Transcript(number, 1, allowance) for number in range(12)]
    for number, transcript in enumerate(transcripts):
        transcript.listen(message("stream", name="stdout", text="x" * 1000))
        transcript.listen(message("display_data", data={"image/png": "A" * (5 << 20), "text/plain": f"{number}"}))
    assert sum(len(transcript.outputs()[0].text) for transcript in transcripts[:5]) == 4096 - 4
    assert [len(transcript.nodes()[1]["data"]) for transcript in transcripts[:4]] == [2] * 4
    assert sum("image/png" in node.get("data", {}) for transcript in transcripts for node in transcript.nodes()) == 6


def test_a_picture_is_a_figure_and_other_types_are_left_out() -> None:
    """PNGs are decoded, HTML and scripts are not kept, and what is no base64 is no figure."""
    data = {"text/plain": "<Figure>", "image/png": base64.b64encode(b"\x89PNG").decode(), "text/html": "<script>", "application/json": "{}"}
    transcript = Transcript(4, 10)
    transcript.listen(message("display_data", data=data))
    transcript.listen(message("display_data", data={"image/png": "no base64!", "text/plain": "second"}))
    first, second = transcript.outputs()
    assert (first.text, first.figures[0].data, first.figures[0].cell) == ("<Figure>", b"\x89PNG", 4)
    assert second.figures == ()
    assert set(transcript.nodes()[0]["data"]) == {"text/plain", "image/png"}


def test_cleared_and_updated_outputs_follow_the_notebook() -> None:
    """`clear_output(wait=True)` waits for the next output, and a display is updated in its place."""
    transcript = Transcript(1, 10)
    transcript.listen(message("stream", name="stdout", text="old"))
    transcript.listen(message("clear_output", wait=True))
    assert [output.text for output in transcript.outputs()] == ["old"]
    transcript.listen(message("display_data", data={"text/plain": "0 %"}, transient={"display_id": "bar"}))
    transcript.listen(message("update_display_data", data={"text/plain": "100 %"}, transient={"display_id": "bar"}))
    assert [output.text for output in transcript.outputs()] == ["100 %"]


def test_malformed_messages_are_no_obstacle() -> None:
    """Content of other types than the protocol's is taken as nothing."""
    transcript = Transcript(1, 10)
    for kind in ("stream", "display_data", "execute_result", "error", "clear_output", "surprise"):
        assert transcript.listen(Message(kind, "", b"[1, 2", 5))
        assert transcript.listen(message(kind, data=[1], text=[2], name=3, traceback=4, transient=5))


def test_half_characters_do_not_reach_a_file() -> None:
    """A lone surrogate, which JSON can carry and no file can, becomes a question mark."""
    transcript = Transcript(1, 10)
    transcript.listen(message("stream", name="stdout", text="a\ud800b"))
    transcript.listen(message("display_data", data={"text/plain": "\udfff"}))
    assert [output.text for output in transcript.outputs()] == ["a?b", "?"]


def test_terminal_escapes_are_taken_out_quickly() -> None:
    """Colours and links vanish, and a long run of escapes costs no time."""
    assert plain("\x1b[0;31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07") == "red link"
    assert is_linear(plain, "\x1b[" * 200_000)
    assert is_linear(plain, "\x1b]" * 50_000)
