"""The harness' part of a student's kernel: it measures and decides nothing. Copied into the run folder as `harness_inside`."""
