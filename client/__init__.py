"""The command ``sparring``: what a terminal says to the REST API. Standard library only."""
