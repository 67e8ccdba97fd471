"""Code grading: patterns, references, the judge and its worker. Never imports Django."""
