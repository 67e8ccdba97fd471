"""What answers say about learners: arithmetic only, and never a mark."""
