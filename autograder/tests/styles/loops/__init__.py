"""Networks in NumPy, forward and backward: what you write in this homework.

One subject per file. `numnet.given` is yours to read and to use, not to write.
"""
