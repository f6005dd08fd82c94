"""The browser for the tests of pages: the one on the machine, else Playwright's own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
USUAL = ("/usr/bin/chromium", "/usr/lib/chromium/chromium", "/snap/bin/chromium")
MISSING = (
    "there is no Chromium: `apt-get install chromium`, or `playwright install chromium`, "
    "or name one with CHROMIUM=/path/to/chromium"
)


def find_chromium() -> Path | None:
    """A Chromium that can be started, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return _program(named)
    for name in (*NAMES, *USUAL):
        found = _program(name)
        if found:
            return found
    return _of_playwright()


def _program(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def _of_playwright() -> Path | None:
    default = Path.home() / ".cache" / "ms-playwright"
    root = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or default)
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/*/headless_shell")
    found = [path for pattern in patterns for path in sorted(root.glob(pattern))]
    return found[-1] if found else None
