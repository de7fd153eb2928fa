"""Hidden checks of tagging.py: tags and spans (C1), their score (C2), batches and windows of words (C3).

Letters: T time, N sentences, D numbers per word, k words on either side.
The score is examined with our bio_decode in place of the student's, and with their own, held against the spans that
this very function finds. So a wrong reading of tags costs points in C1 alone.
"""

from functools import cache
from itertools import product

import numpy as np

from autograder.checks.claim import agree, holds, problem, refuses

TAGS = ("O", "B-X", "I-X", "B-Y", "I-Y")
EXCHANGE = str.maketrans("XY", "YX")
LONGEST = 3  # of the sentences that are read one by one
IN_A_ROW = 5  # tags that stand in a row somewhere in a single sentence, whichever they are
DECODE = "tagging.bio_decode"


def renamed(tags):
    """Return the tags with X and Y exchanged: they are read in the same way."""
    return tuple(tag.translate(EXCHANGE) for tag in tags)


@cache
def every_run(length):
    """Return a sentence in which any `length` tags stand in a row, under these names or exchanged (de Bruijn)."""
    sentence = [TAGS[0]] * length
    runs = {tuple(sentence)}
    while fresh := [tag for tag in TAGS if (*sentence[1 - length :], tag) not in runs]:
        sentence.append(fresh[-1])
        run = tuple(sentence[-length:])
        runs |= {run, renamed(run)}
    return sentence


@cache
def every_sentence():
    """Return every sentence of up to LONGEST tags, one of two that differ in names alone, and that of every row."""
    short = [tags for length in range(LONGEST + 1) for tags in product(TAGS, repeat=length)]
    return [*(list(tags) for tags in short if tags <= renamed(tags)), every_run(IN_A_ROW)]


@cache
def every_reading(reference, scheme):
    """Return the spans of every sentence, which are the same for every submission."""
    return [reference.tagging.bio_decode(tags, scheme) for tags in every_sentence()]


def read_all(student, reference, scheme):
    """Compare bio_decode on every sentence of up to LONGEST tags, and on every row of IN_A_ROW in a single sentence."""
    sentences, expected = every_sentence(), every_reading(reference, scheme)

    answers = student.tagging.bio_decode.each([(tags, scheme) for tags in sentences])

    for tags, spans, right in zip(sentences, answers, expected, strict=True):
        if spans != right:
            what = "one of all rows of five tags" if len(tags) > LONGEST else " ".join(tags) or "the empty sentence"
            holds(False, f'bio_decode with scheme "{scheme}": {what} is read wrongly')


def read_some(student, reference, sentences):
    """Compare bio_decode on these sentences, written with spaces between the tags."""
    calls = [(sentence.split(),) for sentence in sentences]

    answers = student.tagging.bio_decode.each(calls)

    for sentence, spans, call in zip(sentences, answers, calls, strict=True):
        agree(spans, reference.tagging.bio_decode(*call), f"bio_decode of {sentence}")


@problem("C1")
def test_a_span_is_a_type_a_start_and_an_end(student, reference):
    """The end of a span is the place after its last word; its type is everything after the first hyphen of the tag."""
    read_some(
        student, reference, ["O B-PER I-PER I-PER O", "B-LOC O O B-MISC O", "B-art-work I-art-work O B-7 I-7", ""]
    )


@problem("C1")
def test_every_short_sentence_is_read_as_conlleval_does(student, reference):
    """Sentences of up to three tags, and any five in a row, are read as the program of the CoNLL tasks reads them."""
    read_all(student, reference, "conlleval")


@problem("C1")
def test_every_short_sentence_is_read_strictly(student, reference):
    """In any three tags, or five in a row, under "strict" only a B begins a span, and another I ends it."""
    read_all(student, reference, "strict")


@problem("C1")
def test_an_i_without_a_b_begins_a_span(student, reference):
    """Unless told otherwise, an I at the start of the sentence or after O begins a span, and I of its type goes on."""
    read_some(student, reference, ["I-PER O", "O I-LOC I-LOC O", "B-PER O I-PER I-PER O"])


@problem("C1")
def test_a_b_ends_the_span_before_it(student, reference):
    """Two spans of the same type may be neighbours: each B begins one."""
    read_some(student, reference, ["B-PER B-PER O", "B-PER I-PER B-PER I-PER O", "I-LOC B-LOC O"])


