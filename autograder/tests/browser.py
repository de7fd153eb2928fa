"""A headless Chromium for tests: it notes what a page says on its console and what it asks the network for."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE, DESK = (390, 844), (1280, 900)


@dataclass
class Visit:
    """An open page, and what it did: both lists stay empty if it is quiet."""

    page: "Page"
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """Return what axe-core finds wrong with the page, as rule and place."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]

    def is_wider_than_the_screen(self) -> bool:
        """Say whether a reader would have to scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Start the system's Chromium; skip the test, with the reason, where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("there is no Chromium here; `apt-get install chromium` brings one")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@contextmanager
def blank(browser: "Browser", *, size: tuple[int, int] = DESK, dark: bool = False) -> Iterator[Visit]:
    """Open an empty page, which is listened to from then on."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )  # fmt: skip
    seen = Visit(context.new_page())
    seen.page.on("console", lambda message: seen.said.append(message.text))
    seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
    seen.page.on("dialog", lambda dialog: seen.said.append(f"dialog {dialog.message}"))
    seen.page.on("request", lambda request: seen.asked.append(request.url))
    yield seen
    context.close()


@contextmanager
def visit(browser: "Browser", path: Path, *, size: tuple[int, int] = DESK, dark: bool = False) -> Iterator[Visit]:
    """Open a file as a person would."""
    with blank(browser, size=size, dark=dark) as seen:
        seen.page.goto(path.as_uri())
        seen.asked.remove(path.as_uri())
        yield seen
