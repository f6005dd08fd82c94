"""The chat page's files, read once, packed, and served with strict headers."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

STATIC = Path(__file__).parent / "static"
PAGE = "index.html"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
ALWAYS_ASK = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """A file, plain and packed; `tag` changes when its content does."""

    kind: str
    body: bytes
    packed: bytes
    tag: str

    @classmethod
    def of(cls, kind: str, body: bytes) -> Asset:
        tag = hashlib.blake2b(body, digest_size=8).hexdigest()
        return cls(kind, body, gzip.compress(body, mtime=0), tag)


@lru_cache(maxsize=1)
def assets() -> dict[str, Asset]:
    """Every file by name; the page names the others with their tags."""
    found = {
        path.name: Asset.of(KINDS[path.suffix], path.read_bytes())
        for path in sorted(STATIC.iterdir())
    }
    page = found[PAGE].body
    for name, asset in found.items():
        page = page.replace(f"{name}?v=".encode(), f"{name}?v={asset.tag}".encode())
    return {**found, PAGE: Asset.of(found[PAGE].kind, page)}


def serve_page(request: Request) -> HTTPResponse:
    """The page itself: small, so the browser asks each time whether it changed."""
    return _serve(request, assets()[PAGE], ALWAYS_ASK)


def serve_asset(request: Request, name: str) -> HTTPResponse:
    """A file of the page, by its plain name."""
    asset = assets().get(name)
    if asset is None:
        return response.json({"error": "Cette page n'existe pas."}, 404, HEADERS)
    current = request.args.get("v") == asset.tag
    return _serve(request, asset, FOR_EVER if current else ALWAYS_ASK)


def add_page(app: Sanic) -> None:
    """Serve the page at "/", in the place of Rasa's "Hello from Rasa"."""
    app.register_middleware(_front_door, "request")


def _front_door(request: Request) -> HTTPResponse | None:
    return serve_page(request) if request.path == "/" and request.method == "GET" else None


def _serve(request: Request, asset: Asset, cache: str) -> HTTPResponse:
    etag = f'W/"{asset.tag}"'
    headers = {**HEADERS, "Cache-Control": cache, "ETag": etag, "Vary": "Accept, Accept-Encoding"}
    if etag in request.headers.get("if-none-match", ""):
        return response.raw(b"", 304, headers, asset.kind)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return response.raw(asset.body, 200, headers, asset.kind)
    headers["Content-Encoding"] = "gzip"
    return response.raw(asset.packed, 200, headers, asset.kind)
