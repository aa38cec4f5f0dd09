"""What is measured of a student's functions and classes, inside the student's kernel. Everything here knows inputs only, no answers."""
