"""What the checks of several questions share: expected values, and how a student's answer differs from them. No torch at import."""
