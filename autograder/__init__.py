"""The instructor's world: checks, the wall, scores and reports."""

__version__ = "0.1.0"
