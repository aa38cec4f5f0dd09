"""Which submissions share code or answers beyond what everybody was given: a flag for people, never a score."""
