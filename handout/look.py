"""Look into your network: train it, and write a page that runs it in any browser.

    python look.py         the small CNN of A5, which reads what you draw: network.html
    python look.py lm      the language model of H2 with the LSTM, which writes on where you stop: lm.html
    python look.py quiz    which one is real, and which one did your language model write: quiz.html

A page is one file, and needs no network; to make it takes your numnet, and nothing but NumPy.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices are multiplied fastest by one thread

from numnet.given.data import DataError
from pages import cnn, lm, quiz
from pages.page import PageError

PAGES = {"cnn": cnn, "lm": lm, "quiz": quiz}
FILES = {"cnn": Path("network.html"), "lm": Path("lm.html"), "quiz": Path("quiz.html")}


def main() -> int:
    """Train, write the page, and say where it is and how good the network is."""
    options = read_options()
    out = options.out or FILES[options.page]
    try:
        page, said = look(options)
        out.write_text(page, "utf-8")
    except NotImplementedError as missing:
        command = "look.py" if options.page == "cnn" else f"look.py {options.page}"
        print(f"{missing}; {command} needs {PAGES[options.page].NEEDS}", file=sys.stderr)
        return 2
    except (DataError, PageError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{out}: {error.strerror or error}", file=sys.stderr)
        return 2
    print(f"{out}: open it in a browser; {said}")
    return 0


def read_options() -> argparse.Namespace:
    """Read the command line; end with a sentence where it is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", nargs="?", choices=PAGES, default="cnn", help="which page to write; default: cnn")
    parser.add_argument("--epochs", type=count, default=12, help="cnn: how often every digit is seen; default: 12")
    parser.add_argument("--filters", type=count, default=8, help="cnn: how many filters the network has; default: 8")
    parser.add_argument("--steps", type=count, default=1600, help="lm, quiz: how long to train; default: 1600")
    parser.add_argument("--out", type=Path, help="the page; default: network.html, lm.html, quiz.html")
    return parser.parse_args()


def count(text: str) -> int:
    """Read a whole number above zero."""
    if (number := int(text)) < 1:
        raise ValueError
    return number


def look(options: argparse.Namespace) -> tuple[str, str]:
    """Return the page, and what is to be said about the network."""
    if options.page == "cnn":
        page, right = cnn.look(options.epochs, options.filters)
        return page, f"the network reads {right:.0%} of the digits that it has not seen"
    book, module = lm.book(), PAGES[options.page]
    tried, seconds = lm.try_out(book)
    module.page(tried)  # what is not written is said before the long wait
    print(f"reading {book.title}: {options.steps} steps, about {seconds * options.steps:.0f} s here", file=sys.stderr)
    writer = lm.train(book, options.steps)
    return module.page(writer), f"a character that it has not read costs it {lm.loss(writer):.2f} nats"


if __name__ == "__main__":
    sys.exit(main())
