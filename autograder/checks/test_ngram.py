"""N-gram models: counting (G1) and maximum likelihood (G2)."""

from autograder.checks.claim import agree, holds, problem, refuses
from autograder.checks.ngram_model import WORDS, draw_table, draw_text, offered


@problem("G1")
def test_words_are_counted_after_every_context(student, reference, rng):
    """counts[u][w] is how often w followed u, for every context u of 0 to n - 1 words."""
    for n in (2, 3):
        text = draw_text(rng, 4, 1, 7, 3)

        counts = student.ngram.count_ngrams(text, n)

        agree(counts, reference.ngram.count_ngrams(text, n), f"count_ngrams with n = {n}")


@problem("G1")
def test_the_first_word_is_counted_after_the_start(student, reference, rng):
    """The first word of a sentence follows the context of <s>, and <s> itself is never counted as a word."""
    text = draw_text(rng, 3, 2, 4)

    counts = student.ngram.count_ngrams(text, 3).counts

    expected = reference.ngram.count_ngrams(text, 3).counts
    holds(("<s>",) in counts, 'count_ngrams: the context ("<s>",) is missing')
    agree(counts[("<s>",)], expected[("<s>",)], 'count_ngrams: counts[("<s>",)]')
    holds(not any("<s>" in words for words in counts.values()), "count_ngrams: <s> is counted as a word")


@problem("G1")
def test_no_context_reaches_into_another_sentence(student, reference, rng):
    """A context begins at <s> at the earliest: nothing of the sentence before belongs to it."""
    text = draw_text(rng, 2, 1, 3, 2)

    counts = student.ngram.count_ngrams(text, 4).counts

    expected = reference.ngram.count_ngrams(text, 4).counts
    holds(not any("<s>" in u[1:] for u in counts), "count_ngrams: a context goes on before <s>")
    holds(counts.keys() <= expected.keys(), "count_ngrams: there are contexts that occur in no sentence")
    holds(counts.keys() >= expected.keys(), "count_ngrams: there are contexts that are not counted")


@problem("G1")
def test_the_end_is_counted_like_a_word(student, reference, rng):
    """Every sentence ends with </s>, which is counted after each of its contexts."""
    text = draw_text(rng, 3, 1, 5)

    counts = student.ngram.count_ngrams(text, 3).counts

    ends = {u: c["</s>"] for u, c in counts.items() if "</s>" in c}
    expected = {u: c["</s>"] for u, c in reference.ngram.count_ngrams(text, 3).counts.items() if "</s>" in c}
    agree(ends, expected, 'count_ngrams: counts[...]["</s>"]')


@problem("G1")
def test_a_context_is_one_that_was_followed_by_a_word(student, reference, rng):
    """The last words of a sentence, </s> included, are no context: nothing comes after them."""
    text = draw_text(rng, 4, 2, 3)

    counts = student.ngram.count_ngrams(text, 3).counts

    expected = reference.ngram.count_ngrams(text, 3).counts
    holds(not any("</s>" in u for u in counts), "count_ngrams: </s> is part of a context")
    holds(counts.keys() >= expected.keys(), "count_ngrams: there are contexts that are not counted")
    holds(all(counts.values()), "count_ngrams: there is a context that no word followed")
    holds(all(c > 0 for words in counts.values() for c in words.values()), "count_ngrams: there is a count below 1")


@problem("G1")
def test_rare_words_become_unknown(student, reference, rng):
    """Words with fewer than cutoff occurrences are counted as <unk>, also in contexts; the vocabulary is sorted."""
    text = [[*sent, "rare"] if i == 1 else sent for i, sent in enumerate(draw_text(rng, 5, 6, 8, 4))]
    frequencies = sorted({sum(sent.count(word) for sent in text) for word in WORDS})

    for cutoff in (2, frequencies[-1], frequencies[-1] + 1):
        counts = student.ngram.count_ngrams(text, 2, cutoff)

        agree(counts, reference.ngram.count_ngrams(text, 2, cutoff), f"count_ngrams with cutoff = {cutoff}")


@problem("G1")
def test_counting_holds_at_its_edges(student, reference, rng):
    """Unigrams, an order longer than every sentence, an empty sentence and a sentence of one word are counted, too."""
    for n, text in ((1, draw_text(rng, 3, 4)), (6, draw_text(rng, 2, 3)), (2, [[]]), (3, [["corn"], [], ["corn"]])):
        counts = student.ngram.count_ngrams(text, n)

        agree(counts, reference.ngram.count_ngrams(text, n), f"count_ngrams of {len(text)} sentences with n = {n}")


@problem("G1")
def test_counting_leaves_the_text_alone(student, reference, rng):
    """count_ngrams does not change the sentences, and starts from nothing every time."""
    text = draw_text(rng, 4, 2, 5)
    expected = reference.ngram.count_ngrams(text, 3)

    agree(student.ngram.count_ngrams.purely(text, 3), expected, "count_ngrams")
    agree(student.ngram.count_ngrams(text, 3), expected, "count_ngrams, called a second time")


