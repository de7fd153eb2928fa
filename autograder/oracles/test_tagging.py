"""tagging.py: spans beside seqeval, in both of its modes; batches and windows beside torch."""

from itertools import pairwise, product

import numpy as np
import torch
from seqeval.metrics import classification_report, f1_score
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, Entities
from torch.nn.utils.rnn import pad_sequence

from autograder.oracles.cover import covers
from autograder.oracles.tensor import agree, values
from numnet import tagging
from numnet.given.caches import Span, TypeScore

TAGS = "O", "B-X", "I-X", "B-Y", "I-Y"
MODES = {"conlleval": {}, "strict": {"mode": "strict", "scheme": IOB2}}


def _spans(tags: list[str], scheme: str) -> list[Span]:
    """Return the spans that seqeval sees."""
    if scheme == "conlleval":
        return [Span(kind, start, last + 1) for kind, start, last in get_entities(tags)]
    return [Span(one.tag, one.start, one.end) for one in Entities([tags], IOB2).entities[0]]


@covers("tagging.bio_decode", by="seqeval")
def test_spans_of_every_short_sentence():
    """All sequences of at most four tags of two types, in both schemes."""
    for length in range(1, 5):
        for tags in product(TAGS, repeat=length):
            for scheme in MODES:
                assert tagging.bio_decode(list(tags), scheme) == _spans(list(tags), scheme), (tags, scheme)


@covers("tagging.bio_encode", by="seqeval, reading back")
def test_tags_of_spans(rng):
    """What seqeval reads are the spans that were written, adjacent ones of one type apart."""
    for _ in range(50):
        cuts = np.unique(rng.integers(0, 12, size=8)).tolist()
        spans = [
            Span(str(rng.choice(["X", "Y"])), *ends)
            for ends in pairwise(cuts) if rng.random() < 0.7
        ]  # fmt: skip

        tags = tagging.bio_encode(spans, 12)

        assert len(tags) == 12
        assert _spans(tags, "conlleval") == _spans(tags, "strict") == spans


def _score(row: dict[str, float], gold: set, pred: set) -> TypeScore:
    """Put together seqeval's three numbers of one row, and the sizes of the sets of spans that it sees."""
    three = (float(row[name]) for name in ("precision", "recall", "f1-score"))
    return TypeScore(*three, len(gold & pred), len(gold), len(pred))


@covers("tagging.span_f1", by="seqeval.metrics.classification_report")
def test_span_f1(rng):
    """Random corpora, where a third of the tags is wrong: over all types, and for each."""
    for _ in range(20):
        lengths = rng.integers(1, 9, size=int(rng.integers(1, 7)))
        gold = [[TAGS[0], TAGS[1], *rng.choice(TAGS, size=n).tolist()] for n in lengths]
        pred = [[str(rng.choice(TAGS)) if rng.random() < 0.3 else tag for tag in tags] for tags in gold]
        for scheme, mode in MODES.items():
            theirs = classification_report(gold, pred, output_dict=True, zero_division=0, **mode)
            sides = [{(n, s) for n, tags in enumerate(side) for s in _spans(tags, scheme)} for side in (gold, pred)]
            per_type = {
                kind: _score(theirs[kind], *({each for each in side if each[1].type == kind} for side in sides))
                for kind in sorted({each[1].type for side in sides for each in side})
            }

            report = tagging.span_f1(gold, pred, scheme)

            agree(tuple(report[:-1]), tuple(_score(theirs["micro avg"], *sides)), f"micro average, {scheme}")
            agree(report.per_type, per_type, f"per type, {scheme}")


def test_nothing_to_find_and_nothing_found():
    """0 / 0 is 0.0, as seqeval's with zero_division=0."""
    for gold, pred in product([["O", "O"], ["O", "B-X"]], repeat=2):
        for scheme, mode in MODES.items():
            expected = f1_score([gold], [pred], zero_division=0, **mode)

            agree(tagging.span_f1([gold], [pred], scheme).f1, float(expected), f"f1, {scheme}")


@covers("tagging.pad_sequences", by="torch.nn.utils.rnn.pad_sequence")
def test_padding(rng):
    """Sentences side by side, with a pad that is a word's id too; the mask is a padded row of True."""
    for count in (1, 2, 5):
        sentences = [rng.integers(0, 9, size=n).tolist() for n in rng.integers(0, 6, size=count)]
        ids = pad_sequence([torch.tensor(each, dtype=torch.int64) for each in sentences], padding_value=3)
        mask = pad_sequence([torch.ones(len(each), dtype=torch.bool) for each in sentences])
        lengths = np.array([len(each) for each in sentences])

        agree(tagging.pad_sequences(sentences, pad=3), (ids.numpy(), mask.numpy(), lengths), "ids, mask, lengths")


@covers("tagging.context_windows", by="torch.Tensor.unfold")
def test_windows_of_words(rng):
    """Each sentence alone, between k zeros on both sides; the padding holds NaN."""
    for k in (0, 1, 3):
        for t, n, d in rng.integers(1, 6, size=(4, 3)):
            lengths = rng.integers(0, t + 1, size=n)
            x = np.where((np.arange(t)[:, None] < lengths)[..., None], rng.normal(size=(t, n, d)), np.nan)
            expected = torch.zeros(t, n, (2 * k + 1) * d)
            for place, length in enumerate(lengths):
                border = torch.zeros(k, d)
                sentence = torch.cat([border, torch.from_numpy(x[:length, place]), border])
                windows = sentence.unfold(0, 2 * k + 1, 1) if length else torch.zeros(0, d, 2 * k + 1)
                expected[:length, place] = windows.transpose(1, 2).reshape(length, (2 * k + 1) * d)

            agree(tagging.context_windows(x, k, lengths), values(expected), f"windows for k={k}")
