"""What is behind the edge in its tests: origins that note what they hear, originals, a catalogue with two aliases."""

import http.client
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from rendering.catalogue.catalogue import Alias, Bucket, Catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place
from tests.aws.cloudfront import Front
from tests.aws.ministack import REGION, Ministack
from tests.drawings import drawn, noise
from tests.edge.stacks import stack
from tests.rendering.moto_server import POLL
from tests.running import Running

CHROME = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


@dataclass
class Heard:
    """A request as it reached an origin."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Origin:
    """A server that notes what it hears, and hands it on to the service; or, without one, just answers."""

    service: Running | None = None
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        origin = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers.get("content-length", 0)))
                origin.heard.append(Heard(self.command, self.path, headers, body))
                status, said, content = origin.hand_on(self.command, self.path, headers)
                self.send_response_only(status)
                for name, value in said.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_HEAD = do_OPTIONS = do_POST = answer  # noqa: N815 - http.server's names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(POLL,), daemon=True).start()

    def hand_on(self, method: str, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if self.service is None:
            return 200, {"content-type": "text/plain", "content-length": "2"}, b"ok"
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
        try:
            connection.request(method, path.removeprefix("/production"), headers=headers)
            answer = connection.getresponse()
            said = {name.lower(): value for name, value in answer.getheaders() if name.lower() != "connection"}
            return answer.status, said, answer.read()
        finally:
            connection.close()

    def last(self) -> Heard:
        return self.heard[-1]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def reaching(**origins: Origin | Front) -> str:
    """The template for this machine: with its API Gateways' addresses replaced, and without TLS."""
    whole = stack("edge")
    statements = whole["Resources"]["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    statements[:] = [one for one in statements if one["Sid"] != "OnlyEncrypted"]
    for one in whole["Resources"]["Distribution"]["Properties"]["DistributionConfig"]["Origins"]:
        if one["Id"] in origins:
            one["DomainName"] = "localhost"
            port = origins[one["Id"]].server.server_port
            one["CustomOriginConfig"] = {"OriginProtocolPolicy": "http-only", "HTTPPort": port}
    return json.dumps(whole)


def firewall() -> str:
    """The template `global` without what the emulator has not: sets of addresses, and the delivery of logs."""
    whole = stack("global")
    lacking = ("AWS::WAFv2::IPSet", "AWS::Logs::Delivery")
    whole["Resources"] = {name: one for name, one in whole["Resources"].items() if not one["Type"].startswith(lacking)}
    acl = whole["Resources"]["WebAcl"]["Properties"]
    acl["Rules"] = [rule for rule in acl["Rules"] if "Fn::If" not in rule]
    return json.dumps(whole)


def publish(aws: Ministack, bucket: str) -> None:
    """Originals in a bucket of their own, and a catalogue with two aliases."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="acme-photos", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="acme-photos", Key="people/one (1).jpg", Body=drawn())
    s3.put_object(Bucket="acme-photos", Key="large.png", Body=noise(3200, 3200))
    published = Catalogue.of(
        1,
        [Bucket("photos", Place("s3", "acme-photos", region=REGION))],
        [
            Alias("ios", 1, "photos", Recipe(Geometry(width=90, height=90), Encoding(format="auto"))),
            Alias("large", 1, "photos", Recipe(encoding=Encoding(format="png"))),
        ],
    )
    s3.put_object(Bucket=bucket, Key="catalogue/catalogue.json", Body=published.encode())
