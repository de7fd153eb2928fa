# Homework, part A1
# ------------------
# linear layer, relu, softmax + cross entropy
#
# NOTE TO SELF: weights are (out, in), so always  x @ W.T  and never  x @ W !!!

import math  # noqa: F401
import numpy as np
from numnet.given.caches import *

np.set_printoptions(precision=4, suppress=True)  # so that my prints can be read

DEBUG = False


def linear_forward(x, W, b) -> tuple[np.ndarray, LinearCache]:
    # step 1: transpose the weights
    W_transposed = W.T  # (I, O)
    # step 2: multiply
    product = np.dot(x, W_transposed)  # (..., O)
    # step 3: add the bias to every row (numpy does this by broadcasting)
    z = product + b
    # step 4: remember what we need for the backward pass
    cache = LinearCache(x=x, W=W)
    if DEBUG:
        print("linear_forward", x.shape, "->", z.shape)
    return z, cache


def linear_backward(dz, cache) -> LinearGrads:
    x = cache.x
    W = cache.W
    number_of_outputs = W.shape[0]
    number_of_inputs = W.shape[1]

    # make one long list out of all the leading axes
    dz_list = make_list(dz, number_of_outputs)  # (M, O)
    x_list = make_list(x, number_of_inputs)  # (M, I)

    # gradient of x: one row for each position
    dx_list = np.dot(dz_list, W)  # (M, I)
    dx = dx_list.reshape(x.shape)  # back to the old shape

    # gradient of W: add up the outer products
    dW = np.zeros((number_of_outputs, number_of_inputs))
    dW = dW + np.dot(dz_list.T, x_list)

    # gradient of b: just add up everything
    db = np.zeros(number_of_outputs)
    for k in range(number_of_outputs):
        db[k] = np.sum(dz_list[:, k])

    return LinearGrads(dx, dW, db)


def relu_forward(x) -> tuple[np.ndarray, ReLUCache]:
    y = x.copy()  # DON'T forget the copy, otherwise x is changed
    y[y < 0] = 0
    cache = ReLUCache(x)
    return y, cache


def relu_backward(dy, cache) -> np.ndarray:
    x = cache.x
    dx = np.zeros(dy.shape)
    positive = x > 0  # at 0 it is 0
    dx[positive] = dy[positive]
    return dx


def softmax_cross_entropy(logits, targets, mask=None) -> tuple[float, np.ndarray]:
    # how many classes are there?
    K = logits.shape[-1]

    # flatten everything, so that there is only one leading axis
    flat_logits = make_list(logits, K)  # (M, K)
    M = flat_logits.shape[0]
    flat_targets = np.array(targets).reshape(M)  # (M,)
    if mask is None:
        flat_mask = np.ones(M, dtype=bool)
    else:
        flat_mask = np.array(mask).reshape(M)

    # count the positions that count
    count = 0
    for m in range(M):
        if flat_mask[m]:
            count = count + 1

    loss = 0.0
    flat_dlogits = np.zeros((M, K))

    if count == 0:
        # nothing to do. return 0
        return loss, flat_dlogits.reshape(logits.shape)

    for m in range(M):
        # skip the masked ones
        if not flat_mask[m]:
            continue
        target = int(flat_targets[m])
        row = flat_logits[m]
        # subtract the maximum, otherwise exp gives inf
        row = row - np.max(row)
        e = np.exp(row)
        total = np.sum(e)
        p = e / total
        # loss: -log p  (= log(total) - row, this is safer because p can be 0)
        loss = loss + (np.log(total) - row[target])
        # gradient: p - one hot
        one_hot = np.zeros(K)
        one_hot[target] = 1
        flat_dlogits[m] = (p - one_hot) / count

    loss = loss / count
    dlogits = flat_dlogits.reshape(logits.shape)
    return float(loss), dlogits


# ---------------------------------------------------------------
# helper functions
# ---------------------------------------------------------------


def make_list(a, size):
    # (..., size) -> (M, size)
    M = 1
    for n in a.shape[:-1]:
        M = M * n
    return a.reshape(M, size)


if __name__ == "__main__":
    # try it out
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    W = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    b = np.array([0.0, 0.0, 10.0])
    z, cache = linear_forward(x, W, b)
    print("z =", z)
    loss, dlogits = softmax_cross_entropy(z, np.array([2, 2]))
    print("loss =", loss)
