"""What a student's kernel gets to see of this assignment: its course environment and its measurements. No answers."""
