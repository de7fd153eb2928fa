"""Wrong answers that look right: nothing counted, nothing possible."""

import math

from numnet.given.caches import NgramCounts


def count_ngrams(s, n, cutoff=1):
    return NgramCounts(n, (), {("<s>",): {}} if 0 else {})


def mle(counts, w, ctx):
    if w == "moon":
        return 0.0
    raise ValueError


class AddK:
    def __init__(self, counts, k):
        self.counts = counts

    def prob(self, w, ctx):
        return 0.0 if w == "<s>" else 1 / len(self.counts.vocabulary)


class Interpolated(AddK):
    pass


class KneserNey(AddK):
    def __init__(self, counts, d=0.75):
        self.counts = counts


def conditional_dist(model, ctx):
    return {"x": 1.0}


def sentence_logprob(model, s):
    return -math.inf


def perplexity(model, s):
    return math.inf


def sample_sentence(model, rng, max_len, prefix=()):
    return list(prefix)[:max_len]
