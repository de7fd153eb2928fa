"""The reference beside torch and nltk: one process for each, run by turns, on one thread."""
