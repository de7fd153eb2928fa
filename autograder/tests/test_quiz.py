"""The given quiz: pairs of a real passage and a sample, and how much the answers prove."""

import importlib
import sys

import numpy as np
import pytest

from autograder.tests.conftest import ROOT

TEXT = "".join(f"line {number} of a play\n" for number in range(40))


@pytest.fixture
def quiz_module():
    """The module numnet.given.quiz of the solution."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "solution")
        yield importlib.import_module("numnet.given.quiz")
        for name in [name for name in sys.modules if name.split(".")[0] == "numnet"]:
            del sys.modules[name]


def test_each_pair_has_a_passage_and_a_sample_of_the_same_length(quiz_module):
    """Passages come from the text, from the start of a line; which side is real is decided by the rng, both ways."""
    rng = np.random.default_rng(0)

    quiz = quiz_module.shakespeare_quiz(
        lambda rng, length: "x" * int(rng.integers(1, length)), TEXT, rng, 20, length=30
    )

    real = [pair[place] for pair, place in zip(quiz.pairs, quiz.real, strict=True)]
    samples = [pair[1 - place] for pair, place in zip(quiz.pairs, quiz.real, strict=True)]
    assert [len(passage) for passage in real] == [len(sample) for sample in samples]
    assert all(f"\n{passage}" in f"\n{TEXT}" for passage in real)
    assert set("".join(samples)) == {"x"}
    assert set(quiz.real) == {0, 1}


def test_a_sample_that_is_empty_or_longer_than_the_text_is_refused(quiz_module):
    """There is no passage to set beside it."""
    for sample, length in (("", 9), ("x" * 50, 50)):
        with pytest.raises(ValueError, match="shakespeare_quiz: a sample of"):
            quiz_module.shakespeare_quiz(
                lambda rng, length, s=sample: s, "short\n", np.random.default_rng(0), 1, length
            )


def test_the_interval_holds_the_truth_as_often_as_it_says(quiz_module):
    """Of 2,000 guessers, about 95 of 100 have the true share, one half, in their interval; bounds stay in [0, 1]."""
    rng, n = np.random.default_rng(1), 20
    held = 0
    for answers in rng.integers(2, size=(2000, n)).tolist():
        score = quiz_module.score(quiz_module.Quiz([("", "")] * n, [0] * n), answers)
        held += score.low <= 0.5 <= score.high

    assert 0.93 < held / 2000 < 0.98
    perfect = quiz_module.score(quiz_module.Quiz([("", "")] * 3, [1, 0, 1]), [1, 0, 1])
    assert (perfect.right, perfect.n, perfect.accuracy) == (3, 3, 1.0)
    assert 0.4 < perfect.low < 0.5 and perfect.high == pytest.approx(1.0)
