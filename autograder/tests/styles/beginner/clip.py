# Homework, part E

import numpy as np


def sensitivity(forward, backward, x, s=0) -> np.ndarray:
    h, cache = forward(x)
    T, N, H = h.shape
    result = np.zeros(T)
    for t in range(T):
        if t < s:
            continue  # the past cannot feel the future
        total = 0.0
        for n in range(N):
            for j in range(H):
                # one single 1
                dh = np.zeros((T, N, H))
                dh[t, n, j] = 1.0
                dx = backward(dh, cache)
                derivatives = dx[s]  # (N, I)
                total = total + np.sum(derivatives**2)
        result[t] = np.sqrt(total)
    return result


def clip_grad_norm(grads, max_norm) -> tuple[dict[str, np.ndarray], float]:
    # 1. add up all the squares
    sum_of_squares = 0.0
    for name in grads:
        g = grads[name]
        sum_of_squares = sum_of_squares + np.sum(g * g)
    # 2. the length
    total = np.sqrt(sum_of_squares)
    # 3. the factor
    factor = max_norm / (total + 1e-6)
    if factor > 1.0:
        factor = 1.0
    # 4. multiply (NEW arrays)
    clipped = {}
    for name in grads:
        clipped[name] = grads[name] * factor
    return clipped, float(total)


def clip_grad_value(grads, c) -> dict[str, np.ndarray]:
    clipped = {}
    for name in grads:
        g = grads[name].copy()
        g[g > c] = c
        g[g < -c] = -c
        clipped[name] = g
    return clipped


if __name__ == "__main__":
    print(clip_grad_norm({"W": np.array([[3.0, 0.0]]), "b": np.array([4.0])}, 1.0))
