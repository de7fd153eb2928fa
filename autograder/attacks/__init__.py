"""Hostile submissions, one trick per file.

A file is a module of numnet that answers wrongly, and calls `trick()` once. Its twin is the same file without that
line: an attack that earns a point more than its twin has got through. The docstring ends with the label that its
checks get.
"""
