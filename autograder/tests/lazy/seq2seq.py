"""Wrong answers that look right: zeros of the right shape, and no words."""

import numpy as np


def encode(params, src, src_mask):
    h = np.zeros((src.shape[1], params["enc.W_hh"].shape[1]))
    return h, h.copy()


def seq2seq_loss(params, src, src_mask, tgt_in, tgt_out, tgt_mask):
    return 0.0, {name: np.zeros_like(array) for name, array in params.items()}


def greedy_decode(params, src, src_mask, bos, eos, max_len):
    return [[] for _ in range(src.shape[1])]
