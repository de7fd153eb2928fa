"""The layers of linear.py and embedding.py, beside torch.nn.functional."""

import numpy as np
import torch
import torch.nn.functional as F

from autograder.oracles.cover import covers
from autograder.oracles.tensor import agree, gradients, leaf, leaves, send_back, values
from numnet import embedding, linear
from numnet.given.caches import LinearGrads


def _leading(rng: np.random.Generator):
    """Yield leading axes: none, one of size 1, and random ones."""
    yield from ((), (1,))
    for axes in (1, 2, 3, 3):
        yield tuple(rng.integers(1, 6, size=axes))


@covers("linear.linear_forward", "linear.linear_backward", by="torch.nn.functional.linear")
def test_linear_layer(rng):
    """Any leading axes, other numbers of inputs than of outputs, and the gradients of all three arguments."""
    for leading in _leading(rng):
        inputs, outputs = rng.integers(1, 6, size=2)
        x, dz = rng.normal(size=(*leading, inputs)), rng.normal(size=(*leading, outputs))
        W, b = rng.normal(size=(outputs, inputs)), rng.normal(size=outputs)
        theirs = leaves(x, W, b)
        their_z = F.linear(*theirs)
        send_back((their_z, dz))

        z, cache = linear.linear_forward(x, W, b)

        agree(z, values(their_z), "z")
        agree(linear.linear_backward(dz, cache), LinearGrads(*gradients(*theirs)), "gradients")


@covers("linear.relu_forward", "linear.relu_backward", by="torch.relu")
def test_relu(rng):
    """Entries of both signs, and zeros."""
    for leading in _leading(rng):
        x, dy = rng.normal(size=(*leading, 7)), rng.normal(size=(*leading, 7))
        x[..., 2] = 0.0
        their_x = leaf(x)
        their_y = torch.relu(their_x)
        send_back((their_y, dy))

        y, cache = linear.relu_forward(x)

        agree(y, values(their_y), "y")
        agree(linear.relu_backward(dy, cache), *gradients(their_x), "dx")


@covers("linear.softmax_cross_entropy", by="torch.nn.functional.cross_entropy")
def test_cross_entropy(rng):
    """With and without a mask, for small and for huge logits."""
    for leading in _leading(rng):
        for scale in (1.0, 1e4):
            classes = int(rng.integers(2, 6))
            logits = scale * rng.normal(size=(*leading, classes))
            targets = rng.integers(classes, size=leading)
            mask = np.asarray(rng.random(leading) < 0.7) | (np.arange(np.prod(leading)).reshape(leading) == 0)
            for kept in (None, mask):
                their_logits = leaf(logits)
                labels = torch.from_numpy(np.where(True if kept is None else kept, targets, -100).reshape(-1))
                their_loss = F.cross_entropy(their_logits.reshape(-1, classes), labels)
                their_loss.backward()

                loss, dlogits = linear.softmax_cross_entropy(logits, targets, kept)

                agree(loss, their_loss.item(), "loss")
                agree(dlogits, *gradients(their_logits), "dlogits")


@covers("embedding.embedding_forward", "embedding.embedding_backward", by="torch.nn.functional.embedding")
def test_embedding(rng):
    """Ids that repeat, and words that do not occur."""
    for leading in _leading(rng):
        words, size = rng.integers(1, 9, size=2)
        ids, E = rng.integers(words, size=leading), rng.normal(size=(words, size))
        dx = rng.normal(size=(*leading, size))
        their_E = leaf(E)
        their_x = F.embedding(torch.as_tensor(ids), their_E)
        send_back((their_x, dx))

        x, cache = embedding.embedding_forward(np.asarray(ids), E)

        agree(x, values(their_x), "x")
        agree(embedding.embedding_backward(dx, cache), *gradients(their_E), "dE")


@covers("embedding.cosine_similarity", by="torch.nn.functional.cosine_similarity")
def test_cosine_similarity(rng):
    """Every row with every row, a row of zeros too."""
    for words, size in rng.integers(1, 8, size=(6, 2)):
        E = rng.normal(size=(words, size))
        E[0] = 0.0
        theirs = torch.from_numpy(E)

        expected = F.cosine_similarity(theirs[:, None], theirs[None, :], dim=2, eps=1e-12)

        agree(embedding.cosine_similarity(E), values(expected), "similarity")


@covers("embedding.nearest", by="torch.topk")
def test_nearest_words(rng):
    """The k greatest similarities of a word to the others."""
    for words, size in rng.integers(2, 9, size=(6, 2)):
        E, i = rng.normal(size=(words, size + 1)), int(rng.integers(words))
        others = [j for j in range(words) if j != i]
        theirs = torch.from_numpy(E)
        similarity = F.cosine_similarity(theirs[i], theirs[others], dim=1)
        k = int(rng.integers(1, words))

        chosen = torch.topk(similarity, k).indices.tolist()

        assert embedding.nearest(E, i, k) == [others[place] for place in chosen]
