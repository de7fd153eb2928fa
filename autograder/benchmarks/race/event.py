"""The events of the race, and what is to be reached in each."""

from dataclasses import dataclass

from autograder.benchmarks.race import course


@dataclass(frozen=True, slots=True)
class Event:
    """One work that two runners do by turns.

    tokens: how many the work takes in; a figure is given for each thousand of them, or for the whole work if 0
    at_most, at_least: bounds of the reference's time by its rival's, and of the rival's by the reference's
    """

    work: str  # the name of the function in the runners
    title: str
    rival: str  # "torch" or "nltk"
    tokens: int = 0
    at_most: float | None = None
    at_least: float | None = None


STEP = course.T * course.N
EVENTS = (
    Event("conv2d", "convolution, forward and backward", "torch", at_most=1.2),
    Event("max_pool2d", "max-pooling, forward and backward", "torch", at_most=1.0),
    Event("elman", "Elman network, forward and backward", "torch", at_most=1.2),
    Event("lstm", "LSTM, forward and backward", "torch", at_most=1.3),
    Event("rnnlm", "RNN-LM, a step of training, 1,000 tokens", "torch", tokens=STEP, at_most=1.5),
    Event("ngram_fit", "3-gram counts, 1,000 tokens", "nltk", tokens=course.WORDS, at_least=12),
    Event("kneser_ney", "Kneser-Ney perplexity, 1,000 tokens", "nltk", tokens=course.SCORED, at_least=1000),
)
