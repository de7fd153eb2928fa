"""The pictures: what to look at after each problem. Call one, and look at the figure that it returns.

    from numnet.given import plots

    plots.confusion_matrix(labels, logits.argmax(axis=1), [str(digit) for digit in range(10)])

A picture computes and trains nothing: it gets arrays, numbers and records, yours or anybody's. It is drawn into the
`ax` (or, if it has several panels, the `figure`) that you pass, or else into a new one. In a notebook the last
expression of a cell shows itself; elsewhere `plots.save(figure, "confusion.svg")`.

Pictures need matplotlib (`python -m pip install matplotlib`); what is graded does not need pictures.

    A1 linear      gradient_scatter  chance_loss
    A2 A3 conv     filter_responses  convolution_frame  stamped_kernel
    A4 pool        pooling_arrows  pooling_before_after  pooling_of_a_shift
    A5 cnn         learnt_filters  feature_maps  confusion_matrix  kernel_size_trade_off  loss_curves  most_wrong
    A6 cnn         layer_costs  plain_against_residual
    B  embedding   similarity_maps  word_planes
    C  tagging     tagged_sentence  tag_confusion  f1_by_window  against_ceilings
    D1 D2 rnn      unrolled_gradients  shared_parameters  loss_curves
    D3 to D5 rnn   dependency_maps
    E  clip        sensitivity_curves  sensitivity_strips  clipped_norms  clipping_losses
    F  lstm        gates_over_time  memory_strip  sensitivity_curves  recall_by_length  ablation
    G  ngram       perplexity_by_order  zipf  samples_by_order  conditional_dice
    H  rnnlm       loss_against_ngrams  samples_by_temperature  samples_by_checkpoint  next_symbol_bars  hidden_units
    I  seq2seq     exact_match_by_pairs  source_reversal  encoder_plane
    J  sgd         quadratic_paths  loss_curves
"""

from numnet.given.plots.clip import clipped_norms, sensitivity_curves, sensitivity_strips
from numnet.given.plots.cnn import (
    confusion_matrix,
    feature_maps,
    kernel_size_trade_off,
    layer_costs,
    learnt_filters,
    most_wrong,
)
from numnet.given.plots.conv import convolution_frame, filter_responses, stamped_kernel
from numnet.given.plots.embedding import similarity_maps, word_planes
from numnet.given.plots.linear import chance_loss, gradient_scatter
from numnet.given.plots.lstm import ablation, gates_over_time, memory_strip, recall_by_length
from numnet.given.plots.ngram import conditional_dice, perplexity_by_order, samples_by_order, zipf
from numnet.given.plots.pool import pooling_arrows, pooling_before_after, pooling_of_a_shift
from numnet.given.plots.rnn import dependency_maps, shared_parameters, unrolled_gradients
from numnet.given.plots.rnnlm import (
    hidden_units,
    loss_against_ngrams,
    next_symbol_bars,
    samples_by_checkpoint,
    samples_by_temperature,
)
from numnet.given.plots.seq2seq import encoder_plane, exact_match_by_pairs, source_reversal
from numnet.given.plots.sgd import quadratic_paths
from numnet.given.plots.style import save, to_svg
from numnet.given.plots.tagging import against_ceilings, f1_by_window, tag_confusion, tagged_sentence
from numnet.given.plots.training import clipping_losses, loss_curves, plain_against_residual

__all__ = [
    "ablation",
    "against_ceilings",
    "chance_loss",
    "clipped_norms",
    "clipping_losses",
    "conditional_dice",
    "confusion_matrix",
    "convolution_frame",
    "dependency_maps",
    "encoder_plane",
    "exact_match_by_pairs",
    "f1_by_window",
    "feature_maps",
    "filter_responses",
    "gates_over_time",
    "gradient_scatter",
    "hidden_units",
    "kernel_size_trade_off",
    "layer_costs",
    "learnt_filters",
    "loss_against_ngrams",
    "loss_curves",
    "memory_strip",
    "most_wrong",
    "next_symbol_bars",
    "perplexity_by_order",
    "plain_against_residual",
    "pooling_arrows",
    "pooling_before_after",
    "pooling_of_a_shift",
    "quadratic_paths",
    "recall_by_length",
    "samples_by_checkpoint",
    "samples_by_order",
    "samples_by_temperature",
    "save",
    "sensitivity_curves",
    "sensitivity_strips",
    "shared_parameters",
    "similarity_maps",
    "source_reversal",
    "stamped_kernel",
    "tag_confusion",
    "tagged_sentence",
    "to_svg",
    "unrolled_gradients",
    "word_planes",
    "zipf",
]
