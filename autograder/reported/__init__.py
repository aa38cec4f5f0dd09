"""What a stored notebook reports, read with pure functions: answers, printed figures, pictures, the order of its cells."""
