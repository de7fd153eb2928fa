"""The pictures of numnet.given.plots: every one that the homework names, readable in grey, the same every time."""

import doctest
import inspect
import subprocess
import sys
from functools import cache
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from autograder.tests.conftest import ROOT
from autograder.tests.gallery.images import ImagePictures
from autograder.tests.gallery.language import LanguagePictures
from autograder.tests.gallery.sequences import SequencePictures
from autograder.tests.homework import load

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
GREY = np.array([0.299, 0.587, 0.114])
SEEN_APART = 60  # of 255 shades
WITHOUT_MATPLOTLIB = """
import sys
sys.modules["matplotlib"] = None
import numnet.given.plots
"""


class Gallery(ImagePictures, SequencePictures, LanguagePictures):
    """Every picture."""


@pytest.fixture(scope="module")
def numnet():
    """The solution's modules by their last names, given ones included; nobody else can import them."""
    folder = ROOT / "solution" / "numnet"
    files = [path.relative_to(folder).with_suffix("") for path in sorted(folder.rglob("*.py"))]
    modules = load(*[".".join(file.parts) for file in files if file.name != "__init__"])
    drawing = modules.pop("given.plots")
    last = {name.split(".")[-1]: module for name, module in modules.items() if ".plots." not in name}
    return SimpleNamespace(**last, plots=drawing, parts=[modules[name] for name in modules if ".plots." in name])


@pytest.fixture(scope="module")
def drawing(numnet):
    """Return by its name what draws a picture: `drawing("zipf")()`."""
    gallery = Gallery(numnet)
    return cache(lambda name: getattr(gallery, name)())


class Printed:
    """A picture on paper: its figure, the texts that were printed with their boxes, and its pixels in grey."""

    def __init__(self, figure):
        """Print a figure, and keep note of every text on the way."""
        self.figure, self.texts, draw = figure, [], Text.draw

        def noted(text, renderer, *rest, **named):
            draw(text, renderer, *rest, **named)
            if text.get_visible() and text.get_text().strip():
                self.texts.append(text)

        canvas = FigureCanvasAgg(figure)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Text, "draw", noted)
            canvas.draw()
        self.boxes = [text.get_window_extent() for text in self.texts]
        self.grey = np.asarray(canvas.buffer_rgba())[::-1, :, :3] @ GREY  # row 0 at the bottom

    def axes(self) -> list[Axes]:
        """Return the axes that have axis lines, bars of colours included."""
        return [ax for ax in self.figure.axes if ax.axison]


@pytest.fixture(scope="module")
def printed(drawing):
    """Print a picture by its name."""
    return cache(lambda name: Printed(drawing(name)()))


def test_every_problem_has_its_pictures(assignment):
    """A problem of the assignment without a picture, or a letter of the homework without one, is a gap."""
    assert {problem.id for problem in assignment.problems} <= set(SEEN)
    assert {problem[0] for problem in SEEN} == set("ABCDEFGHIJ")


def test_the_door_has_every_picture_and_no_other(numnet):
    """`numnet.given.plots` offers what the table names, and a way to save it; its docstring lists it."""
    listed = numnet.plots.__doc__.split("pictures.\n")[1].split()

    assert sorted(numnet.plots.__all__) == sorted([*PICTURES, "save", "to_svg"])
    assert set(PICTURES) <= set(listed)


@pytest.mark.parametrize("name", PICTURES)
def test_picture_says_what_it_shows_and_what_to_see(numnet, name):
    """A docstring has a sentence, the shapes, and what one should see; the result is a figure."""
    function = getattr(numnet.plots, name)
    text = inspect.getdoc(function) or ""

    assert text.partition("\n")[0].endswith(".")
    assert "See: " in text
    assert inspect.signature(function).return_annotation == "Figure"
    assert {"ax", "figure"} & set(inspect.signature(function).parameters)


@pytest.mark.parametrize("name", PICTURES)
def test_picture_has_a_title_and_named_axes(printed, name):
    """An axis with numbers has a name, its own or that of the panel beside or below which shares it."""
    picture = printed(name)
    titles = [picture.figure.get_suptitle(), *(ax.get_title("left") for ax in picture.figure.axes)]

    assert any(len(title.split()) > 2 for title in titles)
    for ax in picture.axes():
        for which, axis in (("x", ax.xaxis), ("y", ax.yaxis)):
            ticks = [label for label in axis.get_ticklabels() if label in picture.texts]
            siblings = getattr(ax, f"get_shared_{which}_axes")().get_siblings(ax)
            assert not ticks or any(getattr(other, f"get_{which}label")() for other in siblings), (which, ax)


