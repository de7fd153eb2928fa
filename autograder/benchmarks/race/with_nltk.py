"""nltk as a runner: the same text."""

from itertools import chain

import nltk
from nltk.lm import MLE, KneserNeyInterpolated
from nltk.lm.preprocessing import padded_everygram_pipeline
from nltk.util import ngrams, pad_sequence

from autograder.benchmarks.race.course import ORDER, SCORED, sentences
from autograder.benchmarks.race.runner import Work, serve


def ngram_fit() -> Work:
    """Count the n-grams of a text."""
    text = sentences()

    def work() -> object:
        model = MLE(ORDER)
        model.fit(*padded_everygram_pipeline(ORDER, text))
        return model

    return work


def kneser_ney() -> Work:
    """Ask a Kneser-Ney model for the perplexity of a few sentences."""
    text = sentences()
    model = KneserNeyInterpolated(ORDER, discount=0.75)
    model.fit(*padded_everygram_pipeline(ORDER, text))
    padded = [
        pad_sequence(sentence, ORDER, pad_left=True, left_pad_symbol="<s>", pad_right=True, right_pad_symbol="</s>")
        for sentence in text[: SCORED // 10]
    ]
    asked = list(chain.from_iterable(ngrams(sentence, ORDER) for sentence in padded))
    return lambda: model.perplexity(asked)


if __name__ == "__main__":
    serve({"nltk": nltk.__version__}, {"ngram_fit": ngram_fit, "kneser_ney": kneser_ney})
