"""The Elman network: one hidden layer that sees the input of now and its own state of before.

                 h_1        h_2              h_T
    h0 ──step──▶─┴───step──▶─┴── ... ──step──▶┴─▶ h_T      every step has the same weights W_xh, W_hh, b_h
          ▲            ▲                 ▲
         x[0]         x[1]             x[T-1]

Letters: T time, N sequences, I input, H hidden (the lecture's J), O outputs (the lecture's K). Time comes first: x[t]
is the lecture's x_{t+1}, since Python counts from 0. A row of h is the lecture's column h_t: its W h is our h @ W.T.

    lecture   x_t   h_{t-1}   h_t   y_t   W_xh, W_hh, b_h       W_hy, b_y
    here      x_t   h_prev    h_t   y     the same, (H, ...)    the same, (O, ...)

Given: the records that are returned, in numnet.given.caches. To write: a step and its gradient (D1), the loop over time
and backpropagation through time (D2).
"""

import numpy as np

from numnet.given.caches import ElmanCache, ElmanGrads, ElmanParams, ElmanStepCache, ElmanStepGrads, LinearCache
from numnet.linear import linear_forward


def elman_step_forward(
    x_t: np.ndarray, h_prev: np.ndarray, W_xh: np.ndarray, W_hh: np.ndarray, b_h: np.ndarray
) -> tuple[np.ndarray, ElmanStepCache]:
    """Advance the hidden state by one time step.

    z   = W_xh x_t + W_hh h_prev + b_h      for every row of the batch
    h_t = tanh(z)

    x_t: (N, I); h_prev: (N, H); W_xh: (H, I); W_hh: (H, H); b_h: (H,)
    returns: h_t (N, H) and ElmanStepCache(x_t, h_prev, h_t, W_xh, W_hh)

    >>> one = np.ones((1, 1))
    >>> h_t, cache = elman_step_forward(one, 0.5 * one, one, -2 * one, np.array([0.25]))
    >>> float(h_t[0, 0])  # tanh(1 * 1 - 2 * 0.5 + 0.25)
    0.24491866240370913

    The usual slip: W_hh is square, so that a forgotten transpose raises no error. A good answer has 2 lines.
    """
    raise NotImplementedError("D1 elman_step_forward: not written yet")


def elman_step_backward(dh_t: np.ndarray, cache: ElmanStepCache) -> ElmanStepGrads:
    """Send the gradient of h_t back through one step.

    dz      = dh_t (1 - h_t²)               entry by entry; tanh' = 1 - tanh²
    dx      = W_xhᵀ dz                      for every row of the batch
    dh_prev = W_hhᵀ dz                      for every row of the batch
    dW_xh   = Σ_n dz_n x_nᵀ                 outer products, summed over the batch
    dW_hh   = Σ_n dz_n h_prev_nᵀ
    db_h    = Σ_n dz_n

    dh_t: (N, H)
    returns: ElmanStepGrads(dx (N, I), dh_prev (N, H), dW_xh (H, I), dW_hh (H, H), db_h (H,))

    >>> one = np.ones((1, 1))
    >>> cache = ElmanStepCache(x_t=3 * one, h_prev=2 * one, h_t=0.5 * one, W_xh=one, W_hh=4 * one)
    >>> grads = elman_step_backward(one, cache)  # dz = 1 - 0.25
    >>> [float(grad.item()) for grad in grads]
    [0.75, 3.0, 2.25, 1.5, 0.75]

    The usual slip: the derivative is written with h_t, which the cache holds, not with h_prev and not with z. Nothing
    is divided by N: the loss has done that. A good answer has 2 to 8 lines.
    """
    raise NotImplementedError("D1 elman_step_backward: not written yet")


