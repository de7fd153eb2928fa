"""Oracles: what others wrote, asked the same questions as our numnet. `make oracle` runs them.

Torch answers for networks, seqeval for spans, nltk for n-grams. None of them is needed for anything else.
"""
