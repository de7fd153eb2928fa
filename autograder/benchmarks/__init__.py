"""How fast the autograder is, beside plain pytest and beside its goals: `python -m autograder.benchmarks`."""
