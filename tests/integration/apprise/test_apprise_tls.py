"""Certificates are checked, unless a citizen says not to."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mta_core.domain.errors import DeliveryFailed
from tests.integration.apprise.letters import send
from tests.integration.apprise.loopback import WebServer

pytestmark = pytest.mark.integration


def a_certificate(folder: Path) -> ssl.SSLContext:
    """Make a certificate that nobody but its owner signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        key.private_bytes(
            pem,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.fixture
async def self_signed(tmp_path: Path) -> AsyncIterator[WebServer]:
    """A web server whose certificate nobody trusts."""
    async with WebServer(tls=a_certificate(tmp_path)) as server:
        yield server


async def test_a_certificate_that_nobody_trusts_is_not_trusted(
    self_signed: WebServer,
) -> None:
    with pytest.raises(DeliveryFailed, match="cannot be reached"):
        await send(f"jsons://127.0.0.1:{self_signed.port}/")
    assert not self_signed.requests


async def test_a_citizen_may_trust_their_own_server(self_signed: WebServer) -> None:
    """Without a warning, too: it would name the host, and here it would be an error."""
    await send(f"jsons://127.0.0.1:{self_signed.port}/?verify=no")
    assert len(self_signed.taken) == 1
