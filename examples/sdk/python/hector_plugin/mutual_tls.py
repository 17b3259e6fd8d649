"""go-plugin's AutoMTLS: each side trusts exactly the certificate that the other announced."""

import base64
import datetime
import ssl
from typing import Tuple

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def credentials(host_certificate: str) -> Tuple[grpc.ServerCredentials, str]:
    """Returns server credentials that trust only the PEM `host_certificate`, and our certificate
    in the form of the handshake's sixth field: DER in base64 without padding."""
    key, certificate = identity()
    server = grpc.ssl_server_credentials(
        [(key, certificate)], root_certificates=host_certificate.encode(),
        require_client_auth=True)
    der = ssl.PEM_cert_to_DER_cert(certificate.decode())
    return server, base64.b64encode(der).decode().rstrip("=")


def identity() -> Tuple[bytes, bytes]:
    """Returns a fresh private key and its certificate for one process, both as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(seconds=30))
        # As long as go-plugin's, because a plugin may be kept running.
        .not_valid_after(now + datetime.timedelta(days=30 * 365))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption())
    return private, certificate.public_bytes(serialization.Encoding.PEM)
