"""Renderings: pure functions from a `GradeReport` to text, and the one module that writes the texts to files."""
