"""What resources look like, and what is taken in."""