@problem("C1")
def test_another_type_ends_a_span(student, reference):
    """An I of another type does not go on with the span before it."""
    read_some(student, reference, ["B-PER I-LOC O", "B-PER I-PER I-LOC I-LOC O", "I-PER I-LOC I-PER O"])


@problem("C1")
def test_the_end_of_the_sentence_ends_a_span(student, reference):
    """A span that is still open at the last word is a span."""
    read_some(student, reference, ["O B-PER", "B-PER I-PER", "B-PER O B-LOC I-LOC I-LOC", "O I-MISC"])


@problem("C1")
def test_spans_are_written_as_tags(student, reference):
    """Spans become B and I in whatever order they come, with O elsewhere; the list of spans is left as it is."""
    Span = reference.tagging.Span
    for spans, length in (
        ([Span("PER", 3, 6), Span("LOC", 0, 1), Span("PER", 1, 3)], 8),
        ([Span("work-of-art", 2, 4)], 4),
        ([], 3),
        ([], 0),
    ):
        tags = student.tagging.bio_encode.purely(spans, length)

        agree(tags, reference.tagging.bio_encode(spans, length), f"bio_encode of {len(spans)} spans, {length} words")


@problem("C1")
def test_what_is_no_tag_or_span_is_refused(student, reference):
    """A tag that is not BIO, a scheme that is not known, spans that overlap, stick out or are empty: ValueError."""
    Span = reference.tagging.Span
    agree(student.tagging.bio_decode(["O", "B-X"], "strict"), [Span("X", 1, 2)], "bio_decode of what is a tag")
    for tags, scheme in ((["O", "PER"], "conlleval"), (["S-PER"], "strict"), (["O", "I"], "strict"), (["O"], "iobes")):
        with refuses(ValueError, f'bio_decode({tags}, "{scheme}")'):
            student.tagging.bio_decode(tags, scheme)
    for places in (((2, 4), (0, 3)), ((3, 6),), ((1, 2), (1, 2)), ((-1, 1),), ((2, 2),)):
        with refuses(ValueError, f"bio_encode of spans at {places} in 5 words"):
            student.tagging.bio_encode([Span("X", *place) for place in places], 5)


def score(student, reference, *corpora, scheme="conlleval"):
    """Compare span_f1, with our bio_decode in its place, on corpora that are (what they are, gold, pred).

    The sentences of gold and pred are written with spaces between the tags.
    """
    calls = [([tags.split() for tags in gold], [tags.split() for tags in pred], scheme) for _, gold, pred in corpora]

    reports = student.with_ours(DECODE).tagging.span_f1.each(calls)

    for (what, _, _), call, report in zip(corpora, calls, reports, strict=True):
        agree(report, reference.tagging.span_f1(*call), f"span_f1 {what}")


@problem("C2")
def test_the_score_counts_spans_and_not_words(student, reference):
    """A span of many words weighs as much as one of a single word."""
    gold, pred = ["B-X I-X I-X I-X O B-X"], ["B-X I-X I-X I-X O O"]

    score(
        student,
        reference,
        ("where the long span of two is found", gold, pred),
        ("where a short span is found too many", pred, gold),
    )


@problem("C2")
def test_half_a_span_counts_nothing(student, reference):
    """A span with another start or another end is wrong, however much of it is right."""
    gold = ["O B-X I-X I-X O", "B-X I-X O"]

    score(
        student,
        reference,
        ("where one span is too short", gold, ["O B-X I-X O O", "B-X I-X O"]),
        ("where spans overlap with true ones", gold, ["B-X I-X I-X I-X O", "O B-X I-X"]),
    )


@problem("C2")
def test_all_spans_of_the_corpus_weigh_the_same(student, reference):
    """The counts of all sentences are added up first: a sentence with three spans weighs three times as much."""
    gold = ["B-X B-X B-X", "O O", "B-X O B-Y O"]

    score(
        student,
        reference,
        ("of three sentences", gold, ["B-X B-X O", "O O", "O O B-Y B-X"]),
        ("of a sentence where all is right", gold[:1], gold[:1]),
    )


@problem("C2")
def test_a_span_ends_with_its_sentence(student, reference):
    """An I at the start of a sentence does not go on with the last span of the sentence before."""
    score(
        student,
        reference,
        ("of sentences that begin with I", ["O B-X", "I-X O", "I-X"], ["O B-X", "O O", "I-X"]),
        ("of a sentence that begins with I, and an empty one", ["I-X", ""], ["I-X", ""]),
    )


