"""Measured numbers as inline SVG, drawn on the server.

Every picture is one string without scripts and without ``style`` attributes, so that it passes a
strict Content-Security-Policy; colours and type come from the style sheet by class. Each carries a
``<title>`` and a ``<desc>`` that state the same facts in words.
"""

from assessments.web.plots.bars import (
    error_plot,
    memory_plot,
    steady_plot,
    traffic_plot,
    work_plot,
)
from assessments.web.plots.growth import growth_plot
from assessments.web.plots.ratios import ratio_plot

__all__ = [
    "error_plot",
    "growth_plot",
    "memory_plot",
    "ratio_plot",
    "steady_plot",
    "traffic_plot",
    "work_plot",
]
