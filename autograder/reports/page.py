"""One self-contained page from a template: nothing is fetched, and what a value holds is text.

Every value passes `_inert`, then jinja2's autoescape. A policy in the page itself allows its one style and its one
script, by their hashes, and nothing else: what got past both would still not run.
"""

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder.reports.text import clipped, plain, printable


def render(template: str, *, script: str = "", **values: object) -> bytes:
    """Fill a template; script: the name of the only script that the page may run."""
    style, program = _source("page.css"), _source(script) if script else ""
    allowed = {"style-src": _hash(style), "script-src": _hash(program) if script else "'none'"}
    rest = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'"
    policy = "; ".join([rest, *(f"{what} {source}" for what, source in allowed.items())])
    page = _environment().get_template(template)
    return page.render(style=Markup(style), script=Markup(program), policy=policy, **values).encode()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("autograder.reports"), autoescape=True, undefined=StrictUndefined, finalize=_inert,
        auto_reload=False, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals.clear()  # they would be copied for every page, and no template asks for one
    made.filters["plain"] = plain
    return made


def _inert(value: object) -> object:
    """Make a value fit to be shown, unless it is markup of ours."""
    return printable(clipped(value)) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _source(name: str) -> str:
    environment = _environment()
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


@cache
def _hash(source: str) -> str:
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return f"'sha256-{digest}'"
