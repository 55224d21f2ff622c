"""Paths and keys: hostile ones, of our own and from files, and odd keys that have to be served.

A file of hostile paths is JSON: a list of objects with `id`, `cat`, `method`, `path`, `expect` ("reject" or "no5xx")
and, if need be, `headers`, `body`, `rawreq`, `forbid`, `clamp_ok`. In all of them {pre}, {dim}, {ok}, {canary}, {cport}
and {id} are replaced. A file that lists texts has keys.
"""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from . import asking
from .service import BUCKET, CLOSED, ORDINARY, SECRET, Service
from .shots import Kind, Shot, Wanted, get

SIDE = 100
#: Categories of requests that are no HTTP, or too long for it.
MALFORMED = {"smuggle", "long", "method"}
#: Keys as people name their files.
KEYS = (
    "image with space.jpg", "plus+sign.jpg", "100%.jpg", "percent%20literal.jpg", "hash#tag.jpg", "question?mark.jpg",
    "amp&ersand.jpg", "at@2x.jpg", "semi;colon.jpg", "comma,name.jpg", "paren(1).jpg", "brackets[1].jpg",
    "quote'single.jpg", 'quote"double.jpg', "tilde~.jpg", "dollar$.jpg", "pipe|.jpg", "UPPER.JPG", "noext",
    ".hidden.jpg", "dots...jpg", "trailing.", "a/b/c/d/deep.jpg", "unsafe/100x100/looks-like-a-url.jpg",
    "filters:blur(1)/tricky.jpg",
    "fit-in/100x100/tricky.jpg", "smart/x.jpg", "ünïcödé.jpg", "e\u0301 decomposed.jpg", "日本語.jpg", "emoji 🦊.jpg",
    "ملف.jpg", "zero\u200bwidth.jpg", "x" * 200 + ".jpg", "-/info/x.jpg", "http:/x.jpg", "%2e%2e.jpg", "ﬁ ligature.jpg",
)  # fmt: skip
#: What is refused, under {pre}/{dim}/ unless it begins with a slash.
REFUSED = (
    "files/../files/{ok}", "files/%2e%2e/{ok}", "..%2f..%2fetc/passwd", "files/..%5c..%5cetc/passwd",
    "files//etc/passwd", "files/....//....//etc/passwd", "files/%c0%ae%c0%ae/etc/passwd",
    "files/%252e%252e/etc/passwd", "files/a%00.jpg",
    "files/%ff%fe.jpg", "files/%ed%a0%80", "files/%0d%0aSet-Cookie:%20pwn=1", "files/%0a", "files/", "files", "",
    "file:///etc/passwd", "http://{canary}/x.jpg", "http:%2f%2f{canary}%2fx.jpg", "//{canary}/x.jpg", "s3://files/{ok}",
    f"{CLOSED}/{SECRET}", "files/.", "files/..", "files/missing.jpg?versionId=null", "nobucket/x.jpg", "files/{ok}/x",
    "/pictures/../../etc/passwd", "/pictures/%2e%2e/%2e%2e/etc/passwd", "/pictures/", "/pictures", "/pictures@9x/{ok}",
    "/-/d/../../log", "/-/d/%2e%2e/%2e%2e/log", "/-/d/" + "0" * 64, "/-/info/", "/-/info/unsafe/", "/-/../log",
    "/unsafe", "/unsafe/", "//unsafe/100x100/{ok}", "/x" + "A" * 27 + "=/100x100/{ok}", "/%00/100x100/{ok}",
    "/unsafe/100x100/" + "a/" * 3000, "/.git/config", "/manage.py", "/admin/", "/static/../settings.py", "/favicon.png",
)  # fmt: skip
#: Where anything may follow but a fault: filters and sizes, followed by the ordinary picture.
FILTERS = (
    f"watermark({CLOSED}/{SECRET},0,0,0)", f"frame({CLOSED}/{SECRET})", "watermark(http://{canary}/x.png,0,0,0)",
    "frame(http://{canary}/x.png)", "fill(http://{canary})", "blur(1e308)", "blur(nan)", "blur(-1)",
    "blur(99999999999)", "quality(0)", "quality(99999)", "quality()", "rotate(1e9)", "proportion(1e9)",
    "proportion(-1)", "max_bytes(-1)",
    "max_bytes(1)", "rgb(1e9,0,0)", "round_corner(1e9,0,0,0)", "round_corner(1|1|1|1|1)", "convolution(1,0,true)",
    "convolution(" + "1;" * 200 + "1,3,true)", "convolution(nan;nan;nan;nan,2,true)", "fill(#zzz)", "fill(\x1b[31m)",
    "format(exe)", "format(../../x)", "noise(1e9)", "curve([(0,0)])", "curve([" + "(0,0)," * 300 + "(1,1)])", "blur(1",
    "blur(1))", "((((((((", "blur(" * 400, ":".join(["blur(1)"] * 300), "padding(99999,99999,99999,99999)", "stretch(",
    "focal(-1x-1:99999999999x1)", "focal(0x0:0x0)", "expire(0)", "expire(99999999999999999999)", "max_age(-1)",
    "brightness(\u0661)", "brightness(１)", "sharpen(1e9,1e9,true)", "dpr(1e9)", "equalize():" * 100, "{{7*7}}()",
)  # fmt: skip
SIZES = (
    "0x0", "-0x-0", "99999999999x1", "1x1000000", "65536x65536", "1e3x1e3", "0x64x0x64", "\u0661x\u0661", "4096x4096",
    "1_0x1_0", "fit-in/0x0", "full-fit-in/99999x1", "adaptive-fit-in/1x99999", "trim", "trim:-1", "trim:999999999",
    "0x0:0x0/9x9", "-5x-5:-1x-1/9x9", "999999999x0:0x999999999/9x9", "1x1:2x2/0x0/smart", "smart/0x1", "meta",
    "debug/9x9",
)  # fmt: skip
HEADERS: tuple[dict[str, str], ...] = (
    {"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"X-Viewer-Host": "evil.example"},
    {"X-Forwarded-For": "' OR 1=1 --"}, {"Accept": "*/*;q=" + "9" * 3000}, {"Accept": "image/\u00ff"},
    {"If-None-Match": '"' + "x" * 5000 + '"'}, {"If-Modified-Since": "Not A Date"}, {"Range": "bytes=0-0,1-1,2-2"},
    {"Range": "bytes=" + "0-," * 1000}, {"DPR": "1e9"}, {"Cookie": "a=" + "b" * 4000},
    {"X-Request-Id": "<script>alert(1)</script>"}, {"X-HTTP-Method-Override": "DELETE"}, {"Content-Length": "0"},
    {"Authorization": "Basic " + "A" * 2000}, {"Accept": ",".join(["image/webp;q=0.1"] * 400)},
    {"If-None-Match": ",".join(f'"{one}"' for one in range(1100))}, {f"X-{one}": "a" * 8000 for one in range(99)},
    {f"X-{one}": "a" for one in range(150)}, {"X-Forwarded-For": "192.0.2.1," * 800},
)  # fmt: skip
#: What AWS's image handler would be sent, in base64.
DOCUMENTS = (
    '{"a":' * 1200, "[" * 5500, '{"bucket":"files","key":"ordinary.jpg","edits":' + '{"a":' * 900 + "1" + "}" * 901,
    *(
        f'{{"bucket":"files","key":"{key}","edits":{edits}}}'
        for key, edits in (
            (ORDINARY, '{"resize":{"width":1' + "0" * 3000 + "}}"), (ORDINARY, '{"resize":{"width":1e999}}'),
            (ORDINARY, '{"resize":{"width":NaN}}'), ("\\ud800.jpg", "{}"), ("\\u0000.jpg", "{}"),
            ("../" + ORDINARY, "{}"), (ORDINARY, '{"rotate":1e308,"extract":{"left":-1,"top":1e99,"width":0}}'),
            (ORDINARY, '{"sharpen":{"sigma":1e9},"blur":1e9}'),
            (ORDINARY, '{"overlayWith":{"bucket":"closed","key":"secret.jpg","alpha":"0"}}'),
            (ORDINARY, "{" + ",".join(f'"{one}":{one}' for one in range(400)) + "}"),
        )
    ),
)  # fmt: skip
METHODS = ("POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get", "GET\tX", "X" * 300)
FORBIDDEN = ("root:x:0:0", "evil.example", "Set-Cookie: pwn", "X-Injected", "<script>alert(1)</script>", "SECRET_KEY")


def replaced(text: str, service: Service, name: str) -> str:
    """The text with what stands in braces replaced."""
    port = service.canary.server_port
    values = {
        "{pre}": "/unsafe",
        "{dim}": f"{SIDE}x{SIDE}",
        "{ok}": f"{BUCKET}/{ORDINARY}",
        "{canary}": f"127.0.0.1:{port}",
        "{cport}": str(port),
        "{id}": f"{name}{time.time_ns()}",
    }
    for what, value in values.items():
        text = text.replace(what, value)
    return text


def own() -> Iterator[dict[str, Any]]:
    """Our own hostile paths, as a file would have them."""
    for number, path in enumerate(REFUSED):
        whole = path if path.startswith("/") else f"{{pre}}/{{dim}}/{path}"
        yield {"id": f"refused-{number}", "cat": "own", "method": "GET", "path": whole, "expect": "reject"}
    for number, filters in enumerate(FILTERS):
        path = f"{{pre}}/{{dim}}/filters:{quote(filters, safe='{}')}/{{ok}}"
        yield {"id": f"filters-{number}", "cat": "own", "method": "GET", "path": path}
    for number, size in enumerate(SIZES):
        yield {"id": f"size-{number}", "cat": "own", "method": "GET", "path": f"{{pre}}/{quote(size)}/{{ok}}"}
    for number, document in enumerate(DOCUMENTS):
        path = f"/{urlsafe_b64encode(document.encode()).decode()}"
        yield {"id": f"document-{number}", "cat": "own", "method": "GET", "path": path}
    for number, headers in enumerate(HEADERS):
        entry = {
            "id": f"headers-{number}",
            "cat": "own",
            "method": "GET",
            "path": "{pre}/{dim}/{ok}",
            "headers": headers,
        }
        yield entry
    for number, method in enumerate(METHODS):
        yield {
            "id": f"method-{number}",
            "cat": "method",
            "method": method,
            "path": "{pre}/{dim}/{ok}",
            "expect": "reject",
        }


def shot(service: Service, entry: Mapping[str, Any]) -> Shot:
    """The shot of an entry of a file of hostile paths."""
    name = f"{entry['cat']}/{entry['id']}"
    path = replaced(entry["path"], service, name)
    if raw := entry.get("rawreq"):
        text = raw.replace("{path}", path).replace("{host}", f"127.0.0.1:{service.port}")
        request = text.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1).encode("latin-1", "replace")
    else:
        headers = {key: replaced(value, service, name) for key, value in (entry.get("headers") or {}).items()}
        request = asking.compose(path, entry["method"], headers, entry.get("body"))
    return Shot(
        Kind.PATH,
        name,
        (request,),
        Wanted.REFUSAL if entry.get("expect") == "reject" else Wanted.ANYTHING,
        entry.get("clamp_ok"),
        tuple(entry.get("forbid") or FORBIDDEN),
        entry["cat"] in MALFORMED,
    )


def read(files: Sequence[Path]) -> tuple[list[dict[str, Any]], list[str]]:
    """The hostile paths and the keys of files."""
    entries, keys = list[dict[str, Any]](), list[str]()
    for path in files:
        for one in json.loads(path.read_text()):
            (keys if isinstance(one, str) else entries).append(one)
    return entries, keys


def storable(key: str) -> bool:
    """Whether a folder can hold an original under that key; the service refuses backslashes there."""
    segments = key.split("/")
    return "\\" not in key and all(one not in ("", ".", "..") and len(one.encode()) < 250 for one in segments)


def key_shots(keys: Sequence[str]) -> list[Shot]:
    prefix = f"/unsafe/{SIDE}x{SIDE}/{BUCKET}"
    return [get(Kind.KEY, key, f"{prefix}/{quote(key)}", Wanted.PICTURE, SIDE) for key in keys]
