"""What starts, proves and measures Sparring."""
