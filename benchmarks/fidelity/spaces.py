"""Stills that say in which colours they are, otherwise than by a profile where every reader looks for one.

Each is drawn from what it shows: the scene is converted to the colours that the file names, by their published numbers.
"""

import zlib
from collections.abc import Callable
from dataclasses import replace
from struct import pack
from typing import Any

from PIL import Image

from . import icc
from .drawn import Drawn, saved
from .scene import scene

#: From linear sRGB to linear Display P3 and BT.2020: CSS Color 4, section 18, and ITU-R BT.2087.
TO_P3 = ((0.82246197, 0.17753803, 0.0), (0.03319420, 0.96680580, 0.0), (0.01708263, 0.07239744, 0.91051993))
TO_2020 = (
    (0.62740390, 0.32928304, 0.04331307),
    (0.06909729, 0.91954040, 0.01136232),
    (0.01639144, 0.08801331, 0.89559525),
)

#: Chromaticities of P3 with a white of D65, as cHRM has them: white, red, green, blue.
P3 = (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)

#: The light of sRGB's white in cd/m², twice the reference white of BT.2408; and the peak of HLG.
WHITE, PEAK = 406.0, 1000.0

#: Light in an array of numpy: height x width x 3. numpy is in the benchmark's environment.
Light = Any


def light(image: Image.Image) -> Light:
    import numpy as np

    values = np.asarray(image, np.float64) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def encoded(linear: Light) -> Light:
    import numpy as np

    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055)


def pq(linear: Light) -> Light:
    """SMPTE ST 2084, of light of which 1 is WHITE."""
    root = (linear * WHITE / 10_000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * root) / (1 + 18.6875 * root)) ** 78.84375


def hlg(linear: Light) -> Light:
    """ITU-R BT.2100, on a display of PEAK."""
    import numpy as np

    shown = linear * WHITE / PEAK
    luminance = shown @ np.array([0.2627, 0.6780, 0.0593])
    from_scene = shown * np.maximum(luminance, 1e-9)[..., None] ** ((1 - 1.2) / 1.2)
    bright = 0.17883277 * np.log(np.maximum(12 * from_scene - 0.28466892, 1e-9)) + 0.55991073
    return np.where(from_scene <= 1 / 12, np.sqrt(3 * from_scene), bright)


def stored(
    shown: Image.Image, matrix: tuple[tuple[float, ...], ...] | None, curve: Callable[[Light], Light]
) -> Image.Image:
    """The pixels of a file in other colours that shows a picture in sRGB."""
    import numpy as np

    linear = light(shown)
    if matrix:
        linear = np.clip(linear @ np.array(matrix).T, 0, None)
    return Image.fromarray((curve(linear) * 255).round().clip(0, 255).astype(np.uint8))


def dim() -> Image.Image:
    """The scene with half of its light, which every display shows as it is."""
    return scene().point(
        [round(255 * float(encoded(light(Image.new("L", (1, 1), value)) / 2)[0, 0])) for value in range(256)] * 3
    )


def chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


def png(shown: Image.Image, pixels: Image.Image, *chunks: bytes) -> Drawn:
    """A PNG with chunks before its pixels."""
    content = saved(pixels, "PNG")
    return Drawn(content[:33] + b"".join(chunks) + content[33:], "png", (shown,), exact=True)


def gama(value: float) -> bytes:
    return chunk(b"gAMA", pack(">I", round(value * 100_000)))


def cicp(*codes: int) -> bytes:
    return chunk(b"cICP", bytes(codes))


def with_nclx(content: bytes, primaries: int, curve: int) -> bytes:
    """An AVIF or HEIC that says of each `nclx` in it that its colours are others."""
    first, *others = content.split(b"colrnclx")
    assert others
    return b"colrnclx".join([first, *(pack(">HH", primaries, curve) + other[4:] for other in others)])


def avif(shown: Image.Image, pixels: Image.Image, primaries: int, curve: int) -> Drawn:
    content = saved(pixels, "AVIF", quality=95, subsampling="4:4:4")
    return Drawn(with_nclx(content, primaries, curve), "avif", (shown,), exact=True)


def heic() -> Drawn:
    from .stills import heic

    drawn = heic(stored(scene(), TO_P3, encoded))
    return replace(drawn, content=with_nclx(drawn.content, 12, 13), intended=(scene(),), exact=True)


def late_profile() -> Drawn:
    """A JPEG whose profile stands after the segment that says how large it is."""
    content = saved(stored(scene(), TO_P3, encoded), "JPEG", quality=95, subsampling="4:4:4")
    size = content.index(b"\xff\xc0") + 2
    end = size + int.from_bytes(content[size : size + 2], "big")
    profile = b"ICC_PROFILE\0\1\1" + icc.display_p3()
    segment = b"\xff\xe2" + pack(">H", len(profile) + 2) + profile
    return Drawn(content[:end] + segment + content[end:], "jpg", (scene(),), exact=True)


def grey_of_colours() -> Drawn:
    """A grey JPEG with a profile for colours."""
    grey = scene().convert("L")
    pixels = stored(grey.convert("RGB"), None, lambda linear: linear ** (1 / 2.19921875)).convert("L")
    return Drawn(saved(pixels, "JPEG", quality=95, icc_profile=icc.adobe_rgb()), "jpg", (grey,), exact=True)


#: By name, as STILLS.
SPACES: dict[str, Callable[[], Drawn]] = {
    "JPEG, profile after the size": late_profile,
    "JPEG, grey with a profile for RGB": grey_of_colours,
    "PNG, gAMA alone": lambda: png(scene(), stored(scene(), None, lambda linear: linear ** (1 / 1.8)), gama(1 / 1.8)),
    "PNG, gAMA and cHRM": lambda: png(
        scene(),
        stored(scene(), TO_P3, lambda linear: linear**0.45455),
        gama(0.45455),
        chunk(b"cHRM", pack(">8I", *(round(value * 100_000) for value in P3))),
    ),
    "PNG, cICP of Display P3": lambda: png(scene(), stored(scene(), TO_P3, encoded), cicp(12, 13, 0, 1)),
    "PNG, cICP of PQ": lambda: png(dim(), stored(dim(), TO_2020, pq), cicp(9, 16, 0, 1)),
    "PNG, cICP of HLG": lambda: png(dim(), stored(dim(), TO_2020, hlg), cicp(9, 18, 0, 1)),
    "AVIF, nclx of Display P3": lambda: avif(scene(), stored(scene(), TO_P3, encoded), 12, 13),
    "AVIF, nclx of PQ": lambda: avif(dim(), stored(dim(), TO_2020, pq), 9, 16),
    "HEIC, nclx of Display P3": heic,
}
