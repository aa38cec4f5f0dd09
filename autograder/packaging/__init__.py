"""Builds what is given away: the zip for students, the zip for Gradescope."""
