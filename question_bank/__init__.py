"""What is true of a question before anyone sits it."""
