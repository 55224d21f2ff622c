"""An identity provider that speaks SAML, made of pysaml2: who is asked for is logged in, without a password.

    python -m tests.aliases.access.saml_provider FOLDER PORT '{"ann": {"mail": ["ann@example.com"]}}'

Parameters of its page of log-in choose what it does: `who` is logged in; `sign` is “assertion”, or what else to sign:
“response” or “nothing”; `key` is “own” or “forged”; `digest` is “sha256” or “sha1”; `issued` is the id of the request
that is answered, else that of the one that came.
"""

import base64
import json
import sys
import zlib
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import lxml.etree
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.authn_context import PASSWORD
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_URI, NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA1, DIGEST_SHA256, SIG_RSA_SHA1, SIG_RSA_SHA256


class Provider:
    """`people` have attributes by name."""

    def __init__(self, folder: Path, port: int, people: dict[str, dict[str, Any]]) -> None:
        self.folder, self.people, self.url = folder, people, f"http://127.0.0.1:{port}"
        for name in ("own", "forged"):
            make_key(folder, name)

    def config(self, key: str = "own", *metadata: str) -> IdPConfig:
        single_sign_on = [(f"{self.url}/sso", BINDING_HTTP_REDIRECT)]
        policy = {"default": {"lifetime": {"minutes": 5}, "name_form": NAME_FORMAT_URI}}
        idp = {"endpoints": {"single_sign_on_service": single_sign_on}, "policy": policy}
        return IdPConfig().load(
            {
                "entityid": f"{self.url}/metadata",
                "service": {"idp": idp},
                "metadata": {"inline": list(metadata)},
                "key_file": str(self.folder / f"{key}.key"),
                "cert_file": str(self.folder / f"{key}.pem"),
                "xmlsec_binary": sys.executable,  # it has a program sign, which `sign` replaces
            }
        )

    def metadata(self) -> str:
        config = self.config()
        config.xmlsec_binary = None  # it would be asked what it can do
        return str(entity_descriptor(config))

    def answer(
        self,
        request: str,
        relay: str,
        who: str = "ann",
        sign: str = "assertion",
        key: str = "own",
        digest: str = "sha256",
        issued: str = "",
    ) -> str:
        """A page that posts to the service that `who` has logged in."""
        asked = lxml.etree.fromstring(zlib.decompress(base64.b64decode(request), -15))
        with urlopen(asked.findtext("{*}Issuer")) as metadata:
            server = Server(config=self.config(key, metadata.read().decode()))
        server.sec.crypto.sign_statement = sign_node
        arguments = server.response_args(server.parse_authn_request(request, BINDING_HTTP_REDIRECT).message)
        response = server.create_authn_response(
            identity=self.people[who],
            userid=who,
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=who),
            authn={"class_ref": PASSWORD},
            sign_assertion=sign == "assertion",
            sign_response=sign == "response",
            in_response_to=issued or arguments["in_response_to"],
            destination=arguments["destination"],
            sp_entity_id=arguments["sp_entity_id"],
            sign_alg=SIG_RSA_SHA1 if digest == "sha1" else SIG_RSA_SHA256,
            digest_alg=DIGEST_SHA1 if digest == "sha1" else DIGEST_SHA256,
        )
        posted = server.apply_binding(BINDING_HTTP_POST, str(response), arguments["destination"], relay, response=True)
        return str(posted["data"])


def sign_node(statement: Any, node_name: str, key_file: str, node_id: str) -> str:
    """What pysaml2 has the program xmlsec1 do: fill in the signature of one node."""
    root = lxml.etree.fromstring(statement if isinstance(statement, bytes) else str(statement).encode())
    xmlsec.tree.add_ids(root, ["ID"])
    (node,) = root.xpath("//*[@ID=$wanted]", wanted=node_id)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(key_file, xmlsec.constants.KeyDataFormatPem)
    context.sign(node.find(f"{{{xmlsec.constants.DSigNs}}}Signature"))
    return str(lxml.etree.tostring(root, encoding="unicode"))


def make_key(folder: Path, name: str) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    signed = certificate.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1)).sign(key, SHA256())
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    (folder / f"{name}.key").write_bytes(plain)
    (folder / f"{name}.pem").write_bytes(signed.public_bytes(Encoding.PEM))


def handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/metadata":
                body, kind = provider.metadata(), "application/xml"
            else:
                said = {name.lower(): values[0] for name, values in parse_qs(parts.query).items()}
                request, relay = said.pop("samlrequest"), said.pop("relaystate", "")
                body, kind = provider.answer(request, relay, **said), "text/html"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

    return Handler


if __name__ == "__main__":
    place, port, people = Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
    ThreadingHTTPServer(("127.0.0.1", port), handler(Provider(place, port, people))).serve_forever()
