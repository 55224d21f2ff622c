"""The certificates by which the admin knows its database on RDS. AWS publishes them by region, and no system comes with
them."""

import os
import re
import ssl
import urllib.request
from pathlib import Path

from ..stages import ADMIN, ROOT, Refused, Stage

#: Where downloads are kept, and where the package has one.
FOLDER, PACKED = ROOT / "build/certificates", "certificates/rds.crt"
#: docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html. RDS_CERTIFICATES_URL names another.
SOURCE = "https://truststore.pki.rds.amazonaws.com/{region}/{region}-bundle.pem"
TIMEOUT = 30
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\s*", re.DOTALL)


def ensure(region: str) -> Path:
    """The file with the region's certificates, downloaded if it is missing. Raises Refused."""
    path = FOLDER / f"{region}.crt"
    if not path.exists():
        content = downloaded(os.environ.get("RDS_CERTIFICATES_URL") or SOURCE.format(region=region))
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_text(content)
        unfinished.replace(path)
    return path


def packed(stage: Stage) -> dict[str, bytes]:
    """What the stage's package has of them: the admin's, where they were downloaded."""
    path = FOLDER / f"{stage.region}.crt"
    return {PACKED: path.read_bytes()} if stage.name.endswith(ADMIN) and path.exists() else {}


def downloaded(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310 - AWS's, or what the caller named
            text = answer.read().decode("ascii")
        found = CERTIFICATE.findall(text)
        for one in found:
            ssl.PEM_cert_to_DER_cert(one.strip())
    except (OSError, ValueError) as error:
        raise Refused(f"The certificates of RDS cannot be had from {url}: {error}") from None
    if not found:
        raise Refused(f"What {url} answers is no list of certificates; set RDS_CERTIFICATES_URL to one")
    return "".join(found)