def elman_forward(x: np.ndarray, h0: np.ndarray, params: ElmanParams) -> tuple[np.ndarray, np.ndarray, ElmanCache]:
    """Run the step over a whole sequence: the state that comes out of one step goes into the next.

    h[t] = step(x[t], h[t-1]),  h[-1] = h0

    x: (T, N, I); h0: (N, H); params: ElmanParams(W_xh (H, I), W_hh (H, H), b_h (H,)), the same at every step
    returns: h (T, N, H); h_T (N, H), the last state, not a view of h;
        ElmanCache(steps), a tuple of the T step caches in order

    >>> one = np.ones((1, 1))
    >>> x = np.array([[[1.0]], [[0.0]]])  # T = 2, N = I = 1
    >>> h, h_T, cache = elman_forward(x, 0 * one, ElmanParams(one, one, np.zeros(1)))
    >>> [round(float(number), 4) for number in h.ravel()]  # tanh(1), tanh(tanh(1))
    [0.7616, 0.642]

    The usual slip: h0 is not always zero. Call elman_step_forward by its name: a check may put another step in its
    place. A good answer has 7 lines.
    """
    raise NotImplementedError("D2 elman_forward: not written yet")


def elman_backward(dh: np.ndarray, cache: ElmanCache, dh_T: np.ndarray | None = None) -> ElmanGrads:
    """Backpropagate through time: run the steps of elman_forward in reverse.

    Every state has two gradients: dh[t], from the outputs of its own time, and what step t + 1 sends back to it; the
    last state gets dh_T for the latter. The weights served at every step, so their gradients add up over time.

    dh: (T, N, H); cache: of elman_forward; dh_T: (N, H), the gradient of the result h_T, zero if None
    returns: ElmanGrads(dx (T, N, I), dh0 (N, H), dW_xh (H, I), dW_hh (H, H), db_h (H,))

    Take H = I = N = 1, W_xh = 1, W_hh = 2, and three steps at h_t = 0 (where tanh' is 1). With dh = 1, 1, 1 the
    gradients of z are 7, 3, 1 for t = 0, 1, 2 (1 at the end, then 1 + 2 * 1, then 1 + 2 * 3): db_h = 11 and dh0 = 14.

    The usual slip: to add in place to dh, which is the caller's array. Call elman_step_backward by its name: a check
    may put another step in its place. A good answer has 11 lines.
    """
    raise NotImplementedError("D2 elman_backward: not written yet")


def elman_outputs(h: np.ndarray, W_hy: np.ndarray, b_y: np.ndarray) -> tuple[np.ndarray, LinearCache]:
    """Read an output from every hidden state: y[t] = W_hy h[t] + b_y, the same weights at every time.

    h: (T, N, H); W_hy: (O, H); b_y: (O,)
    returns: y (T, N, O) and LinearCache(h, W_hy)

    >>> y, cache = elman_outputs(np.full((2, 1, 1), 0.5), np.array([[4.0]]), np.array([1.0]))
    >>> y.ravel()
    array([3., 3.])

    No loop is needed: the layer of A1 takes any number of leading axes. A good answer has 1 line.
    """
    raise NotImplementedError("D2 elman_outputs: not written yet")


def elman_backward_truncated(dh: np.ndarray, cache: ElmanCache, k: int) -> ElmanGrads:
    """Backpropagate through time in chunks of k steps (a bonus without points).

    The sequence is cut before the steps k, 2k, 3k, ...; nothing is carried back over a cut, as if h had been detached
    there. The gradients of the weights add up over the chunks, and dh0 is that of the first one.

    dh: (T, N, H); cache: of elman_forward; k: 1 or more; k >= T is the full gradient
    returns: ElmanGrads(dx (T, N, I), dh0 (N, H), dW_xh (H, I), dW_hh (H, H), db_h (H,))

    In the example of elman_backward, k = 2 gives the gradients 3, 1, 1 of z: db_h = 5 and dh0 = 6.

    The usual slip: to count the chunks from the end. A good answer has 7 lines.
    """
    raise NotImplementedError("D2 elman_backward_truncated: not written yet")
