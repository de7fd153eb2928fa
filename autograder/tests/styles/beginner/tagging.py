# Homework, part C

import numpy as np
from numnet.given.caches import *

SCHEMES = ("conlleval", "strict")


def bio_decode(tags, scheme="conlleval") -> list[Span]:
    if scheme != "conlleval" and scheme != "strict":
        raise ValueError("I don't know the scheme " + str(scheme))

    spans = []
    # the span that is open at the moment
    is_open = False
    open_type = ""
    open_start = 0

    for t in range(len(tags)):
        tag = tags[t]

        # ---- O ----
        if tag == "O":
            if is_open:
                spans.append(Span(open_type, open_start, t))
            is_open = False

        # ---- B- ----
        elif tag[0:2] == "B-":
            if is_open:
                spans.append(Span(open_type, open_start, t))
            is_open = True
            open_type = tag[2:]
            open_start = t

        # ---- I- ----
        elif tag[0:2] == "I-":
            this_type = tag[2:]
            if is_open and open_type == this_type:
                pass  # it just goes on
            else:
                # the old one is over
                if is_open:
                    spans.append(Span(open_type, open_start, t))
                if scheme == "conlleval":
                    is_open = True
                    open_type = this_type
                    open_start = t
                else:
                    is_open = False

        else:
            raise ValueError("this is not a tag: " + str(tag))

    # the last one
    if is_open:
        spans.append(Span(open_type, open_start, len(tags)))
    return spans


def bio_encode(spans, length) -> list[str]:
    tags = []
    for t in range(length):
        tags.append("O")

    for span in spans:
        if span.start < 0:
            raise ValueError("span starts before the sentence")
        if span.end > length:
            raise ValueError("span ends after the sentence")
        if span.start >= span.end:
            raise ValueError("span is empty")
        for t in range(span.start, span.end):
            if tags[t] != "O":
                raise ValueError("spans overlap")
            if t == span.start:
                tags[t] = "B-" + span.type
            else:
                tags[t] = "I-" + span.type
    return tags


def span_f1(gold, pred, scheme="conlleval") -> F1Report:
    if len(gold) != len(pred):
        raise ValueError("not the same number of sentences")

    # three lists of types: one entry for each span
    gold_types = []
    pred_types = []
    right_types = []

    for s in range(len(gold)):
        if len(gold[s]) != len(pred[s]):
            raise ValueError("sentence " + str(s) + " does not have the same number of words")
        gold_spans = bio_decode(gold[s], scheme)
        pred_spans = bio_decode(pred[s], scheme)
        for span in gold_spans:
            gold_types.append(span.type)
        for span in pred_spans:
            pred_types.append(span.type)
            if span in gold_spans:
                right_types.append(span.type)

    # all types together
    precision, recall, f1 = compute_scores(len(right_types), len(gold_types), len(pred_types))

    # now each type alone
    all_types = []
    for t in gold_types + pred_types:
        if t not in all_types:
            all_types.append(t)
    all_types.sort()
    per_type = {}
    for t in all_types:
        tp_t = right_types.count(t)
        gold_t = gold_types.count(t)
        pred_t = pred_types.count(t)
        precision_t, recall_t, f1_t = compute_scores(tp_t, gold_t, pred_t)
        per_type[t] = TypeScore(precision_t, recall_t, f1_t, tp_t, gold_t, pred_t)

    return F1Report(precision, recall, f1, len(right_types), len(gold_types), len(pred_types), per_type)


def pad_sequences(seqs, pad=0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    N = len(seqs)
    # find the longest sentence
    T = 0
    for n in range(N):
        if len(seqs[n]) > T:
            T = len(seqs[n])

    ids = np.zeros((T, N), dtype=np.int64)
    mask = np.zeros((T, N), dtype=bool)
    lengths = np.zeros(N, dtype=np.int64)
    for n in range(N):
        lengths[n] = len(seqs[n])
        for t in range(T):
            if t < len(seqs[n]):
                ids[t, n] = seqs[n][t]
                mask[t, n] = True
            else:
                ids[t, n] = pad
                mask[t, n] = False
    return ids, mask, lengths


def context_windows(x, k, lengths) -> np.ndarray:
    T, N, D = x.shape
    result = np.zeros((T, N, (2 * k + 1) * D))
    for n in range(N):
        for t in range(T):
            if t >= lengths[n]:
                continue  # padding, stays 0
            for j in range(-k, k + 1):
                other = t + j
                # is there a word?
                if other < 0:
                    continue
                if other >= lengths[n]:
                    continue
                begin = (j + k) * D
                end = begin + D
                result[t, n, begin:end] = x[other, n]
    return result


# ---------------------------------------------------------------
# helper functions
# ---------------------------------------------------------------


def compute_scores(tp, n_gold, n_pred):
    if n_pred == 0:
        precision = 0.0
    else:
        precision = tp / n_pred
    if n_gold == 0:
        recall = 0.0
    else:
        recall = tp / n_gold
    if precision + recall == 0:
        f1 = 0.0
    else:
        f1 = 2 * precision * recall / (precision + recall)
    return precision, recall, f1


if __name__ == "__main__":
    print(bio_decode(["B-PER", "I-PER", "B-PER", "O", "I-LOC"]))
    print(bio_encode([Span("LOC", 3, 4), Span("PER", 0, 2)], 5))
