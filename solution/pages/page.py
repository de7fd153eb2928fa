"""A page in one file: the template NAME.html with the style, the script and the data that it needs in their places."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
SHARED = ("page.css", "page.js")  # in a template as /* page.css */
PLACE = ">null<"  # in a template, around the data


class PageError(Exception):
    """What cannot be shown, and why, in one sentence."""


def assemble(name: str, data: Mapping[str, Any]) -> str:
    """Return the page of that name about data: numbers, texts, arrays, and lists and dicts of these."""
    page = (FOLDER / f"{name}.html").read_text("utf-8")
    for part in SHARED:
        page = page.replace(f"/* {part} */", (FOLDER / part).read_text("utf-8").rstrip())
    try:
        text = json.dumps(data, allow_nan=False, default=lambda array: array.tolist())
    except ValueError as error:
        raise PageError(
            "the network has weights that are no finite numbers; python check.py says what is wrong"
        ) from error
    inert = text.replace("<", "\\u003c")  # a text may end the script that it stands in
    return page.replace(PLACE, f">{inert}<")
