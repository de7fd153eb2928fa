"""Mutants: small changes anywhere in the solution, each of which costs a point or is known to change nothing."""
