"""Grading on Gradescope: the zip that is uploaded (`package`), its settings, and what the platform says of a submission (`metadata`)."""
