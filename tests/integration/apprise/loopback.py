"""A web server and a mail server on loopback, small and obedient."""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum
from typing import Any, Self

import attrs


class Manner(Enum):
    """How a web server answers."""

    PROMPT = "prompt"
    SILENT = "silent"
    DRIPPING = "dripping"  # a byte at a time, until it is enough


@attrs.frozen
class Request:
    """What somebody sent to a web server."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Read the body."""
        return json.loads(self.body)


@attrs.define
class Server:
    """A server that is there for as long as it is entered.

    Attributes:
        tls: makes it speak TLS.
    """

    tls: ssl.SSLContext | None = None
    port: int = attrs.field(default=0, init=False)
    _server: asyncio.Server | None = attrs.field(default=None, init=False)
    _talks: set[asyncio.Task[None]] = attrs.field(factory=set, init=False)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._accept, "127.0.0.1", 0, ssl=self.tls
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Take no more connections, and drop those that are open."""
        assert self._server is not None
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        await self._server.wait_closed()

    async def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):  # they hung up
                await self._talk(reader, writer)
        except asyncio.CancelledError:
            pass  # the server closes; asyncio would report it as an error
        finally:
            self._talks.discard(talk)
            writer.close()

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        raise NotImplementedError


@attrs.define
class WebServer(Server):
    """Notes every request and answers as it is told.

    Attributes:
        status: the answer; *once*: answers that come before it.
        body: what the answer holds. *headers*: more lines for its head.
        enough: ends what drips.
        taken: requests that were answered with 200.
    """

    status: int = 200
    once: list[int] = attrs.field(factory=list)
    body: bytes = b"{}"
    headers: str = ""
    manner: Manner = Manner.PROMPT
    enough: asyncio.Event = attrs.field(factory=asyncio.Event)
    requests: list[Request] = attrs.field(factory=list)
    taken: list[Request] = attrs.field(factory=list)

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        request = await _read_request(reader)
        self.requests.append(request)
        if self.manner is Manner.SILENT:
            await reader.read()  # until they hang up
        elif self.manner is Manner.DRIPPING:
            await self._drip(writer)
        else:
            status = self.once.pop(0) if self.once else self.status
            if status == 200:
                self.taken.append(request)
            head = f"HTTP/1.1 {status} So\r\nContent-Length: {len(self.body)}\r\n"
            head += f"Connection: close\r\n{self.headers}\r\n"
            writer.write(head.encode() + self.body)
            await writer.drain()

    async def _drip(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not self.enough.is_set():
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.01)


async def _read_request(reader: asyncio.StreamReader) -> Request:
    line, *rest = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
    pairs = (header.split(": ", 1) for header in rest if header)
    headers = {name.lower(): value for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(line, headers, body)


@attrs.define
class MailServer(Server):
    """Takes mails, as RFC 5321 wants it, or refuses them as it is told.

    Attributes:
        refusals: what a command, such as ``RCPT``, is answered with.
        once: like *refusals*, for the next such command only.
        logins: user and password of every login.
    """

    refusals: dict[str, str] = attrs.field(factory=dict)
    once: dict[str, str] = attrs.field(factory=dict)
    logins: list[tuple[str, str]] = attrs.field(factory=list)
    mails: list[EmailMessage] = attrs.field(factory=list)

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"220 mail.example.org ESMTP\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            if verb == "AUTH":
                self._note_login(line)
            refusal = self.once.pop(verb, None) or self.refusals.get(verb)
            if verb == "DATA" and not refusal:
                writer.write(b"354 go ahead\r\n")
                self._note_mail(await reader.readuntil(b"\r\n.\r\n"))
            writer.write(f"{refusal or _ANSWERS.get(verb, '250 ok')}\r\n".encode())
            await writer.drain()

    def _note_login(self, line: str) -> None:
        _, user, password = base64.b64decode(line.split()[-1]).decode().split("\0")
        self.logins.append((user, password))

    def _note_mail(self, data: bytes) -> None:
        undotted = data.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
        mail = message_from_bytes(undotted, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)


_ANSWERS = {
    "EHLO": "250-mail.example.org\r\n250 AUTH PLAIN",
    "AUTH": "235 welcome",
    "QUIT": "221 bye",
}
