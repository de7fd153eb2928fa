"""N-gram models that keep something for what they have not seen: add-k and interpolation (G3), Kneser-Ney (G4).

A model is a student's object. What it might ask of the student's `mle`, which is G2's, is answered by ours.
"""

from autograder.checks.claim import agree, holds, problem, refuses
from autograder.checks.ngram_model import agree_on_dice, agree_on_sums, draw_text, every_context

RARE = [["cows", "eat", "moss"], ["cows", "eat", "corn"], ["cows", "drink"], ["corn", "corn"]]  # with a cutoff of 2
PAIR = [["corn", "hay", "hay"], [], ["hay", "corn", "hay", "hay", "corn"], ["straw"]]  # every context can be tried
PLAIN = ("corn", "hay", "<unk>")  # the words of PAIR, the rare one unknown
FRANCISCO = [*4 * [["san", "francisco"]], ["reading", "glasses"], ["her", "glasses"], ["new", "glasses"]]

LAMBDAS = {1: (0.25, 0.75), 2: (0.1, 0.3, 0.6), 3: (0.05, 0.15, 0.3, 0.5), 4: (0.1, 0.0, 0.4, 0.2, 0.3)}  # by order


def models_of(student):
    """Return the student's module with an mle of ours in it."""
    return student.with_ours("ngram.mle").ngram


def pasts(sent):
    """Return contexts that a model has to cut, or to read as the counts do; a list is as good as a tuple."""
    return [
        sent,
        ["<s>", *sent],
        (*sent, "</s>", "<s>", sent[0]),
        ("moon", sent[0]),
        ["moss"],
        ("<s>", "drink"),
        ("</s>",),
    ]


@problem("G3")
def test_add_k_counts_every_word_k_times_more(student, reference, rng):
    """AddK divides c(u w) + k by c(u) + k |V|, where u is the whole context, whatever the order."""
    for n, k in ((1, 2.5), (3, 0.25)):
        counts = reference.ngram.count_ngrams(draw_text(rng, 4, 1, 3), n)

        model = models_of(student).AddK(counts, k)

        seen = list(counts.counts)[::2]
        agree_on_dice(model, reference.ngram.AddK(counts, k), seen, f"AddK with n = {n} and k = {k}")


@problem("G3")
def test_add_k_adds_up_to_one_after_every_context(student, reference, rng):
    """Whatever the context, old or new, the probabilities of AddK add up to 1 over the vocabulary, <s> apart."""
    counts = reference.ngram.count_ngrams(PAIR, 3, 2)

    model = models_of(student).AddK(counts, 0.5)

    agree(model.prob("straw", ()), 1.5 / 15, "AddK with n = 3: a rare word without context")
    agree_on_sums(model, counts.vocabulary, every_context(PLAIN, 2), "AddK with n = 3")


@problem("G3")
def test_all_words_are_alike_to_add_k_after_a_new_context(student, reference, rng):
    """After a context that never occurred AddK gives every word 1 / |V|; no shorter context is looked at."""
    text = draw_text(rng, 3, 4)
    counts = reference.ngram.count_ngrams(text, 3)

    model = models_of(student).AddK(counts, 0.5)

    contexts = [
        text[0][:2],
        ("moon",),
        ("moon", text[0][0]),
        ("<s>", "moon"),
        ("moon", "moon"),
    ]  # only the first is old
    agree_on_dice(model, reference.ngram.AddK(counts, 0.5), contexts, "AddK with n = 3")


@problem("G3")
def test_interpolation_mixes_the_shares_of_all_orders(student, reference, rng):
    """Interpolated adds up 1 / |V| and the shares after 0 to n - 1 words, each with its weight."""
    for n in (1, 3):
        counts = reference.ngram.count_ngrams(draw_text(rng, 4, 1, 5), n)

        model = models_of(student).Interpolated(counts, LAMBDAS[n])

        seen = [u for u in counts.counts if len(u) == n - 1][::2]
        agree_on_dice(model, reference.ngram.Interpolated(counts, LAMBDAS[n]), seen, f"Interpolated with n = {n}")


@problem("G3")
def test_the_weight_of_a_new_context_moves_to_a_shorter_one(student, reference, rng):
    """The weight of an order without a seen context goes to the next lower one, and below order 1 to 1 / |V|."""
    text = draw_text(rng, 4, 3)
    first, word = text[0][:2]
    text[1].append(first)
    counts = reference.ngram.count_ngrams(text, 4)
    contexts = [
        ("moon", word),
        ("moon", "moon", word),
        (word,),
        ("<s>",),
        ("<s>", "moon"),
        ("<s>", first),
        ("</s>",),
        (),
    ]

    model = models_of(student).Interpolated(counts, LAMBDAS[4])

    agree_on_dice(model, reference.ngram.Interpolated(counts, LAMBDAS[4]), contexts, "Interpolated with n = 4")
    nothing = reference.ngram.count_ngrams([], 2)
    share = models_of(student).Interpolated(nothing, LAMBDAS[2]).prob("corn", ["<s>"])
    agree(share, 0.5, "Interpolated of no text: the share of a word")


