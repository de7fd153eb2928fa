"""Public checks of numnet/tagging.py: spans (C1), their score (C2), batches and windows (C3).

Letters: T time, N sentences, D numbers per word, k words on either side.
"""

import numpy as np
import pytest

from numnet.given.caches import F1Report, Span, TypeScore
from numnet.given.claim import agree, equal, purely
from numnet.tagging import bio_decode, bio_encode, context_windows, pad_sequences, span_f1

SENTENCE = ["B-PER", "I-PER", "O", "B-LOC"]  # Ada Lovelace visited London
SPANS = [Span("PER", 0, 2), Span("LOC", 3, 4)]


@pytest.mark.problem("C1")
def test_a_person_visits_a_place():
    """Ada Lovelace visited London: a person of two words, and a location of one, at the end."""
    equal(bio_decode(SENTENCE), SPANS, "bio_decode")


@pytest.mark.problem("C1")
def test_tags_and_spans_are_two_ways_to_write_the_same():
    """Spans become tags and the same spans again, whatever the order in which they are given."""
    equal(bio_encode(SPANS[::-1], 4), SENTENCE, "bio_encode")
    equal(bio_decode(bio_encode(SPANS, 7)), SPANS, "bio_decode: of what bio_encode wrote")


@pytest.mark.problem("C1")
def test_an_i_without_its_b_is_read_in_two_ways():
    """An I after O, or after another type, begins a span for "conlleval", and belongs to none for "strict"."""
    tags = ["O", "I-PER", "I-PER", "I-LOC"]

    equal(bio_decode(tags), [Span("PER", 1, 3), Span("LOC", 3, 4)], "bio_decode: by default")
    equal(bio_decode(tags, "conlleval"), [Span("PER", 1, 3), Span("LOC", 3, 4)], "bio_decode: conlleval")
    equal(bio_decode(tags, "strict"), [], "bio_decode: strict")


@pytest.mark.problem("C1")
def test_what_is_no_tag_is_refused():
    """PER alone, a tag of another scheme, and spans on top of each other: ValueError."""
    for tags in (["PER"], ["E-PER"], ["B-PER", ""]):
        with pytest.raises(ValueError):
            bio_decode(tags)
    with pytest.raises(ValueError):
        bio_encode([Span("PER", 0, 2), Span("LOC", 1, 3)], 4)


@pytest.mark.problem("C2")
def test_a_span_is_right_or_wrong_as_a_whole():
    """Six sentences of one or two spans, and what F1 they have under either scheme."""
    table = [
        ("B-P I-P", "I-P I-P", 1.0, 0.0),
        ("O B-P O", "O I-P O", 1.0, 0.0),
        ("B-P I-P O", "B-P I-L O", 0.0, 0.0),
        ("B-P B-P", "B-P I-P", 0.0, 0.0),
        ("B-P I-P", "B-P O", 0.0, 0.0),
        ("O O", "O O", 0.0, 0.0),
    ]

    for gold, pred, conlleval, strict in table:
        corpora = [gold.split()], [pred.split()]
        agree(span_f1(*corpora).f1, conlleval, f"span_f1: gold {gold}, pred {pred}, conlleval")
        agree(span_f1(*corpora, "strict").f1, strict, f"span_f1: gold {gold}, pred {pred}, strict")


@pytest.mark.problem("C2")
def test_spans_of_all_sentences_are_counted_together():
    """Of three true spans two are found, among four that were predicted: precision 1/2, recall 2/3, F1 4/7."""
    gold = [["B-PER", "I-PER", "B-PER"], ["O", "B-LOC"]]
    pred = [["B-PER", "I-PER", "O"], ["B-LOC", "B-LOC"], ["B-LOC"]]

    report = span_f1([*gold, ["O"]], pred)

    per_type = {"LOC": TypeScore(1 / 3, 1.0, 0.5, 1, 1, 3), "PER": TypeScore(1.0, 0.5, 2 / 3, 1, 2, 1)}
    agree(report, F1Report(0.5, 2 / 3, 4 / 7, 2, 3, 4, per_type), "span_f1")
    equal(list(report.per_type), ["LOC", "PER"], "span_f1: the order of the types")


@pytest.mark.problem("C3")
def test_three_sentences_share_an_array():
    """Sentences of 1, 3 and 4 words become columns; what is below a short one is padding, and the mask says so."""
    ids, mask, lengths = pad_sequences([[7], [1, 2, 3], [4, 5, 6, 7]])

    equal(ids, np.array([[7, 1, 4], [0, 2, 5], [0, 3, 6], [0, 0, 7]]), "pad_sequences: ids")
    equal(mask, np.arange(4)[:, np.newaxis] < np.array([1, 3, 4]), "pad_sequences: mask")
    equal(lengths, np.array([1, 3, 4]), "pad_sequences: lengths")


@pytest.mark.problem("C3")
def test_a_window_looks_one_word_to_either_side():
    """With k = 1 the word 2 of the sentence 1 2 3 sees 1 2 3, and the words at the ends see a zero."""
    x = np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)

    windows = purely(context_windows, x, 1, np.array([3]))

    agree(windows, [[[0.0, 1.0, 2.0]], [[1.0, 2.0, 3.0]], [[2.0, 3.0, 0.0]]], "context_windows")


@pytest.mark.problem("C3")
def test_a_window_does_not_see_the_padding():
    """Below a short sentence there may be anything, here NaN; its windows see zeros there, and there are none below."""
    x = np.array([[1.0, 5.0], [2.0, np.nan], [3.0, np.nan]])[:, :, np.newaxis]  # T = 3, N = 2, D = 1

    windows = context_windows(x, 1, np.array([3, 1]))

    agree(windows[:, 1], [[0.0, 5.0, 0.0], [0.0] * 3, [0.0] * 3], "context_windows: of the short sentence")
