"""Leaves nothing of the library's log but codes: all else may be secret or personal."""

from __future__ import annotations

import logging
import re
import warnings

# 166 of Apprise's 183 plugins write an HTTP status as "error=404"; ntfy appends two
# digits of its own (40301). Mail servers' codes are in the text of smtplib's errors,
# as in (550, b'no such user'), or in a line for each recipient.
_HTTP = re.compile(r"\berror=(?P<code>\d{3})(?:\d\d)?\b")
_SMTP = re.compile(r"\((?P<code>\d{3}), b['\"]")
_SMTP_LINE = "Socket Exception: "
_RECIPIENT = re.compile(r"^SMTP recipient .* was refused: (?P<code>\d{3}) ", re.DOTALL)


def be_quiet() -> None:
    """Let the libraries' logs tell nobody anything, and Apprise itself codes only.

    Apprise logs addresses and whole messages, urllib3 paths with tokens in them;
    nobody else here uses either. Apprise says why something failed in its log alone,
    some of it at DEBUG, and keeps those lines for its caller: see `answers`.
    """
    apprise = logging.getLogger("apprise")
    apprise.addFilter(_only_codes)  # known ones are not added again
    apprise.propagate = False
    apprise.setLevel(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)
    # On 3.11 and 3.12 Apprise tries for imghdr while it loads; where warnings are
    # errors that would end the loading.
    warnings.filterwarnings("ignore", "'imghdr' is deprecated", DeprecationWarning)
    # Who writes verify=no knows it, and the warning names their host.
    warnings.filterwarnings("ignore", "Unverified HTTPS request")


def _only_codes(record: logging.LogRecord) -> bool:
    """Rewrite a record to ``http 404`` or ``smtp 550 451``; drop it without a code."""
    text = record.getMessage()
    codes = _HTTP.findall(text)
    kind = "http"
    if not codes:
        kind = "smtp"
        codes = (_SMTP if text.startswith(_SMTP_LINE) else _RECIPIENT).findall(text)
    record.msg, record.args = " ".join((kind, *codes)), ()
    record.exc_info = record.exc_text = record.stack_info = None
    return bool(codes)
