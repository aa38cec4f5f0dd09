"""What is kept of all runs in a results folder: grades in grades.db, the evidence behind them in files of its own."""

from autograder.store.grades import Store

__all__ = ["Store"]
