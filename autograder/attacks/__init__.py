"""Hostile, broken and odd submissions, one trick per file; `autograder.attack` says what stands in one."""
