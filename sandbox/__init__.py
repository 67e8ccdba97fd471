"""Confinement of hostile code. Knows neither Django nor attention; see THREATS.md."""
