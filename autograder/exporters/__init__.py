"""A report in somebody else's format: pure functions, one file each."""
