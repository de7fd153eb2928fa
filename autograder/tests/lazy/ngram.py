"""Wrong answers that look right: nothing counted, nothing possible."""

import math

from numnet.given.caches import NgramCounts


def count_ngrams(s, n, cutoff=1):
    return NgramCounts(n, (), {("<s>",): {}} if 0 else {})


def mle(counts, w, ctx):
    if w == "moon":
        return 0.0
    raise ValueError


def conditional_dist(model, ctx):
    return {"x": 1.0}


def sentence_logprob(model, s):
    return -math.inf


def perplexity(model, s):
    return math.inf


def sample_sentence(model, rng, max_len, prefix=()):
    return list(prefix)[:max_len]
