"""The door for those who watch the server: health, metrics, a line in the log for each request."""
