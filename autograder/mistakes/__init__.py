"""Known mistakes of students, in TOML: edits of the solution, each with the check that catches it and a hint."""
