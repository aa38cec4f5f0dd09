"""What is kept of all runs in a results folder: grades in grades.db, the evidence behind them in files of its own."""

from autograder.store.database import FILE as DATABASE
from autograder.store.evidence import Chapters, EvidenceFolder
from autograder.store.grades import Store
from autograder.store.lock import sole_writer

__all__ = ["DATABASE", "Chapters", "EvidenceFolder", "Store", "sole_writer"]
