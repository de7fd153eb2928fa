"""A linear layer, ReLU and softmax cross-entropy: the parts that every network ends with.

Letters: I inputs, O outputs, K classes; `...` is any number of leading axes, none too: (N,), (T, N), (N, H, W).
The weight W is (O, I), as in the lecture and in torch, so code multiplies by W.T. A gradient of a is called da.
Given: the records LinearCache, LinearGrads and ReLUCache. Backward passes add up over the leading axes and never divide
by their size: the loss has done that already.
"""

import math

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache


def linear_forward(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, LinearCache]:
    """Weigh the inputs, add the bias: z = x W^T + b.

    x: (..., I); W: (O, I); b: (O,)
    returns: z (..., O), and the cache LinearCache(x, W), exactly this

    >>> linear_forward(np.array([1.0, 2.0]), np.array([[3.0, 4.0]]), np.array([5.0]))[0]
    array([16.])

    The usual slip: W without the transpose, which goes unnoticed as long as W is square.
    A good answer is 1 line long.
    """
    outputs = W.shape[0]
    z = np.zeros((*x.shape[:-1], outputs))
    for position in np.ndindex(x.shape[:-1]):  # every position of the leading axes; of none, the one position ()
        one_input = x[position]
        for o in range(outputs):
            # the weights of output o are row o of W
            z[(*position, o)] = np.dot(W[o], one_input) + b[o]
    return np.asfortranarray(z), LinearCache(x, W)


def linear_backward(dz: np.ndarray, cache: LinearCache) -> LinearGrads:
    """Send dz back through z = x W^T + b.

    dx = dz W              for every position
    dW = sum of dz^T x     over all positions, that is over all leading axes
    db = sum of dz         over all positions

    dz: (..., O)
    returns: LinearGrads of dx (..., I), dW (O, I), db (O,)

    >>> linear_backward(np.array([2.0]), LinearCache(np.array([1.0, 2.0]), np.array([[3.0, 4.0]])))
    LinearGrads(dx=array([6., 8.]), dW=array([[2., 4.]]), db=array([2.]))

    The usual slip: to sum over the first axis alone. Make one long list of positions of all leading axes first.
    A good answer is 3 to 5 lines long.
    """
    x, W = cache.x, cache.W
    dx = np.zeros(x.shape)
    dW_columns = np.zeros(W.shape[::-1])  # (I, O), so that its transpose is dW
    db = np.zeros(W.shape[0])
    for position in np.ndindex(dz.shape[:-1]):
        one_input = x[position]
        for o in range(W.shape[0]):
            d = dz[(*position, o)]
            dx[position] += d * W[o]
            dW_columns[:, o] += d * one_input
            db[o] += d
    return LinearGrads(dx, dW_columns.T.copy(order="K"), db)


def relu_forward(x: np.ndarray) -> tuple[np.ndarray, ReLUCache]:
    """Keep what is positive, entry by entry: y = max(x, 0).

    x: (...)
    returns: y (...), a new array, and the cache ReLUCache(x)

    >>> relu_forward(np.array([-1.0, 0.0, 3.0]))[0]
    array([0., 0., 3.])

    The usual slip: to set the negative entries of x itself to 0, which changes the caller's array.
    A good answer is 1 line long.
    """
    # one number after the other, and then the old shape again
    kept = [number if number > 0 else 0.0 for number in x.ravel().tolist()]
    return np.array(kept, dtype=np.float64).reshape(x.shape), ReLUCache(x)


def relu_backward(dy: np.ndarray, cache: ReLUCache) -> np.ndarray:
    """Send dy back through y = max(x, 0): dx = dy where x > 0, and 0 elsewhere, at x = 0 too.

    dy: (...), the shape of x
    returns: dx (...)

    >>> relu_backward(np.array([5.0, 6.0, 7.0]), ReLUCache(np.array([-1.0, 0.0, 3.0])))
    array([0., 0., 7.])

    The usual slip: to ask for the sign of dy. Only x decides.
    A good answer is 1 line long.
    """
    passed = []
    for number, gradient in zip(cache.x.ravel().tolist(), dy.ravel().tolist(), strict=True):
        passed.append(gradient if number > 0 else 0.0)
    return np.array(passed, dtype=np.float64).reshape(cache.x.shape)


def softmax_cross_entropy(
    logits: np.ndarray, targets: np.ndarray, mask: np.ndarray | None = None
) -> tuple[float, np.ndarray]:
    """Say how surprised the network is by the right classes, on average, and in which direction it would be less so.

    p_k     = exp(logit_k) / sum_j exp(logit_j)        softmax, at every position
    loss    = mean of -log p_target                    natural logarithm, over the positions where mask is True
    dlogits = (p - one_hot(target)) / count            where mask is True, 0 elsewhere; count: how many are True

    logits: (..., K); targets: (...), integers 0 to K - 1; mask: (...), bool, None counts every position
    returns: loss, a Python float, and dlogits (..., K)

    A target where mask is False may be any integer, K or -1 too: do not read it. If nothing counts, the loss is 0.0 and
    dlogits is 0. Logits of +-10,000 are fine: subtract the largest of each position, and p is unchanged.

    >>> loss, dlogits = softmax_cross_entropy(np.array([[0.0, 0.0], [9.0, 9.0]]), np.array([1, 0]))
    >>> round(loss, 4), dlogits[0]
    (0.6931, array([ 0.25, -0.25]))

    The usual slip: to divide by the number of positions, masked ones included; or to mask the loss and not dlogits.
    A good answer is 10 to 15 lines long.
    """
    K = logits.shape[-1]
    dlogits = np.zeros(logits.shape)
    # first find the places that count
    places = [place for place in np.ndindex(logits.shape[:-1]) if mask is None or mask[place]]
    count = len(places)
    if count == 0:
        return 0.0, dlogits
    surprise = 0.0
    for place in places:
        row = logits[place].tolist()
        right = int(targets[place])
        largest = max(row)
        powers = [math.exp(number - largest) for number in row]
        total = sum(powers)
        surprise += math.log(total) - (row[right] - largest)  # -log p_target
        for k in range(K):
            p = powers[k] / total
            dlogits[(*place, k)] = (p - (1.0 if k == right else 0.0)) / count
    return float(surprise / count), dlogits