@problem("C2")
def test_the_same_span_in_two_sentences_counts_twice(student, reference):
    """Spans of the same type and place in different sentences are different spans."""
    score(
        student,
        reference,
        ("of sentences that are alike", ["B-X O", "B-X O"], ["B-X O", "B-X O"]),
        ("where a span is found in another sentence", ["B-X O", "O O"], ["O O", "B-X O"]),
    )


@problem("C2")
def test_a_span_of_another_type_is_wrong(student, reference):
    """The right words with the wrong type are a span that was missed, and one that is too many."""
    score(
        student,
        reference,
        ("where a span has another type", ["B-X I-X O B-Y"], ["B-Y I-Y O B-Y"]),
        ("where the only span has another type", ["B-X O"], ["B-Y O"]),
    )


@problem("C2")
def test_nothing_to_find_and_nothing_found_scores_zero(student, reference):
    """Without spans on one side, or on both, whatever would be 0 / 0 is 0.0."""
    pairs = (["O O"], ["O O"]), (["B-X O"], ["O O"]), (["O O"], ["O B-X"]), ([], []), ([""], [""])

    score(student, reference, *[(f"of {gold} against {pred}", gold, pred) for gold, pred in pairs])


@problem("C2")
def test_words_outside_of_spans_do_not_count(student, reference):
    """That O is O does not make a score better: long sentences of O change nothing."""
    score(student, reference, ("of a sentence that is mostly O", ["B-X O O O O O O O"], ["O B-X O O O O O O"]))


@problem("C2")
def test_each_type_has_a_score_of_its_own(student, reference):
    """per_type has every type of gold or pred, in alphabetical order, with the score of its spans alone."""
    gold, pred = ["B-Z O B-A I-A", "B-M B-Z"], ["B-Z B-Q B-A I-A", "B-Z B-Z"]
    corpora = [tags.split() for tags in gold], [tags.split() for tags in pred]

    report = student.with_ours(DECODE).tagging.span_f1(*corpora)

    expected = reference.tagging.span_f1(*corpora)
    agree(report.per_type, expected.per_type, "span_f1 of five types: per_type")
    holds(list(report.per_type) == list(expected.per_type), "span_f1 of five types: per_type is not in order")


@problem("C2")
def test_the_scheme_holds_for_both_sides(student, reference):
    """The scheme is used to read gold and pred alike; corpora of different lengths are refused."""
    for scheme in ("strict", "conlleval"):
        score(student, reference, (f'with scheme "{scheme}"', ["I-X O B-X"], ["B-X O I-X"]), scheme=scheme)

    for gold, pred in (([["O"], ["O"]], [["O"]]), ([["O", "O"]], [["O"]])):
        with refuses(ValueError, f"span_f1({gold}, {pred})"):
            student.with_ours(DECODE).tagging.span_f1(gold, pred)


@problem("C2")
def test_the_score_is_that_of_your_own_spans(student, rng):
    """With your own bio_decode, whatever it finds, the score is that of the spans that it finds."""
    sentences = 40  # so many that some begin with what the one before ends with
    gold, pred = rng.choice(TAGS, size=(2, sentences, 3)).tolist()

    report = student.tagging.span_f1(gold, pred)

    found = student.tagging.bio_decode.each([(tags,) for tags in [*gold, *pred]])
    halves = found[:sentences], found[sentences:]
    truth, guess = ({(n, span) for n, spans in enumerate(half) for span in spans} for half in halves)
    tp = len(truth & guess)
    agree((report.tp, report.n_gold, report.n_pred), (tp, len(truth), len(guess)), "span_f1: (tp, n_gold, n_pred)")
    ratios = tuple(part / max(whole, 1) for part, whole in ((tp, len(guess)), (tp, len(truth))))
    agree((report.precision, report.recall), ratios, "span_f1: (precision, recall)")
    agree(report.f1, 2 * tp / max(len(truth) + len(guess), 1), "span_f1: f1")


def draw_sentences(rng, *lengths):
    """Draw sentences of these lengths, of ids 1 to 8."""
    return [rng.integers(1, 9, size=length).tolist() for length in lengths]


