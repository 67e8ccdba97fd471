"""The judge: draws inputs, runs the candidate in a sandbox, and decides."""
