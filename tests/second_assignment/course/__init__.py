"""What a student's kernel gets of the tiny assignment."""
