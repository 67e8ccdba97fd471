"""File formats in which other systems keep questions: text to values and back, without Django."""
