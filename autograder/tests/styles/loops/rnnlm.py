"""The recurrent language model: read a text word by word, and after each word say how likely every next one is.

    input      <s>      cows     eat      hay          target t is input t + 1: the network is
                │        │        │        │           asked for a word before it reads it
              ┌─▼─┐    ┌─▼─┐    ┌─▼─┐    ┌─▼─┐
      h0 ────▶│   │───▶│   │───▶│   │───▶│   │───▶ h_T   the cell: Elman's (rnn.py) or the LSTM (lstm.py)
              └─┬─┘    └─┬─┘    └─┬─┘    └─┬─┘
               p_1      p_2      p_3      p_4          softmax(W_hy h + b_y): a die with V sides
    target     cows      eat      hay     </s>

Letters: T time, N sentences, D numbers per word, H hidden, V words. A word is its id, 0 to V - 1; bos and eos are the
ids of <s> and </s>, which may be one id, that of the end of a line, say.

    params     E (V, D)    W_xh  W_hh  b_h  (those of the cell, with I = D)    W_hy (V, H)    b_y (V,)

If params has w_peep, too, the cell is the LSTM, and its state is the pair (h, c); else it is Elman's, and its state is
h. Given: `init_rnnlm`; `cell_forward` and `cell_backward`, which know the two cells apart. To write: the batch (H1),
its loss and gradients (H2), the probability of a sentence (H3), sampling (H4).
"""

import math
from collections.abc import Sequence

import numpy as np

from numnet.embedding import embedding_backward, embedding_forward
from numnet.given.caches import ElmanCache, ElmanParams, LSTMCache, LSTMParams
from numnet.linear import linear_backward, linear_forward, softmax_cross_entropy
from numnet.lstm import lstm_backward, lstm_forward
from numnet.rnn import elman_backward, elman_forward

Arrays = dict[str, np.ndarray]
State = np.ndarray | tuple[np.ndarray, np.ndarray]


def init_rnnlm(rng: np.random.Generator, V: int, D: int, H: int, *, lstm: bool = False) -> Arrays:
    """Draw the weights of a language model: rows of E from the normal distribution, the others between ±1/√H."""
    rows = 4 * H if lstm else H
    shapes = {"W_xh": (rows, D), "W_hh": (rows, H), "b_h": (rows,), "W_hy": (V, H), "b_y": (V,)}
    if lstm:
        shapes["w_peep"] = (3, H)
    weights = {name: rng.uniform(-1, 1, size=shape) / np.sqrt(H) for name, shape in shapes.items()}
    return {"E": rng.normal(size=(V, D))} | weights


def cell_forward(
    params: Arrays, x: np.ndarray, state: State | None = None
) -> tuple[np.ndarray, State, ElmanCache | LSTMCache]:
    """Run the cell of params over x (T, N, D), from a state, which is zero if None.

    returns: h (T, N, H), the state after the last step, and the cache for cell_backward
    """
    zero = np.zeros((x.shape[1], params["W_hh"].shape[1]))
    if "w_peep" not in params:
        weights = ElmanParams(*(params[name] for name in ElmanParams._fields))
        return elman_forward(x, zero if state is None else state, weights)
    h0, c0 = (zero, zero) if state is None else state
    h, h_T, c_T, cache = lstm_forward(x, h0, c0, LSTMParams(*(params[name] for name in LSTMParams._fields)))
    return h, (h_T, c_T), cache


def cell_backward(dh: np.ndarray, cache: ElmanCache | LSTMCache) -> tuple[np.ndarray, Arrays]:
    """Send dh (T, N, H) back through the cell; nothing comes back from what the last state is used for.

    returns: dx (T, N, D), and the gradients of the cell's weights under their names: W_xh, W_hh, b_h, perhaps w_peep
    """
    is_lstm = isinstance(cache, LSTMCache)
    grads = lstm_backward(dh, cache) if is_lstm else elman_backward(dh, cache)
    names = LSTMParams._fields if is_lstm else ElmanParams._fields
    return grads.dx, {name: getattr(grads, f"d{name}") for name in names}


