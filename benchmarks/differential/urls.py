"""Random Thumbor URLs, the same ones for the same seed: what a path says before the original's key."""

from collections.abc import Callable
from random import Random

from .pictures import PICTURES

#: The bucket, and the folder of Thumbor's loader, in which the originals are.
BUCKET = "conf"
COLOURS = ("red", "00f", "ffcc00", "white", "f008", "ff000080", "auto", "blur", "transparent")
MARKS = ("logo.png", "white-matte.png", "small.png", "soft.png", "photo.jpg")
FORMATS = ("jpeg", "jpg", "png", "webp", "WEBP", "gif", "avif")
FLAT = "[(0,0),(255,255)]"
#: What comes in the place of a number, once in a while: each is wrong for some filters, and right for others.
ODD = ("0", "-1", "1.5", "-0.5", "90.0", "1000", "", "x", "true", "TRUE", "%23ffffff", "none")

#: An ordinary argument list of each filter.
FILTERS: dict[str, Callable[[Random], str]] = {
    "brightness": lambda some: f"{some.randint(-60, 60)}",
    "contrast": lambda some: f"{some.randint(-60, 60)}",
    "rgb": lambda some: f"{some.randint(-50, 50)},{some.randint(-50, 50)},{some.randint(-50, 50)}",
    "saturation": lambda some: f"{some.choice((0, 0.3, 0.5, 1.5, 2, 3, -1))}",
    "grayscale": lambda some: "",
    "colorize": lambda some: f"{some.randint(0, 100)},{some.randint(0, 100)},{some.randint(0, 100)},ff8000",
    "equalize": lambda some: "",
    "curve": lambda some: f"[(0,0),(100,{some.randint(60, 160)}),(255,255)],{FLAT},{FLAT},{FLAT}",
    "noise": lambda some: f"{some.randint(1, 30)}",
    "blur": lambda some: f"{some.randint(1, 12)}" + some.choice(("", "", ",2", ",5", ",-2")),
    "sharpen": lambda some: f"{some.choice((0.5, 1, 2))},{some.choice((0.5, 1, 2))},{some.choice(('true', 'false'))}",
    "convolution": lambda some: some.choice(("1;2;1;2;4;2;1;2;1,3,true", "0;-1;0;-1;5;-1;0;-1;0,3,false")),
    "round_corner": lambda some: f"{some.choice(('10', '20|35', '60'))},255,0,0" + some.choice(("", ",true", ",false")),
    "rotate": lambda some: f"{some.choice((90, 180, 270, -90, 45, 360))}",
    "proportion": lambda some: f"{some.choice((0.1, 0.3, 0.5, 0.75, 1, 1.5))}",
    "stretch": lambda some: "",
    "no_upscale": lambda some: "",
    "upscale": lambda some: "",
    "fill": lambda some: some.choice(COLOURS) + some.choice(("", "", ",true")),
    "background_color": lambda some: some.choice(COLOURS[:-2]),
    "watermark": lambda some: watermark(some),
    "focal": lambda some: box(some, 700),
    "format": lambda some: some.choice(FORMATS),
    "quality": lambda some: f"{some.choice((30, 50, 70, 80, 90, 95))}",
    "max_bytes": lambda some: f"{some.choice((8000, 40000, 200000))}",
    "max_age": lambda some: f"{some.choice((0, 60, 3600))}",
    "strip_exif": lambda some: "",
    "strip_icc": lambda some: "",
}


def watermark(some: Random) -> str:
    place = [some.choice(("0", "10", "-10", "20p", "-15p", "center", "repeat")) for _ in range(2)]
    ratios = some.choice(("", "", ",30", ",none,40", ",50,20", ",150", ",-20,20"))
    return f"{BUCKET}/{some.choice(MARKS)},{place[0]},{place[1]},{some.choice((0, 30, 60))}{ratios}"


def box(some: Random, side: int) -> str:
    left, top = some.randint(0, side * 2 // 3), some.randint(0, side // 2)
    return f"{left}x{top}:{left + some.choice((0, 20, 100, 200))}x{top + some.choice((0, 20, 100, 200))}"


#: Filters as clients write them, too.
SPELLINGS = (
    "rgb(10,%20-20,%2030)", "sparkle(1)", "brightness(20)contrast(20)", "Brightness(20)", "grayscale(true)",
    "quality(80.5)", "focal(0x0:0x0)", "focal(300x200:100x50)", "focal(5000x0:6000x100)", "round_corner(-5,0,0,0)",
    "red_eye()", "format(bmp)", "format('png')", "watermark(conf/logo.png,10,10)", "fill()", "rotate(4500)",
)  # fmt: skip


def one_filter(some: Random) -> str:
    if some.random() < 0.08:
        return some.choice(SPELLINGS)
    name = some.choice(list(FILTERS))
    arguments = FILTERS[name](some)
    if some.random() < 0.12:
        listed = arguments.split(",")
        # A watermark that is not there is refused by both, and would be most of what is.
        listed[some.randrange(1 if name == "watermark" else 0, len(listed))] = some.choice(ODD)
        arguments = ",".join(listed)
    return f"{name}({arguments})"


def size(some: Random) -> str:
    def side() -> str:
        return str(some.choice((64, 80, 100, 120, 150, 200, 240, 300, 400, 480, 600, 800, some.randint(48, 900))))

    across, down = side(), side()
    shape = some.random()
    if shape < 0.2:
        down = ""
    elif shape < 0.35:
        across = ""
    elif shape < 0.38:
        across = "orig"
    mirrored = ["-" if some.random() < 0.06 else "" for _ in range(2)]
    return f"{mirrored[0]}{across}x{mirrored[1]}{down}"


def path(some: Random) -> str:
    """A path, after `unsafe/`."""
    parts = []
    if some.random() < 0.1:
        corner = some.choice(("", "", ":top-left", ":bottom-right"))
        tolerance = some.choice(("", ":10", ":50", ":200", ":442", ":460", ":510")) if corner else ""
        parts.append(f"trim{corner}{tolerance}")
    if some.random() < 0.12:
        parts.append(box(some, 400))
    if some.random() < 0.35:
        parts.append(some.choice(("fit-in", "fit-in", "fit-in", "full-fit-in", "adaptive-fit-in")))
    if some.random() < 0.85:
        parts.append(size(some))
    if some.random() < 0.1:
        parts.append(some.choice(("left", "right", "center")))
    if some.random() < 0.1:
        parts.append(some.choice(("top", "bottom", "middle")))
    if some.random() < 0.04:
        parts.append("smart")
    if some.random() < 0.75:
        filters = [one_filter(some) for _ in range(some.choice((1, 1, 1, 2, 2, 3)))]
        parts.append(f"filters:{':'.join(filters)}")
    return "/".join([*parts, BUCKET, some.choice(list(PICTURES))])


def paths(tries: int, seed: int) -> list[str]:
    some = Random(seed)
    return [path(some) for _ in range(tries)]
