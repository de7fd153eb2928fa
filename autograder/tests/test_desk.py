"""What is called back across the wall: our functions and objects, with arguments of the student's."""

import gc
import weakref

import numpy as np
import pytest

from autograder.desk import RECENT, Desk, offer, signature
from autograder.errors import Label, StudentError
from autograder.sitting import Sitting
from autograder.tests.conftest import begin


def test_our_function_is_called_wherever_the_package_binds_the_name(sandbox, reference):
    """A step put in place is used by the loop, under every name that the student gave it."""
    rnn = (
        b"import numpy as np\n"
        b"def elman_step_forward(x_t, h_prev, W_xh, W_hh, b_h):\n    raise NotImplementedError\n"
        b"step = elman_step_forward\n"
        b"def elman_outputs(h, W_hy, b_y):\n    return step(h, h, W_hy, W_hy, b_y)[0], None\n"
    )
    sitting = Sitting(sandbox, reference, {"rnn.py": rnn}, 10.0)
    h, W, b = np.full((1, 2), 0.1), np.eye(2), np.zeros(2)

    answer = begin(sitting, "D2").with_ours("rnn.elman_step_forward").rnn.elman_outputs.output(h, W, b)
    sitting.close()

    assert np.allclose(answer, np.tanh(0.2))


def test_only_what_was_offered_in_this_call_can_be_called_back(sandbox, reference):
    """A function of an earlier call is gone: calling it is a breach of the protocol."""
    source = b"kept = []\ndef perplexity(model, sents):\n    kept.append(model)\n    return kept[0].prob('a', ())\n"
    sitting = Sitting(sandbox, reference, {"ngram.py": source}, 10.0)
    student = begin(sitting, "G5")

    class Model:
        def prob(self, w: str, ctx: tuple[str, ...]) -> float:
            return 0.25

    assert student.ngram.perplexity(offer(Model(), methods=("prob",)), []) == 0.25
    with pytest.raises(StudentError) as caught:
        student.ngram.perplexity(offer(Model()), [])
    sitting.close()

    assert caught.value.label is Label.PROTOCOL


def test_wrong_arguments_to_our_function_raise_in_the_students_code(sandbox, reference):
    """A callback with arguments that do not fit is the student's error, not ours."""
    source = b"def perplexity(model, sents):\n    return model.prob(3, None, 'too many')\n"
    sitting = Sitting(sandbox, reference, {"ngram.py": source}, 10.0)

    class Model:
        def prob(self, w: str, ctx: tuple[str, ...]) -> float:
            return 0.25

    with pytest.raises(StudentError) as caught:
        begin(sitting, "G5").ngram.perplexity(offer(Model(), methods=("prob",)), [])
    sitting.close()

    assert (caught.value.label, caught.value.exception) == (Label.RAISED, "ValueError")


@pytest.mark.parametrize(
    "arguments",
    [
        "*4 * [np.ones((300, 300))], np.zeros(1)",
        "np.ones((12000, 1)), np.ones((12000, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros(1)",
        "*4 * [np.ones((2, 2), np.float32)], np.zeros(2)",
    ],
)
def test_our_function_is_not_called_with_more_than_was_sent(sandbox, reference, arguments):
    """A callback with enormous or single-precision arrays is refused before our function sees them."""
    rnn = (
        "import numpy as np\ndef elman_step_forward(x_t, h_prev, W_xh, W_hh, b_h): pass\n"
        f"def elman_outputs(h, W_hy, b_y):\n    return elman_step_forward({arguments})\n"
    )
    sitting = Sitting(sandbox, reference, {"rnn.py": rnn.encode()}, 10.0)
    student = begin(sitting, "D2").with_ours("rnn.elman_step_forward")

    with pytest.raises(StudentError) as caught:
        student.rnn.elman_outputs(np.ones((1, 2)), np.eye(2), np.zeros(2))
    sitting.close()

    assert (caught.value.label, caught.value.exception) == (Label.RAISED, "ValueError")


def test_arrays_in_a_dict_are_looked_at_too(sandbox, reference):
    """A callback that gets its arrays in a dict is refused like one that gets them one by one."""
    clip = (
        b"import numpy as np\ndef clip_grad_value(grads, c): pass\n"
        b"def clip_grad_norm(grads, max_norm):\n"
        b"    return clip_grad_value({'W': np.ones((300, 300))}, 1.0), 1.0\n"
    )
    sitting = Sitting(sandbox, reference, {"clip.py": clip}, 10.0)
    student = begin(sitting, "E2").with_ours("clip.clip_grad_value")

    with pytest.raises(StudentError) as caught:
        student.clip.clip_grad_norm({"W": np.ones((1, 2))}, 1.0)
    sitting.close()

    assert (caught.value.label, caught.value.exception) == (Label.RAISED, "ValueError")


def test_a_result_of_ours_that_cannot_cross_is_the_students_fault(sandbox, reference):
    """A callback whose result is too large an integer raises in the student's code, and the guest goes on."""
    conv = (
        b"def conv_output_size(n, k, stride, padding): pass\n"
        b"def conv1d_as_matrix(w, n):\n    return conv_output_size(9 * 10**1299, 1, 1, 9 * 10**1299)\n"
    )
    sitting = Sitting(sandbox, reference, {"conv.py": conv}, 10.0)
    student = begin(sitting, "A3").with_ours("conv.conv_output_size")

    for _ in range(2):
        with pytest.raises(StudentError) as caught:
            student.conv.conv1d_as_matrix(np.ones(2), 3)
        assert (caught.value.label, caught.value.exception) == (Label.RAISED, "ValueError")
    sitting.close()


def test_the_same_numbers_are_asked_once(sandbox, reference, monkeypatch):
    """In one call, a function of ours is asked once for the same ints, and anew for others."""
    conv = (
        b"def conv_output_size(n, k, stride, padding): pass\n"
        b"def conv1d_as_matrix(w, n):\n"
        b"    sizes = [conv_output_size(n + i % 3, 1, 1, 0) for i in range(300)]\n"
        b"    return w * (sizes == 100 * [n, n + 1, n + 2])\n"
    )
    asked = []

    def count(desk, *given):
        asked.append(given)
        return call(desk, *given)

    call = Desk.call
    monkeypatch.setattr(Desk, "call", count)
    sitting = Sitting(sandbox, reference, {"conv.py": conv}, 10.0)

    answer = begin(sitting, "A3").with_ours("conv.conv_output_size").conv.conv1d_as_matrix(np.ones(2), 5)

    assert answer.tolist() == [1, 1] and len(asked) == 3
    sitting.close()


def test_what_was_offered_is_not_kept():
    """A model of ours, with all its arrays, goes when its check has ended and a few others have been called."""

    class Model:
        def prob(self, word):
            return 0.5

    models = [Model() for _ in range(RECENT + 10)]
    seen = [weakref.ref(model) for model in models]
    for model in models:
        signature(model.prob)
    del model, models
    gc.collect()

    assert sum(ref() is not None for ref in seen) <= RECENT <= 100
