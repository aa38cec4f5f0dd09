"""What the homework asks to be handed in, beside what earns points: no secret, and the same for graders and students."""

from __future__ import annotations

from autograder.reported.rules import AskedAnswer

IN_WORDS = ("2.1", "2.3", "4.1", "4.2")  # questions that ask for no code
ANSWERS = (
    AskedAnswer("1.2", "EXPLANATION", 1, "the explanation in 1.2"),
    AskedAnswer("1.3", "EXPLANATION", 1, "the explanation in 1.3"),
    AskedAnswer("2.1", "ANSWER", 1, "the answer to 2.1"),
    AskedAnswer("2.3", "ANALYSIS", 1, "the analysis in 2.3"),
    AskedAnswer("3.4", "EXPLANATION", 1, "the explanation in 3.4"),
    AskedAnswer("4.1", "ANSWER", 1, "the first answer in 4.1"),
    AskedAnswer("4.1", "ANSWER", 2, "the second answer in 4.1"),
    AskedAnswer("4.1", "ANSWER", 3, "the third answer in 4.1"),
    AskedAnswer("4.2", "ANSWER", 1, "the first answer in 4.2"),
    AskedAnswer("4.2", "ANSWER", 2, "the second answer in 4.2"),
)
