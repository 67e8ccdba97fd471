"""What an answer is worth, as pure functions: no content, no texts of questions, no database."""
