"""Where the master key comes from."""

from __future__ import annotations

import os
import stat
import tempfile
from base64 import b64decode, b64encode
from pathlib import Path

from mta_adapters.crypto.aes import KEY_BYTES
from mta_core.domain.errors import InvalidValue, StorageUnavailable

KEY_FILE = "master.key"
_MAKE_ONE = "openssl rand -base64 32"


def load_master_key(folder: Path, given: str | None) -> bytes:
    """Return the key that is given, else the one in the folder, made if need be.

    Whoever loses the key loses what it sealed: the file belongs into the backup, but
    not next to the database's.

    Args:
        folder: MTA's data folder; made if it is missing.
        given: the value of ``MTA_MASTER_KEY``: 32 bytes in base64.

    Raises:
        InvalidValue: the key is malformed, or others can read its file.
        StorageUnavailable: the file cannot be read or made.
    """
    if given and given.strip():
        return _decode(given, "MTA_MASTER_KEY")
    file = folder / KEY_FILE
    try:
        if not file.exists():
            _make(file)
        text = _read_private(file)
    except OSError as error:
        raise StorageUnavailable(
            f"The master key {file} cannot be read or made: {error.strerror}."
        ) from error
    return _decode(text, str(file))


def _decode(text: str, source: str) -> bytes:
    try:
        key = b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        # The text itself may be a key with a typing error: it is not shown.
        raise InvalidValue(
            f"{source} does not hold a master key: {KEY_BYTES} bytes in base64, as "
            f"`{_MAKE_ONE}` makes them."
        )
    return key


def _read_private(file: Path) -> str:
    with file.open(encoding="ascii", errors="replace") as stream:
        mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise InvalidValue(
                f"Others can read the master key {file} (mode {mode:o}): run "
                f"`chmod 600 {file}`, and replace the key if somebody may have."
            )
        return stream.read()


def _make(file: Path) -> None:
    """Make a key file at once or not at all; whoever comes second uses the first's."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Temporary files are for their owner alone, whatever the umask.
    handle, name = tempfile.mkstemp(prefix=f".{KEY_FILE}.", dir=file.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(b64encode(os.urandom(KEY_BYTES)) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        _publish(draft, file)
    finally:
        draft.unlink()


def _publish(draft: Path, file: Path) -> None:
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        return
    # What is sealed from now on is lost without the key: its name must last too.
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
