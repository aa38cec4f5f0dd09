"""From what was handed in to submissions: finding, unpacking, reading, cutting into sections."""