def _log_softmax(scores):
    """Return the logarithms of the probabilities of a list of logits."""
    largest = max(scores)
    total = sum(math.exp(score - largest) for score in scores)
    return [score - largest - math.log(total) for score in scores]


def lm_inputs_targets(
    sents_ids: Sequence[Sequence[int]], bos: int, eos: int, pad: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Put sentences side by side, and say at every place which word comes next.

    sentence n       w_1 ... w_m
    inp[:, n]        bos  w_1  ...  w_m    pad ...        T = the length of the longest sentence + 1
    tgt[:, n]        w_1  ...  w_m  eos    pad ...
    mask[:, n]       True for the m + 1 words, then False

    sents_ids: one sentence or more, each a sequence of ids, perhaps empty
    pad: any id, that of a word, too, or bos, or eos
    returns: inp and tgt (T, N), int64, and mask (T, N), bool

    >>> inp, tgt, mask = lm_inputs_targets([[5, 7], []], bos=1, eos=2, pad=0)
    >>> inp.T, tgt.T, mask.T  # sentences as rows
    (array([[1, 5, 7],
           [1, 0, 0]]), array([[5, 7, 2],
           [2, 0, 0]]), array([[ True,  True,  True],
           [ True, False, False]]))

    The usual slip: a mask that asks `!= pad`, and so loses the words that have the id of the padding; the lengths know
    better. A good answer has 7 lines.
    """
    N = len(sents_ids)
    T = max(len(sent) for sent in sents_ids) + 1
    inp = np.full((N, T), pad, dtype=np.int64)  # sentences as rows, turned at the end
    tgt = np.full((N, T), pad, dtype=np.int64)
    mask = np.zeros((N, T), dtype=bool)
    for n in range(N):
        words = [int(word) for word in sents_ids[n]]
        reads, is_asked = [bos, *words], [*words, eos]
        for t in range(len(words) + 1):
            inp[n, t] = reads[t]
            tgt[n, t] = is_asked[t]
            mask[n, t] = True
    return inp.T.copy(order="F"), tgt.T.copy(order="F"), mask.T.copy(order="F")


def rnnlm_loss(
    params: Arrays, inp: np.ndarray, tgt: np.ndarray, mask: np.ndarray, h0: State | None = None
) -> tuple[float, Arrays, State]:
    """Say how surprised the network is by the next words, on average, and which weights would make it less so.

    x      = E[inp]                                    embedding_forward
    h, h_T = the cell over x, from h0                  cell_forward
    logits = W_hy h + b_y, at every time               linear_forward
    loss   = mean of -log softmax(logits)_tgt          softmax_cross_entropy, over the places where mask is True

    and then their backward passes, last one first: what params has is what gets a gradient.

    inp, tgt: (T, N) ids; mask: (T, N) bool, in each column True, then False, as lm_inputs_targets makes it
    h0: the first state, (N, H) or, for the LSTM, a pair of these; None for zeros
    returns: loss, a Python float; a dict of gradients with the keys of params; and h_T, the state after the last step,
        of the same form as h0, from which the next piece of a long text goes on

    Where mask is False, inp and tgt may be any integer, -1 or V, too: do not look them up. Whatever you read in their
    place, no loss comes from there and no gradient; and nobody asks for h_T of a sentence that ends in padding. If
    nothing counts, the loss is 0.0 and all gradients are 0.

    With small weights, as at the beginning, all words are as likely as any other: the loss is log V.

    The usual slip: a network that is asked for the word it has just read. Call the layers by their names: a check may
    put others in their place. A good answer has 8 to 12 lines.
    """
    T, N = inp.shape
    # what stands in the padding may be no word at all: read word 0 there
    read = np.zeros((T, N), dtype=np.int64)
    asked = np.zeros((T, N), dtype=np.int64)
    for t in range(T):
        for n in range(N):
            if mask[t, n]:
                read[t, n] = inp[t, n]
                asked[t, n] = tgt[t, n]
    # forward
    x, embedding_cache = embedding_forward(read, params["E"])
    h, state, cell_cache = cell_forward(params, x, h0)
    logits, output_cache = linear_forward(h, params["W_hy"], params["b_y"])
    loss, dlogits = softmax_cross_entropy(logits, asked, mask)
    # backward
    output_grads = linear_backward(dlogits, output_cache)
    dx, grads = cell_backward(output_grads.dx, cell_cache)
    grads["E"] = embedding_backward(dx, embedding_cache)
    grads["W_hy"] = output_grads.dW
    grads["b_y"] = output_grads.db
    return loss, grads, state


def rnnlm_logprob(params: Arrays, sent_ids: Sequence[int], bos: int, eos: int) -> float:
    """Return the natural logarithm of the probability of a sentence, its end included.

    log p(w_1 ... w_m) = Σ_{t=1}^{m+1} log p(w_t | bos w_1 ... w_{t-1}),  w_{m+1} = eos        the chain rule

    sent_ids: the ids w_1 ... w_m, neither the bos before them nor the eos after; may be empty
    returns: a float, 0 or less; finite, also when a probability is too small for a float

    With all weights zero every word has probability 1 / V: two words and the end have log p = -3 log V.

    The usual slip: a mean over the words, which is what a loss is. A good answer has 6 lines.
    """
    words = [int(word) for word in sent_ids]
    inputs = np.array([[word] for word in [bos, *words]], dtype=np.int64)  # one sentence: (T, 1)
    x, _ = embedding_forward(inputs, params["E"])
    h, _, _ = cell_forward(params, x)
    logits, _ = linear_forward(h, params["W_hy"], params["b_y"])
    logprob = 0.0
    for t, word in enumerate([*words, eos]):
        logprob += _log_softmax(logits[t, 0].tolist())[word]
    return logprob


def _throw(scores, temperature, u):
    """Return the word that the number u stands for."""
    largest = max(scores)
    weights = [math.exp((score - largest) / temperature) for score in scores]
    total = sum(weights)
    so_far = 0.0
    last_possible = 0
    for i in range(len(weights)):
        p = weights[i] / total
        so_far += p
        if so_far > u:
            return i
        if p > 0:
            last_possible = i
    return last_possible


def sample(
    params: Arrays, rng: np.random.Generator, bos: int, eos: int, max_len: int, temperature: float = 1.0
) -> list[int]:
    """Write a sentence: throw the die that the network makes of the words so far, and give it the word that came.

    p         = softmax(logits / temperature)
    next word = the first id i with p_0 + ... + p_i > u,  u = rng.random(), called once per word, eos included;
                if rounding leaves none, the last i with p_i > 0
    at temperature 0: the id of the largest logit, the lowest of equals, and rng is not called

    max_len: the most words of the result; 0 gives []
    returns: the ids that were drawn, Python ints, without the bos before the first and without the eos that ends it

    Two words with logits 0 and log 3 have p = 1/4, 3/4 at temperature 1: u = 0.24 gives 0, and u = 0.25 gives 1. At
    temperature 0.5 it is 1/10, 9/10, and at 2 it is 0.37, 0.63: the warmer, the more alike.

    Logits of ±10,000 are fine: subtract the largest first. The usual slip: to start from an empty state at every word.
    A good answer has 17 lines.
    """
    written = []
    word, state = bos, None
    while len(written) < max_len:
        # the network reads the last word, from the state that the words before it have left
        x, _ = embedding_forward(np.array([[word]], dtype=np.int64), params["E"])
        h, state, _ = cell_forward(params, x, state)
        logits, _ = linear_forward(h, params["W_hy"], params["b_y"])
        scores = logits[0, 0].tolist()
        if temperature == 0:
            word = scores.index(max(scores))  # the first of equals
        else:
            word = _throw(scores, temperature, float(rng.random()))
        if word == eos:
            break
        written.append(word)
    return written
