"""The pictures of B to F: words, tags, networks with a memory, and how long it lasts."""

from itertools import pairwise
from typing import Any

import numpy as np

from autograder.tests.gallery.studies import Drawing, Studies, one_hot

CLASSES = {
    "cows": "noun", "sheep": "noun", "corn": "noun", "grass": "noun", "hay": "noun", "barn": "noun",
    "eat": "verb", "eats": "verb", "sleep": "verb", "the": "other", "in": "other", "and": "other",
}  # fmt: skip
WORDS = list(CLASSES)


class SequencePictures(Studies):
    """A method is named after the function that draws its picture."""

    def similarity_maps(self) -> Drawing:
        """Draw the similarities of random rows, and of rows by which words stand beside them."""
        maps = {when: self.n.embedding.cosine_similarity(table) for when, table in self.tables().items()}
        return self.plots.similarity_maps(maps, WORDS)

    def tables(self) -> dict[str, np.ndarray]:
        """Return embeddings before and after counting neighbours in the cows' corpus."""
        counts = np.zeros((len(WORDS), 2 * len(WORDS)))
        for sentence in self.n.data.cows():
            for left, right in pairwise(sentence):
                if left in CLASSES and right in CLASSES:
                    counts[WORDS.index(left), WORDS.index(right)] += 1
                    counts[WORDS.index(right), len(WORDS) + WORDS.index(left)] += 1
        return {"before": self.rng().normal(size=(len(WORDS), 8)), "after": np.sqrt(counts) - 0.2}

    def word_planes(self) -> Drawing:
        """Draw the same embeddings as points."""
        return self.plots.word_planes(self.tables(), WORDS, list(CLASSES.values()))

    def tagged_sentence(self) -> Drawing:
        """Draw a sentence with an entity that was found, one whose end is wrong, and one that was missed."""
        words = ["Ada", "Lovelace", "met", "Charles", "Babbage", "in", "London", "and", "wrote", "to", "$", "Co"]
        gold = ["B-PER", "I-PER", "O", "B-PER", "I-PER", "O", "B-LOC", "O", "O", "O", "B-ORG", "I-ORG"]
        predicted = ["B-PER", "I-PER", "O", "B-PER", "O", "O", "B-LOC", "O", "O", "O", "O", "O"]
        spans = {"gold": self.n.tagging.bio_decode(gold), "predicted": self.n.tagging.bio_decode(predicted)}
        return self.plots.tagged_sentence(words, spans)

    def tags(self) -> tuple[list[list[str]], list[list[str]]]:
        """Return tags of a corpus, and the same with a quarter of them missed."""
        rng = self.rng()
        spans = [[self.n.caches.Span(kind, 2, 4), self.n.caches.Span("LOC", 5, 6)] for kind in ("PER", "ORG") * 20]
        gold = [self.n.tagging.bio_encode(own, 7) for own in spans]
        return gold, [[tag if rng.random() > 0.25 else "O" for tag in tags] for tags in gold]

    def tag_confusion(self) -> Drawing:
        """Draw which tags were missed."""
        return self.plots.tag_confusion(*self.tags())

    def f1_by_window(self) -> Drawing:
        """Draw the scores of taggers that miss fewer and fewer spans."""
        gold, predicted = self.tags()
        scores = {}
        for window in range(4):
            mixed = [
                own if n % 4 < window else other for n, (own, other) in enumerate(zip(gold, predicted, strict=True))
            ]
            scores[window] = self.n.tagging.span_f1(gold, mixed).f1
        return self.plots.f1_by_window({"window": scores, "bidirectional": dict.fromkeys(range(4), 1.0)})

    def against_ceilings(self) -> Drawing:
        """Draw the measured accuracies of the phonemes beside their ceilings."""
        scores = {
            "frame alone": [0.556, 0.558, 0.559],
            "past": [0.628, 0.630, 0.631],
            "past and future": [0.68, 0.682, 0.683],
        }
        return self.plots.against_ceilings(scores, {"frame alone": 0.562, "past": 0.642, "past and future": 0.703})

    def steps_back(self, every: float) -> tuple[list[Any], np.ndarray]:
        """Return the gradients of the steps of a short sequence, and the length of those that arrive at its states.

        every: what the loss of each step but the last one sends
        """
        _, cache = self.read(self.network(3, 4, 2), self.rng().normal(size=(7, 1, 3)))
        dh, grads, arrived = np.ones((1, 4)), [], []
        for step in reversed(cache.steps):
            arrived.insert(0, float(np.linalg.norm(dh)))
            grads.insert(0, self.n.rnn.elman_step_backward(dh, step))
            dh = grads[0].dh_prev + every
        return grads, np.array(arrived)

    def unrolled_gradients(self) -> Drawing:
        """Draw the gradients of the states."""
        return self.plots.unrolled_gradients(self.steps_back(0.0)[1])

    def shared_parameters(self) -> Drawing:
        """Draw what each step says about the one matrix."""
        contributions = np.array([grads.dW_hh for grads in self.steps_back(1.0)[0]])
        return self.plots.shared_parameters(contributions, contributions.sum(axis=0))

    def dependency_maps(self) -> Drawing:
        """Draw what four networks can see."""
        rng, rnn = self.rng(), self.n.rnn

        def weights(inputs: int) -> Any:
            shapes = ((4, inputs), (4, 4), (4,))
            return self.n.caches.ElmanParams(*(rng.normal(scale=0.4, size=shape) for shape in shapes))

        x, h0 = rng.normal(size=(12, 1, 3)), np.zeros((1, 4))
        pair, deep = [(weights(3), weights(3))], [(weights(3), weights(3)), (weights(8), weights(8))]
        runs = {
            "one direction": (rnn.elman_forward(x, h0, pair[0][0]), rnn.elman_backward),
            "one, deep": (rnn.deep_elman_forward(x, [h0, h0], [weights(3), weights(4)]), rnn.deep_elman_backward),
            "both directions": (rnn.deep_bidirectional_forward(x, pair), rnn.deep_bidirectional_backward),
            "both, deep": (rnn.deep_bidirectional_forward(x, deep), rnn.deep_bidirectional_backward),
        }
        return self.plots.dependency_maps(
            {name: self.felt(run[0], run[-1], back) for name, (run, back) in runs.items()}
        )

    def felt(self, h: np.ndarray, cache: Any, backward: Any) -> np.ndarray:
        """Return the length of the derivative of every output by every input."""
        squares = np.zeros((len(h), len(h)))
        for t, unit in np.ndindex(len(h), h.shape[2]):
            dh = np.zeros_like(h)
            dh[t, 0, unit] = 1.0
            squares[t] += np.sum(backward(dh, cache).dx ** 2, axis=(1, 2))
        return np.sqrt(squares)

    def sensitivities(self) -> dict[str, np.ndarray]:
        """Return how long an Elman network and LSTMs of three forget biases feel their first input."""
        x, felt = self.rng().normal(size=(25, 1, 3)), {}
        for name, forget in {"RNN": None, "LSTM, bias 0": 0.0, "LSTM, bias 1": 1.0, "LSTM, bias 5": 5.0}.items():
            params = self.network(3, 4, 2, forget)
            felt[name] = self.n.clip.sensitivity(
                lambda x, params=params: self.read(params, x), lambda dh, cache: self.back(dh, cache).dx, x
            )
        return felt

    def sensitivity_curves(self) -> Drawing:
        """Draw the sensitivities as lines."""
        return self.plots.sensitivity_curves(self.sensitivities())

    def sensitivity_strips(self) -> Drawing:
        """Draw the sensitivities as strips."""
        return self.plots.sensitivity_strips(self.sensitivities())

    def clipping(self) -> tuple[list[float], list[float], list[float], list[float]]:
        """Train a letter model with a large rate, not clipped and clipped: losses and norms of each."""
        told: list[list[float]] = []
        rows = one_hot(self.ids(self.text[:240]), len(self.letters)).reshape(10, 24, -1)
        data = rows[:, :-1], rows[:, 1:].argmax(axis=2), np.ones((10, 23), dtype=bool)
        for max_norm in (np.inf, 1.0):
            params, losses, norms = self.network(len(self.letters), 12, len(self.letters)), [], []
            velocity = None
            params["W_hh"] *= 6.0
            for _ in range(40):
                loss, grads = self.reading_loss(params, *data)
                clipped, norm = self.n.clip.clip_grad_norm(grads, max_norm)
                params, velocity = self.n.sgd.sgd_step(params, clipped, 1.0, 0.9, velocity)
                losses.append(loss)
                norms.append(norm)
            told += [losses, norms]
        return told[0], told[1], told[2], told[3]

    def clipped_norms(self) -> Drawing:
        """Draw the norms of a training, and what clipping would leave of them."""
        _, norms, _, _ = self.clipping()
        return self.plots.clipped_norms(norms, np.minimum(norms, 1.0), 1.0)

    def clipping_losses(self) -> Drawing:
        """Draw the losses of both trainings."""
        without, _, clipped, _ = self.clipping()
        return self.plots.clipping_losses(without, clipped)

    def gates_over_time(self) -> Drawing:
        """Draw the gates of an LSTM that recalls its first symbol."""
        params, _, x = self.recall(10, 3.0)
        _, cache = self.read(params, x.swapaxes(0, 1))
        return self.plots.gates_over_time(cache, sequence=1, inputs=["abcd--"[i] for i in x[1].argmax(axis=1)])

    def memory_strip(self) -> Drawing:
        """Draw its cells."""
        params, _, x = self.recall(10, 3.0)
        _, cache = self.read(params, x.swapaxes(0, 1))
        return self.plots.memory_strip(np.array([step.c_t[1] for step in cache.steps]))

    def recall_by_length(self) -> Drawing:
        """Draw what an Elman network and two LSTMs recall after some steps."""
        networks = {"RNN": None, "LSTM, bias 0": 0.0, "LSTM, bias 3": 3.0}
        lengths = (2, 6, 12)
        accuracies = {
            name: {steps: self.recall(steps, forget)[1] for steps in lengths} for name, forget in networks.items()
        }
        return self.plots.recall_by_length(accuracies)

    def ablation(self) -> Drawing:
        """Draw what an LSTM recalls with its forget gate as it was begun, open, half open and shut."""
        missing = {"nothing": (3.0, 4.0), "open gate": (0.5, 1.0), "forget gate": (-3.0, -2.0), "LSTM": (None,)}
        return self.plots.ablation(
            {name: [self.recall(6, forget)[1] for forget in own] for name, own in missing.items()}
        )
