"""The certificate authority of this installation, which only our own browser believes.

Chromium is told the hash of the key that all our leaf certificates carry, so it believes exactly
the holder of that key, and no system store learns of us.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import ipaddress
import os
import ssl
import stat
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from schema.errors import BadSettings

NAME = "ghostproof gate"
LIFE = timedelta(days=3650)
LEAF_LIFE = timedelta(days=365)
CLOCK_OFF = timedelta(days=1)
OTHERS = stat.S_IRWXG | stat.S_IRWXO
PEM = serialization.Encoding.PEM
Key = ec.EllipticCurvePrivateKey


class Authority:
    """Signs leaf certificates; its two keys stay in files that only their owner can read."""

    def __init__(self, folder: Path) -> None:
        """Load the keys from the folder, or make them there on the first start."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / "lock").open("w") as lock:  # two gates may start at once
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._key = _kept_key(folder / "ca.key")
            self._leaf_key = _kept_key(folder / "leaf.key")
        self._certificate = _authority(self._key)
        self._contexts: dict[str, ssl.SSLContext] = {}

    @property
    def spki(self) -> str:
        """The leaf key's hash, as Chromium's list of believed keys wants it."""
        public = self._leaf_key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(hashlib.sha256(public).digest()).decode()

    def context(self, host: str) -> ssl.SSLContext:
        """Return a server's TLS settings for one host, HTTP/1.1 only."""
        if host not in self._contexts:
            self._contexts[host] = self._made(host)
        return self._contexts[host]

    def _made(self, host: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        chain = self._leaf(host).public_bytes(PEM) + self._certificate.public_bytes(PEM)
        # OpenSSL reads from files only; this one is private to us and gone at once.
        with tempfile.NamedTemporaryFile(prefix="gate-") as file:
            file.write(_pem(self._leaf_key) + chain)
            file.flush()
            context.load_cert_chain(file.name)
        return context

    def _leaf(self, host: str) -> x509.Certificate:
        try:
            name: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            name = x509.DNSName(host)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        unsigned = (
            _unsigned("a site behind the gate", self._leaf_key, LEAF_LIFE)
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .add_extension(issuer, critical=False)
            .add_extension(server, critical=False)
        )
        return unsigned.sign(self._key, hashes.SHA256())


def _authority(key: Key) -> x509.Certificate:
    may_sign = x509.KeyUsage(
        key_cert_sign=True,
        **dict.fromkeys(("digital_signature", "content_commitment", "key_encipherment"), False),
        **dict.fromkeys(("data_encipherment", "key_agreement", "crl_sign"), False),
        **dict.fromkeys(("encipher_only", "decipher_only"), False),
    )
    unsigned = (
        _unsigned(NAME, key, LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(may_sign, critical=True)
    )
    return unsigned.sign(key, hashes.SHA256())


def _unsigned(name: str, key: Key, life: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(NAME))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_OFF)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _kept_key(path: Path) -> Key:
    if not path.exists():
        new = path.with_name(path.name + ".new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_pem(ec.generate_private_key(ec.SECP256R1())))
        new.replace(path)
    if path.stat().st_mode & OTHERS:
        raise BadSettings(
            f"the gate's key {path} is open to others",
            remedy="remove it: whoever read it could stand between the browser and the site",
        )
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except ValueError:
        key = None
    if not isinstance(key, Key):
        raise BadSettings(f"{path} is no key of ours", remedy="remove it; a new one is made")
    return key


def _pem(key: Key) -> bytes:
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
