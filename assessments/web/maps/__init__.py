"""The map of a course: its concept graph in layers, as one SVG made on the server."""
