"""Figures, each a ratio or a bound within one run. ``make bench``; BENCH=name for one."""
