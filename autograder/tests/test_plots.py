"""The pictures of numnet.given.plots: every one that homework.md names, readable in grey, and the same every time."""

import importlib
import inspect
import subprocess
import sys
from itertools import combinations
from types import SimpleNamespace

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Colormap
from matplotlib.text import Text

from autograder.reference import read_package
from autograder.sandbox.guest.package import Package
from autograder.tests.conftest import ROOT
from autograder.tests.gallery.images import ImagePictures
from autograder.tests.gallery.language import LanguagePictures
from autograder.tests.gallery.sequences import SequencePictures

SEEN = {  # what the homework says is to be seen after a problem: the functions that draw it
    "A1": {
        "numeric-vs-analytic scatter": "gradient_scatter",
        "chance-loss bar vs log K": "chance_loss",
    },
    "A2": {
        "filter responses on a synthetic picture": "filter_responses",
        "input-kernel-output animation frame": "convolution_frame",
    },
    "A3": {"gradient map of one output pixel: kernel stamped at its receptive field": "stamped_kernel"},
    "A4": {
        "arg-max arrows": "pooling_arrows",
        "feature map before/after": "pooling_before_after",
        "shift of one pixel, pooled map unchanged": "pooling_of_a_shift",
    },
    "A5": {
        "learnt filters grid": "learnt_filters",
        "feature maps per digit": "feature_maps",
        "confusion matrix": "confusion_matrix",
        "accuracy-vs-k with time": "kernel_size_trade_off",
        "loss curves": "loss_curves",
        "most-wrong digits": "most_wrong",
    },
    "A6": {
        "three architectures, stacked bars of parameters and multiply-adds per layer": "layer_costs",
        "loss of a plain against a residual stack": "plain_against_residual",
    },
    "B1": {"2-D PCA of embeddings, before/after": "word_planes"},
    "B2": {"similarity heat-map, before/after": "similarity_maps"},
    "C1": {"sentence with coloured spans": "tagged_sentence"},
    "C2": {"confusion of tags": "tag_confusion"},
    "C3": {"F1 vs window size": "f1_by_window", "uni vs bi bars with exact ceilings": "against_ceilings"},
    "D1": {"parameter-sharing picture": "shared_parameters"},
    "D2": {"unrolled graph with gradient norms per time step": "unrolled_gradients", "loss curve": "loss_curves"},
    "D3": {"dependency map for uni and bi": "dependency_maps"},
    "D4": {"dependency map for deep": "dependency_maps"},
    "D5": {"dependency map for deep-bi": "dependency_maps"},
    "E1": {"log-scale sensitivity": "sensitivity_curves", "strip, darker = more sensitive": "sensitivity_strips"},
    "E2": {
        "gradient-norm histogram before/after": "clipped_norms",
        "loss with/without clipping": "clipping_losses",
    },
    "F1": {"gate activations over time": "gates_over_time", "cell memory strip": "memory_strip"},
    "F2": {"ablation": "ablation"},
    "F3": {"sensitivity vs RNN": "sensitivity_curves", "recall accuracy vs T": "recall_by_length"},
    "F4": {"dependency map for the deep bidirectional LSTM": "dependency_maps"},
    "G1": {"log-log counts (Zipf)": "zipf"},
    "G2": {"table of conditional dice": "conditional_dice"},
    "G3": {"perplexity vs n for train/test": "perplexity_by_order"},
    "G4": {"perplexity vs n for train/test": "perplexity_by_order"},
    "G5": {"perplexity vs n for train/test": "perplexity_by_order"},
    "G6": {"sample sentences n=1..4": "samples_by_order"},
    "H1": {"loss vs log V": "loss_against_ngrams"},
    "H2": {"loss vs n-gram lines": "loss_against_ngrams", "hidden-unit heat-map": "hidden_units"},
    "H3": {"next-char distribution bars": "next_symbol_bars"},
    "H4": {
        "samples at three temperatures": "samples_by_temperature",
        "samples at five training checkpoints": "samples_by_checkpoint",
    },
    "I1": {"PCA of encoder vectors by hundreds digit": "encoder_plane"},
    "I2": {"exact match vs number of training pairs": "exact_match_by_pairs", "vs source reversal": "source_reversal"},
    "J1": {"trajectory on a quadratic": "quadratic_paths", "loss curve": "loss_curves"},
}  # fmt: skip
PICTURES = sorted({function for seen in SEEN.values() for function in seen.values()})
MONOTONE_PARTS = 64


class Gallery(ImagePictures, SequencePictures, LanguagePictures):
    """Every picture; each is drawn once."""

    def drawn(self, name):
        """Return a picture, laid out as it will be printed."""
        figure = vars(self).get(name) or getattr(Gallery, name)(self)
        setattr(self, name, figure)
        FigureCanvasAgg(figure)
        figure.canvas.draw()
        return figure


@pytest.fixture(scope="module")
def numnet(assignment):
    """The solution's modules, given ones included, under no name that anybody else could import."""
    files = read_package(assignment.solution / "numnet")
    package = Package("numnet", files)
    package.install()
    try:
        paths = [path.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for path in files]
        modules = {path.split(".")[-1]: importlib.import_module(f"numnet.{path}") for path in sorted(paths, key=len, reverse=True) if "plots." not in path and path != "__init__"}
    finally:
        package.remove()
    return SimpleNamespace(**modules)
