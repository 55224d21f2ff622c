"""Files to fire as originals: those of a folder or, without one, the samples of the demo with something broken."""

import random
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from benchmarks import page

from .service import BUCKET
from .shots import Kind, Shot, get

SAMPLES = page.ROOT / "samples"
#: The box that every file is asked for in.
SIDE = 100
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "ICO", "JPEG2000")
#: Files of another kind, by name.
OTHERS = {
    "empty.jpg": b"",
    "one-byte.png": b"\x89",
    "page.jpg": b"<html><script>alert(1)</script></html>",
    "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "document.pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "postscript.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n",
    "script.mvg": b"push graphic-context\nimage over 0,0 0,0 'https://127.0.0.1/x.png'\npop graphic-context\n",
    "error.jpg": b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>",
    "pointer.png": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "archive.jpg": b"PK\x03\x04" + bytes(26),
}


def listed(folder: Path, lists: Sequence[Path]) -> list[Path]:
    """The files of a folder; if there are lists of names, those that one of them names."""
    if not folder.is_dir():
        raise SystemExit(f"CORPUS={folder}: there is no such folder")
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".json")
    if lists:
        names = {name for one in lists for name in one.read_text().splitlines() if name}
        found = [path for path in found if path.relative_to(folder).as_posix() in names]
        if missing := names - {path.relative_to(folder).as_posix() for path in found}:
            raise SystemExit(f"CORPUS={folder}: {len(missing)} files of the list are missing, such as {min(missing)}")
    return found


def drawn(seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """The samples in every format that is read, cut and with bytes changed; and files that are no pictures."""
    chance = random.Random(seed)
    yield from OTHERS.items()
    with Image.open(SAMPLES / "people/astronaut.jpg") as image:
        image.thumbnail((160, 160))
        picture = image.convert("RGB")
    for kind in FORMATS:
        buffer = BytesIO()
        picture.save(buffer, kind)
        whole, name = buffer.getvalue(), kind.lower()
        yield f"{name}-whole.{name}", whole
        for part in (0.02, 0.3, 0.7, 0.99):
            yield f"{name}-cut-{part}.{name}", whole[: int(len(whole) * part)]
        for number in range(8):
            yield f"{name}-changed-{number}.{name}", changed(whole, chance, number)
    for path in sorted(SAMPLES.rglob("*.*")):
        if path.suffix != ".md":
            whole = path.read_bytes()
            yield f"sample-{path.name}", whole
            for number in range(3):
                yield f"sample-changed-{number}-{path.name}", changed(whole, chance, number)


def changed(whole: bytes, chance: random.Random, number: int) -> bytes:
    """The same file with a few bytes changed: even numbers in its head, where sizes are, odd ones anywhere."""
    content = bytearray(whole)
    for _ in range(1 + number):
        content[chance.randrange(min(len(content), 200) if number % 2 == 0 else len(content))] = chance.randrange(256)
    return bytes(content)


def shots(names: Sequence[str]) -> list[Shot]:
    prefix = f"/unsafe/{SIDE}x{SIDE}/{BUCKET}"
    return [get(Kind.FILE, name, f"{prefix}/files/{quote(name)}", largest=SIDE) for name in names]
