"""Wrong answers that look right: batches of zeros, a loss of zero, no sentence."""

import numpy as np


def lm_inputs_targets(s, bos, eos, pad):
    z = np.zeros((max(map(len, s)) + 1, len(s)), dtype=np.int64)
    return z, z.copy(), z == 0


def rnnlm_loss(p, inp, tgt, mask, h0=None):
    z = np.zeros((inp.shape[1], p["W_hh"].shape[1]))
    return 0.0, {name: np.zeros_like(a) for name, a in p.items()}, (z, z.copy()) if "w_peep" in p else z


def rnnlm_logprob(p, s, bos, eos):
    return 0.0


def sample(p, rng, bos, eos, max_len, temperature=1.0):
    return []
