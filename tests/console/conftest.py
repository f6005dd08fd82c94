"""The running page, one for each file of tests; each test has senders of its own."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from tests.console.server import Assistant, Served, echo, served


@pytest.fixture(scope="module")
def running_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("chat")) as page:
        yield page


@pytest.fixture
def page(running_page: Served) -> Served:
    """The page with an assistant that echoes and has heard nothing yet."""
    running_page.assistant.__dict__.update(Assistant(script=echo).__dict__)
    return running_page


@pytest.fixture
def http(page: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=page.url, timeout=10) as client:
        yield client


@pytest.fixture
def sender() -> str:
    return uuid4().hex