@problem("G3")
def test_interpolation_adds_up_to_one_after_every_context(student, reference, rng):
    """Whatever the context, old or new, long or short, the probabilities of Interpolated add up to 1."""
    counts = reference.ngram.count_ngrams(PAIR, 3, 2)

    model = models_of(student).Interpolated(counts, LAMBDAS[3])

    unknown = 0.05 / 4 + 0.95 / 13
    agree(model.prob("straw", ()), unknown, "Interpolated with n = 3: a rare word without context")
    agree_on_sums(model, counts.vocabulary, every_context(PLAIN, 2), "Interpolated with n = 3")


@problem("G3")
def test_add_k_refuses_a_k_that_is_not_above_zero(student, reference, rng):
    """A k of 0 or less is no smoothing: ValueError, when the model is made."""
    counts = reference.ngram.count_ngrams(PAIR, 2)

    agree(models_of(student).AddK(counts, 1e-3).prob("corn", ["straw"]), 1e-3 / 1.005, "AddK with k = 0.001")
    for k in (0, -0.5):
        with refuses(ValueError, f"AddK with k = {k}"):
            models_of(student).AddK(counts, k)


@problem("G3")
def test_interpolation_refuses_weights_that_are_none(student, reference, rng):
    """The weights are n + 1 numbers, none is negative, and they add up to 1: else ValueError."""
    counts = reference.ngram.count_ngrams(PAIR, 2)

    model = models_of(student).Interpolated(counts, [0.1, 0.2, 0.7 + 1e-12])
    agree(model.prob("corn", ["straw"]), 0.02 + 0.2 * 3 / 13, "Interpolated with weights that add up to 1 + 1e-12")
    for lambdas in (
        (0.5, 0.5),
        (0.25, 0.25, 0.25, 0.25),
        (0.2, -0.2, 1.0),
        (0.3, 0.3, 0.3),
        (0.4, 0.4, 0.4),
        (0.1, 0.2, 0.7 + 1.5e-9),
    ):
        with refuses(ValueError, f"Interpolated with n = 2 and lambdas = {lambdas}"):
            models_of(student).Interpolated(counts, lambdas)


@problem("G3")
def test_smoothing_reads_words_and_contexts_as_the_counts_do(student, reference, rng):
    """Unknown words are <unk>, <s> has probability 0, and of a long context the last n - 1 words count."""
    counts, contexts = reference.ngram.count_ngrams(RARE, 3, 2), pasts(RARE[1])

    add = models_of(student).AddK(counts, 0.5)
    mixed = models_of(student).Interpolated(counts, LAMBDAS[3])

    agree_on_dice(add, reference.ngram.AddK(counts, 0.5), contexts, "AddK with n = 3")
    agree_on_dice(mixed, reference.ngram.Interpolated(counts, LAMBDAS[3]), contexts, "Interpolated with n = 3")


@problem("G3")
def test_smoothing_leaves_the_counts_alone(student, reference, rng):
    """Making a model and asking it change nothing, and two models of one class are two models."""
    counts, other = (reference.ngram.count_ngrams(draw_text(rng, 4, 2), 2) for _ in range(2))
    word, context = max(counts.counts[()]), ["corn"]
    theirs, ours = models_of(student), reference.ngram

    for name, make, right, settings in (
        ("AddK", theirs.AddK, ours.AddK, (0.5, 2.0)),
        ("Interpolated", theirs.Interpolated, ours.Interpolated, (LAMBDAS[2], (0.5, 0.25, 0.25))),
    ):
        model, _ = make.purely(counts, settings[0]), make(other, settings[1])

        share = model.prob.purely(word, context)

        agree(share, right(counts, settings[0]).prob(word, context), f"{name}: prob")


@problem("G4")
def test_kneser_ney_backs_every_order_up_by_the_lower_one(student, reference, rng):
    """Every count gives d away, and what comes together is shared as the next lower order says, down to 1 / |V|."""
    for n, d in ((1, 0.5), (2, 0.75), (4, 0.9)):
        text = draw_text(rng, 4, 1, 3)
        counts = reference.ngram.count_ngrams([*text, *text[1:]], n)
        counts = counts._replace(counts=dict(reversed(counts.counts.items())))  # in no order that one may rely on

        model = student.ngram.KneserNey(counts, d)

        seen = [u for u in counts.counts if len(u) == n - 1][::2]
        agree_on_dice(model, reference.ngram.KneserNey(counts, d), seen, f"KneserNey with n = {n} and d = {d}")


