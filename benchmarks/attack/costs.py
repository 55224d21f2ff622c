"""Requests that cost much more than they look: bombs as originals, and filters that are laborious on small ones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from . import asking, bombs, metadata, pieces
from .service import BUCKET
from .shots import Kind, Shot
from .workpieces import WORKPIECES

#: The folder of the originals that costs are about, each under as many names as a crowd has requests.
FOLDER = "costs"
SHARPEN = ":".join(["sharpen(20,20,false)"] * 9)
CONVOLUTION = "convolution(" + ";".join(["1"] * 81) + ",9,true)"
OVERLAYS = [f"watermark({BUCKET}/{FOLDER}/0/overlay-{one}.png,0,0,50)" for one in range(10)]
EQUAL = ":".join(["equalize()"] * 9)
WIDE, HEAVY = (
    ":".join(f"watermark({BUCKET}/{FOLDER}/0/{name}-{one}.png,0,0,50)" for one in range(10))
    for name in ("wide", "heavy")
)
BOMBS = bombs.BOMBS | metadata.BOMBS | pieces.BOMBS


@dataclass(frozen=True)
class Cost:
    """A request that should cost little, or be refused. {key}, in its path, is that of its original."""

    name: str
    original: str
    path: str = "/unsafe/100x100/{key}"

    def request(self, number: int = 0) -> bytes:
        """The request for one of the names of the original: different ones are different pictures."""
        return asking.compose(self.path.replace("{key}", f"{BUCKET}/{FOLDER}/{number}/{self.original}"))


def filtered(name: str, original: str, filters: str, size: str = "0x0") -> Cost:
    return Cost(name, original, f"/unsafe/{size}/filters:{filters}/{{key}}")


#: Filters on pictures that they, or the size, have made large.
LABORIOUS = (
    filtered("padding and 9 x sharpen on a dot", "dot.png", f"padding(1999,1999,1999,1999,red):{SHARPEN}"),
    filtered("300 frames, sharpened", "dots.gif", "format(png):fill(red):sharpen(20,20,false)", "fit-in/577x577"),
    filtered("300 frames, blurred", "dots.gif", "fill(red):blur(50)", "fit-in/577x577"),
    filtered("300 frames of 4,000 pixels", "dots.gif", "upscale()", "fit-in/4000x4000"),
    filtered("6 x sharpen", "square.png", SHARPEN[: 21 * 6 - 1]),
    filtered("9 convolutions after fill", "dot.png", f"fill(red):{':'.join([CONVOLUTION] * 9)}", "fit-in/4000x4000"),
    filtered("10 x blur of 150", "square.png", ":".join(["blur(150,150)"] * 10)),
    filtered("10 x noise", "square.png", ":".join(["noise(100)"] * 10)),
    filtered("10 x pixelate", "square.png", ":".join(["pixelate(3)"] * 10)),
    filtered("10 x outline", "square.png", ":".join(["outline()"] * 10)),
    filtered("9 x equalize as AVIF", "noise.jpg", f"upscale():{EQUAL}:format(avif)", "fit-in/4000x4000"),
    filtered("10 x rotate and round corners", "square.png", ":".join(["rotate(90):round_corner(500,0,0,0)"] * 5)),
    filtered("a tiny watermark, repeated", "square.png", f"watermark({BUCKET}/{FOLDER}/0/dot.png,repeat,repeat,0)"),
    filtered("10 large overlays on a dot", "dot.png", ":".join(OVERLAYS)),
    filtered("9 large overlays on a large picture", "square.png", ":".join(OVERLAYS[:9])),
    filtered("overlays on 300 frames", "dots.gif", f"fill(red):{':'.join(OVERLAYS[:3])}", "fit-in/577x577"),
    filtered("10 wide overlays", "dot.png", WIDE),
    filtered("10 overlays of 39 MB", "dot.png", HEAVY),
    filtered("max_bytes of noise, WebP", "noise.jpg", "upscale():max_bytes(1):format(webp)", "fit-in/3999x3999"),
    filtered("max_bytes of noise, AVIF", "noise.jpg", "upscale():max_bytes(1):format(avif)", "fit-in/3999x3999"),
    filtered("max_bytes of noise, PNG", "noise.jpg", "upscale():max_bytes(1):format(png)", "fit-in/3999x3999"),
    filtered("max_bytes of an animation, GIF", "noise.gif", "max_bytes(1)"),
    filtered("max_bytes of an animation, WebP", "noise.gif", "max_bytes(1):format(webp)"),
    filtered("max_bytes of an animation, AVIF", "noise.gif", "max_bytes(1):format(avif)"),
    filtered("an animation, enlarged, as AVIF", "noise.gif", "upscale():format(avif)", "fit-in/2000x2000"),
    Cost("trim of a large plain picture", "square.png", "/unsafe/trim:0/100x100/{key}"),
    Cost("a smart crop of noise", "noise.jpg", "/unsafe/1999x100/smart/{key}"),
    Cost("a placeholder of a large picture", "square.png", "/-/info/unsafe/4000x4000/{key}"),
)  # fmt: skip


def all_costs() -> list[Cost]:
    small = [Cost(f"{name}", name) for name in BOMBS]
    described = [Cost(f"info of {name}", name, "/-/info/unsafe/100x100/{key}") for name in BOMBS]
    animations = ("apng.png", "animation.gif", "frames.gif")
    moving = [Cost(f"{name} as WebP", name, "/unsafe/100x100/filters:format(webp)/{key}") for name in animations]
    return [*small, *described, *moving, *LABORIOUS]


def chosen(words: str) -> list[Cost]:
    """The costs that have one of the words in their name; all of them, if there is no word."""
    return [one for one in all_costs() if not words or any(word in one.name for word in words.split(","))]


def draw(folder: Path, costs: list[Cost], crowd: int) -> None:
    """Put the originals of costs into a folder, each under as many names as there are requests at once."""
    makers: dict[str, Callable[[], bytes]] = {**WORKPIECES, **BOMBS}
    names = {one.original for one in costs}
    for overlay in ("overlay", "wide", "heavy"):
        if any(f"/{overlay}-" in one.path for one in costs):
            names |= {f"{overlay}-{one}.png" for one in range(10)}
    names.add("dot.png")
    for number in range(max(crowd, 1)):
        (folder / FOLDER / str(number)).mkdir(parents=True)
    for name in sorted(names):
        first = folder / FOLDER / "0" / name
        first.write_bytes(makers[name]())
        for number in range(1, crowd):
            (folder / FOLDER / str(number) / name).hardlink_to(first)


def shots(costs: list[Cost], crowd: int) -> Iterator[Shot]:
    """Each cost alone, then as many at once as `crowd` says; the first of a crowd has been asked for before."""
    for cost in costs:
        yield Shot(Kind.COST, cost.name, (cost.request(),))
        if crowd:
            requests = tuple(cost.request(number) for number in range(crowd))
            yield Shot(Kind.CROWD, f"{crowd} x {cost.name}", requests)