@pytest.mark.parametrize("name", PICTURES)
def test_texts_are_inside_and_apart(printed, name):
    """No text is cut off at an edge, and no two stand on each other."""
    picture = printed(name)
    width, height = picture.figure.bbox.size

    for text, box in zip(picture.texts, picture.boxes, strict=True):
        assert box.x0 > -1 and box.y0 > -1 and box.x1 < width + 1 and box.y1 < height + 1, text.get_text()
    for (one, box), (other, another) in combinations(zip(picture.texts, picture.boxes, strict=True), 2):
        across = min(box.x1, another.x1) - max(box.x0, another.x0)
        along = min(box.y1, another.y1) - max(box.y0, another.y0)
        assert across < 2 or along < 2, (one.get_text(), other.get_text())


@pytest.mark.parametrize("name", PICTURES)
def test_legend_can_be_read_in_grey(printed, name):
    """What a legend tells apart differs on a grey print, too."""
    picture = printed(name)
    legends = [*picture.figure.legends, *(ax.get_legend() for ax in picture.figure.axes if ax.get_legend())]

    for legend in legends:
        left = legend.get_window_extent().x0
        rows = [text.get_window_extent() for text in legend.get_texts()]
        height = int(min(box.height for box in rows))
        marks = [picture.grey[int(box.y0) : int(box.y0) + height, int(left) : int(box.x0)] for box in rows]
        for one, other in combinations(marks, 2):
            columns = min(one.shape[1], other.shape[1])
            assert np.abs(one[:, :columns] - other[:, :columns]).max() > SEEN_APART


@pytest.mark.parametrize("name", PICTURES)
def test_shades_go_one_way_or_have_signs(printed, name):
    """A map gets steadily lighter or darker; one with two signs marks the cells that are clearly off zero."""
    for ax in printed(name).axes():
        for image in ax.images:
            light = image.cmap(np.linspace(0, 1, 64))[:, :3] @ GREY
            steps = np.diff(light)
            signs = [mark for mark in ax.collections if mark.get_gid() == "sign"]
            assert np.all(steps >= 0) or np.all(steps <= 0) or signs


@pytest.mark.parametrize("name", PICTURES)
def test_same_numbers_make_the_same_bytes(numnet, drawing, name):
    """Two drawings of the same results are one file, without a date."""
    first, second = (numnet.plots.to_svg(drawing(name)()) for _ in range(2))

    assert first == second
    assert "dc:date" not in first


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_drawn_where_one_wants_it(drawing, name):
    """It goes into the axes or the figure that it is given, and returns the figure."""
    own = Figure(figsize=(12, 8), layout="constrained")
    takes_axes = "ax" in inspect.signature(drawing(name).func).parameters
    place = {"ax": own.subplots()} if takes_axes else {"figure": own}

    assert drawing(name)(**place) is own
    assert own.axes


def test_saved_pictures_are_the_same_bytes(numnet, drawing, tmp_path):
    """An SVG, a PNG and a PDF carry no date either."""
    for suffix in ("svg", "png", "pdf"):
        for number in (1, 2):
            numnet.plots.save(drawing("zipf")(), tmp_path / f"{number}.{suffix}")

        assert (tmp_path / f"1.{suffix}").read_bytes() == (tmp_path / f"2.{suffix}").read_bytes()


def test_a_notebook_shows_a_picture(numnet, drawing):
    """What a cell asks for is the same SVG."""
    figure = drawing("zipf")()

    assert figure._repr_svg_() == numnet.plots.to_svg(figure)
    assert figure._repr_svg_().startswith("<?xml")


def test_a_long_curve_is_calmed(numnet):
    """Of two thousand losses all are shown pale, and the means of stretches on top."""
    losses = np.linspace(4.0, 2.0, 2000)
    pale, calm = numnet.plots.loss_curves({"RNN": losses}).axes[0].lines

    assert (len(pale.get_xdata()), len(calm.get_xdata())) == (2000, 100)
    np.testing.assert_allclose(calm.get_ydata(), np.interp(calm.get_xdata(), np.arange(1, 2001), losses))


def test_a_broken_training_ends_in_a_cross(numnet):
    """A curve that stops being finite is drawn up to there; the cross stands on its last number."""
    figure = numnet.plots.loss_curves({"broken": [1.0, 3.0, np.inf, np.nan]})
    curve, cross = figure.axes[0].lines

    assert curve.get_ydata().tolist() == [1.0, 3.0]
    assert (cross.get_xdata().tolist(), cross.get_ydata().tolist(), cross.get_marker()) == ([2], [3.0], "x")


def test_the_package_is_there_without_matplotlib():
    """Whoever imports the pictures beside what is graded loses nothing where nothing can be drawn."""
    command = [sys.executable, "-W", "error", "-c", WITHOUT_MATPLOTLIB]
    ended = subprocess.run(command, cwd=ROOT / "solution", capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_examples_in_the_docstrings_hold(numnet):
    """What a docstring of the pictures shows is what comes out."""
    results = [doctest.testmod(part) for part in numnet.parts]

    assert sum(result.attempted for result in results) > 1
    assert sum(result.failed for result in results) == 0