@problem("C3")
def test_sentences_become_columns_of_ids(student, reference, rng):
    """Column n of the ids is sentence n, with the padding below it; ids and lengths are int64."""
    for lengths, pad in (((2, 5, 3), -1), ((4,), 0)):
        seqs = draw_sentences(rng, *lengths)

        ids, _, answer = student.tagging.pad_sequences(seqs, pad)

        expected = reference.tagging.pad_sequences(seqs, pad)
        agree(ids, expected[0], f"pad_sequences of sentences of {lengths} words, pad = {pad}: ids")
        agree(answer, expected[2], f"pad_sequences of sentences of {lengths} words, pad = {pad}: lengths")


@problem("C3")
def test_the_mask_is_true_where_a_word_is(student, reference, rng):
    """The mask is a bool array of the shape of the ids, True for words and False for padding."""
    for lengths in ((2, 5, 3), (3, 1, 1, 2)):
        seqs = draw_sentences(rng, *lengths)

        _, mask, _ = student.tagging.pad_sequences(seqs)

        expected = reference.tagging.pad_sequences(seqs)[1]
        agree(mask, expected, f"pad_sequences of sentences of {lengths} words: mask")


@problem("C3")
def test_a_word_may_have_the_id_of_the_padding(student, reference):
    """The mask comes from the lengths: a word whose id is that of the padding is a word."""
    for seqs, pad in (([[0, 5, 0], [0], [3, 0]], 0), ([[4, 4], [4]], 4)):
        answer = student.tagging.pad_sequences(seqs, pad)

        agree(answer, reference.tagging.pad_sequences(seqs, pad), f"pad_sequences of {seqs}, pad = {pad}")


@problem("C3")
def test_an_empty_sentence_is_all_padding(student, reference):
    """A sentence without words has the length 0; if all have, or if there is none, T is 0."""
    for seqs in ([[3, 4], [], [5]], [[], [2]], [[], []], []):
        answer = student.tagging.pad_sequences(seqs, 7)

        agree(answer, reference.tagging.pad_sequences(seqs, 7), f"pad_sequences of {seqs}, pad = 7")


@problem("C3")
def test_a_window_holds_the_words_before_and_after(student, reference, rng):
    """A window is the k words before a word, the word, and the k words after it, in this order, zeros at the ends."""
    for (steps, batch, size), k in (((5, 2, 3), 2), ((2, 3, 4), 3), ((3, 2, 4), 0), ((1, 1, 1), 1)):
        x, lengths = rng.normal(size=(steps, batch, size)), np.full(batch, steps)

        windows = student.tagging.context_windows(x, k, lengths)

        what = f"context_windows with (T, N, D) = {(steps, batch, size)}, k = {k}"
        agree(windows, reference.tagging.context_windows(x, k, lengths), what)


@problem("C3")
def test_a_window_does_not_reach_out_of_its_sentence(student, reference, rng):
    """Windows see zeros after the last word and are zero in the padding, whatever stands there, NaN too."""
    for k, rest in ((1, np.nan), (3, np.nan), (2, 7.0), (0, np.nan)):
        lengths = np.array([2, 0, 4, 1])
        x = rng.normal(size=(5, 4, 2))
        x[np.arange(5)[:, np.newaxis] >= lengths] = rest

        windows = student.tagging.context_windows(x, k, lengths)

        what = f"context_windows with lengths {lengths.tolist()}, k = {k}, and {rest} in the padding"
        agree(windows, reference.tagging.context_windows(x, k, lengths), what)


@problem("C3")
def test_batching_leaves_its_arguments_alone(student, reference, rng):
    """Neither function changes an argument or returns one, and ids, mask and lengths are arrays of their own."""
    seqs, x, lengths = draw_sentences(rng, 2, 4), rng.normal(size=(4, 2, 3)), np.array([2, 4])

    pad = seqs[1][0]  # the id of a word
    batch = student.tagging.pad_sequences.purely(seqs, pad)
    words = student.tagging.context_windows.purely(x, 0, np.array([4, 4]))
    windows = student.tagging.context_windows.purely(x, 1, lengths)

    agree(batch, reference.tagging.pad_sequences(seqs, pad), "pad_sequences: (ids, mask, lengths)")
    agree(words, x, "context_windows with k = 0")
    agree(windows, reference.tagging.context_windows(x, 1, lengths), "context_windows with k = 1")
