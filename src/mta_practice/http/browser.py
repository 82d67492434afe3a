"""A frontend build under ``/buergeransicht/``, beside the API that it talks to."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Final

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

FRONT: Final = "/buergeransicht"

#: What a build consists of: not left to the tables of the machine it runs on.
_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}

_ANY: Final = "application/octet-stream"


def frontend(folder: Path) -> list[HTTPRouteHandler]:
    """Build the routes that serve *folder*; what it must hold is an index.html."""
    root = folder.resolve()

    @get(FRONT, sync_to_thread=True)
    def index() -> Response[bytes]:
        return _response(root, "index.html")

    @get(f"{FRONT}/{{path:path}}", sync_to_thread=True)
    def file(path: FromPath[Path]) -> Response[bytes]:
        return _response(root, str(path).lstrip("/"))

    return [index, file]


def find(root: Path, wanted: str) -> Path | None:
    """Give the file for the path *wanted* below *root*, None if there is none.

    A page of the frontend's own router (a name without a suffix) is the index. What
    leads out of *root*, by dots or by a link, is not there.
    """
    index = root / "index.html"
    try:
        found = (root / wanted).resolve()
        if not found.is_relative_to(root):
            return None
        if found.is_file():
            return found
    except (OSError, ValueError):  # too long a name, or a zero in it
        return None
    return None if found.suffix else index


def _response(root: Path, wanted: str) -> Response[bytes]:
    found = find(root, wanted)
    if found is None:
        return Response(b"Not found.", status_code=404, media_type="text/plain")
    return Response(
        found.read_bytes(),
        media_type=_media(found),
        headers={
            # A build is rebuilt while it is looked at.
            "Cache-Control": "no-cache",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _media(file: Path) -> str:
    suffix = file.suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(file.name)[0] or _ANY
