"""An automated grader for deep-learning homework handed in as an executed notebook."""

__version__ = "0.1.0"
