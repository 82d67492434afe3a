"""Writing settings into ``.env``: the lines of everything else stay as they are."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from mta_core.domain.errors import InvalidValue, StorageUnavailable
from mta_entrypoints.settings import DOTENV, FILE_SUFFIX, in_dotenv

_PLAIN = re.compile(r"[\w@%+=:,./~-]*", re.ASCII)
"""What any reader of such files, docker's too, takes without quotes."""


def write(values: Mapping[str, str]) -> Path:
    """Set variables in ``.env`` of the present folder; it is for its owner alone.

    Returns:
        The file that was written.

    Raises:
        InvalidValue: a value cannot be kept in such a file. Nothing was written.
        StorageUnavailable: the file cannot be read or written. It is as it was.
    """
    file = Path(DOTENV).resolve()  # what a link points to is written, not the link
    present = in_dotenv()
    changed = {n: text for n, text in values.items() if present.get(n, "") != text}
    try:
        before = file.read_bytes().decode() if file.exists() else ""
        text = _checked("".join(_lines(before, changed)), changed)
        _replace(file, text)
    except OSError as error:
        raise StorageUnavailable(
            f"{file} cannot be read or written: {error.strerror}."
        ) from None
    return file


def _lines(before: str, changed: Mapping[str, str]) -> Iterator[str]:
    """Give the file's pieces anew; a changed variable stays where it first was."""
    left = dict(changed)
    last = "\n"
    for binding in parse_stream(StringIO(before, newline="")):
        piece = binding.original.string
        name = (binding.key or "").removesuffix(FILE_SUFFIX)
        if name in changed:
            blank = piece[: len(piece) - len(piece.lstrip())]
            piece = blank + _line(name, left.pop(name, ""))
        if piece:
            yield piece
            last = piece
    if not last.endswith(("\n", "\r")):
        yield "\n"
    for name, text in left.items():
        yield _line(name, text)


def _line(name: str, text: str) -> str:
    if not text:
        return ""
    if not _PLAIN.fullmatch(text):
        text = "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return f"{name}={text}\n"


def _checked(text: str, changed: Mapping[str, str]) -> str:
    """Return the text, if it will be read as it was meant."""
    for name, value in changed.items():
        if not value.isprintable() or _read(text, name) != value:
            # Such files have no way to write "${" as it is, or what cannot be seen.
            raise InvalidValue(f"{name} has characters that {DOTENV} cannot keep.")
    return text


def _read(text: str, name: str) -> str:
    return dotenv_values(stream=StringIO(text)).get(name) or ""


def _replace(file: Path, text: str) -> None:
    """Write all or nothing."""
    handle, name = tempfile.mkstemp(prefix=f"{DOTENV}.", dir=file.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