@problem("G4")
def test_a_word_that_follows_one_word_only_is_rare_elsewhere(student, reference, rng):
    """Francisco is the most frequent word, but it comes after San only: in a new context glasses are more likely."""
    counts = reference.ngram.count_ngrams(FRANCISCO, 2)

    model = student.ngram.KneserNey(counts, 0.5)

    spare = 0.5 * 7 / 10 / 8  # of 10 kinds of bigrams 7 words end one, and the vocabulary has 8
    for context in ((), ("moon",)):
        rare, common, end = model.prob.each([(w, context) for w in ("francisco", "glasses", "</s>")])
        holds(rare < common, f"KneserNey after {context}: francisco is not less likely than glasses")
        agree(rare, 0.05 + spare, f"KneserNey after {context}: francisco")
        agree(common, 0.25 + spare, f"KneserNey after {context}: glasses")
        agree(end, 0.15 + spare, f"KneserNey after {context}: </s>")


@problem("G4")
def test_kneser_ney_adds_up_to_one_after_every_context(student, reference, rng):
    """Whatever the context, with <s> or <unk>, old or new, the probabilities of Kneser-Ney add up to 1."""
    counts = reference.ngram.count_ngrams(PAIR, 3, 2)

    model = student.ngram.KneserNey(counts, 0.5)

    agree(model.prob("hay", ()), 0.3, "KneserNey with n = 3: hay without context")
    agree_on_sums(model, counts.vocabulary, every_context(PLAIN, 2), "KneserNey with n = 3")


@problem("G4")
def test_kneser_ney_has_a_share_for_a_word_it_never_saw(student, reference, rng):
    """Below order 1 all words are alike, so that <unk> is possible even if no word of the text was rare."""
    for n, floor in ((1, 0.25 * 3 / 3 / 4), (2, 0.25 * 3 / 3 / 4)):  # a, b and </s> once each, a vocabulary of 4
        model = student.ngram.KneserNey(reference.ngram.count_ngrams([["a", "b"]], n), 0.25)

        calls = [(w, context) for w in ("moon", "<unk>") for context in ((), ("moon",))]
        for share, (w, context) in zip(model.prob.each(calls), calls, strict=True):
            agree(share, floor, f"KneserNey with n = {n}: {w!r} after {context}")
    nothing = student.ngram.KneserNey(reference.ngram.count_ngrams([], 2), 0.25)
    agree(nothing.prob("moon", ["<s>"]), 0.5, "KneserNey of no text: the share of a word")


@problem("G4")
def test_kneser_ney_takes_a_short_context_as_it_is(student, reference, rng):
    """A context of fewer than n - 1 words has the distribution of a lower order; after <s> it has the counts."""
    text = draw_text(rng, 4, 3, 2)
    counts = reference.ngram.count_ngrams([*text, text[0]], 4)  # said twice, and still one kind

    model = student.ngram.KneserNey(counts)

    short = [u for u in counts.counts if len(u) < 3][::2]
    agree_on_dice(model, reference.ngram.KneserNey(counts, 0.75), [*short, ("<s>",)], "KneserNey with n = 4, d = 0.75")


@problem("G4")
def test_kneser_ney_reads_words_and_contexts_as_the_counts_do(student, reference, rng):
    """Unknown words are <unk>, <s> has probability 0, and of a long context the last n - 1 words count."""
    counts = reference.ngram.count_ngrams(RARE, 3, 2)

    model = student.ngram.KneserNey(counts, 0.5)

    agree_on_dice(model, reference.ngram.KneserNey(counts, 0.5), pasts(RARE[1]), "KneserNey with n = 3")


@problem("G4")
def test_kneser_ney_refuses_a_discount_outside_zero_to_one(student, reference, rng):
    """The discount lies between 0 and 1, both excluded: else ValueError, when the model is made."""
    counts = reference.ngram.count_ngrams([["a", "b"]], 2)

    agree(student.ngram.KneserNey(counts, 0.999).prob("moon", ()), 0.999 / 4, "KneserNey with d = 0.999")
    for d in (0, 1, -0.25, 1.5):
        with refuses(ValueError, f"KneserNey with d = {d}"):
            student.ngram.KneserNey(counts, d)


@problem("G4")
def test_kneser_ney_leaves_the_counts_alone(student, reference, rng):
    """Making a model and asking it change nothing, and two models are two models."""
    counts, other = (reference.ngram.count_ngrams(draw_text(rng, 4, 2), 3) for _ in range(2))
    word, context = max(counts.counts[()]), ["corn", "moon"]
    model, _ = student.ngram.KneserNey.purely(counts, 0.5), student.ngram.KneserNey(other, 0.9)

    share = model.prob.purely(word, context)

    agree(share, reference.ngram.KneserNey(counts, 0.5).prob(word, context), "KneserNey: prob")