@problem("G2")
def test_mle_is_a_share_of_the_context(student, reference, rng):
    """mle divides how often w followed the context by how often any word did."""
    counts = reference.ngram.count_ngrams(draw_text(rng, 5, 3, 4), 3)
    calls = [(counts, w, u) for u in list(counts.counts)[::3] for w in counts.vocabulary]

    shares = student.ngram.mle.each(calls)

    for share, call in zip(shares, calls, strict=True):
        agree(share, reference.ngram.mle(*call), f"mle for {call[1]!r} after {call[2]} with n = 3")


@problem("G2")
def test_mle_refuses_a_context_that_never_occurred(student, reference, rng):
    """After a context that never occurred there is no share of anything: mle raises ValueError."""
    counts = reference.ngram.count_ngrams([["cows", "eat", "corn"], ["cows", "eat", "hay"]], 3)

    agree(student.ngram.mle(counts, "hay", ("cows", "eat")), 0.5, "mle after a context that occurred twice")
    for w, context in (("corn", ("eat", "cows")), ("eat", ("<s>", "corn")), ("hay", ("moon", "eat"))):
        with refuses(ValueError, f"mle for {w!r} after {context}, which never occurred"):
            student.ngram.mle(counts, w, context)


@problem("G2")
def test_mle_keeps_the_end_of_a_long_context(student, reference, rng):
    """Of a longer context the last n - 1 words count, and nothing before <s>; a list is as good as a tuple."""
    text = draw_text(rng, 6, 5)
    text.append([text[1][0], text[0][0]])  # which now stands after <s>, and elsewhere
    pasts = [text[0][:5], ("<s>", *text[0][:4]), ["<s>", text[1][0]], (*text[1], "</s>", "<s>", text[0][0])]
    counted = [reference.ngram.count_ngrams(text, n) for n in (1, 2, 4)]
    calls = [(counts, w, past) for counts in counted for past in pasts for w in (*text[0][:2], *text[0][4:])]

    shares = student.ngram.mle.each(calls)

    for share, call in zip(shares, calls, strict=True):
        agree(share, reference.ngram.mle(*call), f"mle for {call[1]!r} after {call[2]} with n = {call[0].n}")


@problem("G2")
def test_mle_reads_unknown_words_as_unk(student, reference, rng):
    """A word that the training text does not have is read as <unk>, in a context, too; <s> has probability 0."""
    text = [["cows", "eat", "moss"], ["cows", "eat", "corn"], ["cows", "drink"], ["corn", "corn"]]
    counts = reference.ngram.count_ngrams(text, 2, 2)
    calls = [(counts, w, u) for w in ("moon", "<unk>", "<s>", "drink", "</s>") for u in (("eat",), ("moon",), ("<s>",))]

    shares = student.ngram.mle.each(calls)

    for share, call in zip(shares, calls, strict=True):
        agree(share, reference.ngram.mle(*call), f"mle for {call[1]!r} after {call[2]}, some words being rare")


@problem("G2")
def test_the_die_has_a_side_for_every_word_but_the_start(student, reference, rng):
    """conditional_dist has one entry for each word of the vocabulary, </s> and <unk> included, and none for <s>."""
    model = draw_table(reference, rng)

    contexts = ("<s>",), ("moon", "corn")

    dice = student.ngram.conditional_dist.each([(offered(model), context) for context in contexts])

    for context, dist in zip(contexts, dice, strict=True):
        expected = {w: model.prob(w, context) for w in model.counts.vocabulary}
        agree(dist, expected, f"conditional_dist after {context}")


@problem("G2")
def test_probabilities_add_up_to_one_after_every_context(student, reference, rng):
    """After every context of the text the probabilities of all words add up to 1."""
    (sent,) = draw_text(rng, 1)
    counts = reference.ngram.count_ngrams([sent, 2 * sent], 3)
    model = reference.ngram.MLE(counts)

    dice = student.ngram.conditional_dist.each([(offered(model), context) for context in counts.counts])

    for context, dist in zip(counts.counts, dice, strict=True):
        agree(sum(dist.values()), 1.0, f"conditional_dist after {context}: the sum")
        agree(dist, reference.ngram.conditional_dist(model, context), f"conditional_dist after {context}")


@problem("G2")
def test_estimating_leaves_the_counts_alone(student, reference, rng):
    """mle does not change the counts, not even by looking up a word or a context that they do not have."""
    counts = reference.ngram.count_ngrams(draw_text(rng, 4, 3), 2)

    for w, context in ((max(counts.counts[()]), []), ("moon", ["corn"])):
        share = student.ngram.mle.purely(counts, w, context)

        agree(share, reference.ngram.mle(counts, w, context), f"mle for {w!r} after {context}")
