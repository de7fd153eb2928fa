"""The reference, trained, comes up to what the cards of the data say is possible, and not beyond.

Letters: T time, N sequences, S states, K labels. Every bound is several standard deviations from what was measured.
"""

from types import ModuleType

import numpy as np
import pytest

from autograder.checks.tagger import Layer, Readout, train
from autograder.reference import Reference
from autograder.tests.homework import load_given

HIDDEN = 16


@pytest.fixture(scope="module")
def data() -> ModuleType:
    """Return the door to the data."""
    return load_given().data


def draw_weights(rng: np.random.Generator, inputs: int) -> list[np.ndarray]:
    """Draw the weights of one direction, whose states fade by a half in every step."""
    return [rng.normal(size=(HIDDEN, inputs)) / 2, np.eye(HIDDEN) / 2, np.zeros(HIDDEN)]


def one_direction(reference: Reference) -> Layer:
    """Return the reference's Elman layer."""
    rnn = reference.rnn

    def forward(x, weights):
        h, _, cache = rnn.elman_forward(x, np.zeros((x.shape[1], HIDDEN)), rnn.ElmanParams(*weights))
        return h, cache

    return Layer(
        lambda x, weights: forward(x, weights)[0], forward, lambda dh, cache: rnn.elman_backward(dh, cache)[2:]
    )


def both_directions(reference: Reference) -> Layer:
    """Return the reference's bidirectional layer."""
    rnn = reference.rnn

    def forward(x, weights):
        h0 = np.zeros((x.shape[1], HIDDEN))
        params = rnn.ElmanParams(*weights[:3]), rnn.ElmanParams(*weights[3:])
        h, _, cache = rnn.bidirectional_forward(x, h0, h0, *params)
        return h, cache

    def backward(dh, cache):
        grads = rnn.bidirectional_backward(dh, cache)
        return [*grads.dparams_f, *grads.dparams_b]

    return Layer(lambda x, weights: forward(x, weights)[0], forward, backward)


def trained(reference: Reference, rng: np.random.Generator, draw, *, labels: int, inputs: int, both: bool, steps: int):
    """Train a tagger; return what it says of x."""
    layer = both_directions(reference) if both else one_direction(reference)
    weights = [array for _ in range(1 + both) for array in draw_weights(rng, inputs)]
    readout = Readout((1 + both) * HIDDEN, labels)
    weights = train(layer, readout, weights, draw, steps=steps, batch=100, lr=0.07)
    return lambda x: readout.labels(layer.states(x, weights))


@pytest.mark.parametrize(("both", "low", "high"), [(False, 0.62, 0.642), (True, 0.67, 0.703)])
def test_phonemes_are_labelled_as_well_as_the_ceilings_allow(reference, data, both, low, high):
    """A network that reads the past stays below .642; one that reads both ways passes it, and stays below .703."""
    rng = np.random.default_rng(3)
    tagger = trained(reference, rng, lambda n: data.phonemes(rng, n, 20), labels=6, inputs=4, both=both, steps=40)

    x, y = data.phonemes(rng, 1500)

    accuracy = np.mean(tagger(x) == y)
    assert low < accuracy < high


@pytest.mark.parametrize(("n", "order"), [(1, 0), (2, 1), (3, 2)])
def test_ngram_losses_land_on_the_entropies_of_markov2(reference, data, n, order):
    """Counted on 60,000 symbols, an n-gram model is as surprised by new ones as the chain allows, within .02 nats."""
    rng = np.random.default_rng(5)
    seen, new = ([str(symbol) for symbol in data.markov2(rng, 60_000)] for _ in range(2))
    counts = reference.ngram.count_ngrams([seen], n).counts

    loss = -np.mean([np.log(add_tenth(counts, tuple(new[t - order : t]), new[t])) for t in range(2, len(new))])

    assert loss == pytest.approx(data.markov2_entropies()[order], abs=0.02)


def add_tenth(counts, context: tuple[str, ...], word: str) -> float:
    """Return p(word | context), a tenth added to each of the eight counts."""
    followers = counts.get(context, {})
    return (followers.get(word, 0) + 0.1) / (sum(followers.values()) + 0.8)


@pytest.mark.parametrize(("both", "low", "high"), [(False, 0.1, 1 / 3), (True, 0.95, 1.0)])
def test_the_types_of_entities_are_found_by_whoever_reads_on(reference, data, both, low, high):
    """A tagger that reads the past has a span F1 of 1/3 at most, one that reads both ways nearly 1."""
    rng = np.random.default_rng(9)
    tags = ["O", *(f"{kind}-{name}" for name in ("PER", "LOC", "ORG") for kind in "BI")]
    ids = data.vocabulary(data.ner_synth_words())

    def draw(count: int) -> tuple[np.ndarray, np.ndarray]:
        """Draw sentences as one-hot words x (T, N, V), and tags y (T, N); after their end come zeros and O."""
        sentences, marks = data.ner_synth(rng, count)
        x, y = np.zeros((15, count, len(ids))), np.zeros((15, count), dtype=np.int64)
        for n, (words, labels) in enumerate(zip(sentences, marks, strict=True)):
            x[np.arange(len(words)), n, data.to_ids(words, ids)] = 1
            y[: len(words), n] = [tags.index(label) for label in labels]
        return x, y

    tagger = trained(reference, rng, draw, labels=len(tags), inputs=len(ids), both=both, steps=40)
    x, y = draw(500)

    said, gold = ([[tags[tag] for tag in sentence] for sentence in answer.T] for answer in (tagger(x), y))
    assert low <= reference.tagging.span_f1(gold, said).f1 <= high
