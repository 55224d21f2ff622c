"""What a file shows: every pixel decoded, upright, in sRGB by lcms, in floating point. Uses no code of the service.

Originals are read this way, and resampled become the truth. Derivatives are read the same way, as a browser shows them:
rotated by their EXIF orientation, and in the colours of their embedded profile.
"""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import imagecodecs
import numpy as np
import pillow_heif
import tifffile
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageCms, ImageOps

from .plays import repetitions
from .stills import COMMENT

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None

#: A picture: height x width x 4; red, green and blue in sRGB from 0 to 255, alpha from 0 to 1.
Pixels: TypeAlias = NDArray[np.float32]

SRGB = ImageCms.createProfile("sRGB")

#: How long browsers show a GIF frame whose duration is nearly 0, in milliseconds.
SHORTEST, INSTEAD = 10, 100


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file shows."""

    format: str
    mode: str
    frames: list[Pixels]
    #: Of each frame, in milliseconds; empty for a still.
    durations: list[float] = field(default_factory=list)
    #: The number of plays: 0 for ever, None if the file does not say.
    plays: int | None = None
    #: Private metadata in it: "GPS", "comment".
    private: list[str] = field(default_factory=list)
    profile: bool = False


def seen(path: Path) -> Seen:
    """Read a file. Further pages, layers and sizes are not an animation."""
    content = path.read_bytes()
    with Image.open(BytesIO(content)) as image:
        name = str(image.format)
        profile, mode = image.info.get("icc_profile"), image.mode
        private = [
            word for word, present in (("GPS", located(image)), ("comment", COMMENT.encode() in content)) if present
        ]
        frames, durations, plays = [], [], None
        # An APNG may have a default image before its animation, for programs that cannot play it.
        first, end = int(bool(getattr(image, "default_image", False))), getattr(image, "n_frames", 1)
        moving = name in ("GIF", "PNG", "WEBP", "AVIF") and end - first > 1
        for number in range(first, end) if moving else [0]:
            if moving:
                image.seek(number)
            deep = None if moving else deep_pixels(content, name)
            frames.append(pixels(image) if deep is None else deep)
            duration = float(image.info.get("duration", 0))
            durations.append(INSTEAD if name == "GIF" and duration <= SHORTEST else duration)
        if moving:
            plays = repetitions(image, content)
    return Seen(name, mode, frames, durations if moving else [], plays, private, bool(profile))


def located(image: Image.Image) -> bool:
    """Whether the metadata says where the picture was taken."""
    return bool(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))


def deep_pixels(content: bytes, name: str) -> Pixels | None:
    """A picture of more than 8 bits a channel, of which Pillow would keep 8; else None. A profile is not looked at."""
    wide = None
    if name == "PNG" and content[24] == 16:
        wide, most = imagecodecs.png_decode(content), 65535
    elif name == "TIFF":
        wide, most = tifffile.imread(BytesIO(content)), 65535
    elif name == "AVIF":
        wide, most = imagecodecs.avif_decode(content), 1023
    if wide is None or wide.dtype != np.uint16:
        return None
    wide = wide.reshape(*wide.shape[:2], -1).astype(np.float32) / most
    alpha = wide[..., -1:] if wide.shape[2] in (2, 4) else np.ones_like(wide[..., :1])
    colours = wide[..., :3] if wide.shape[2] > 2 else wide[..., :1].repeat(3, 2)
    return np.dstack([colours * 255, alpha])


def pixels(image: Image.Image) -> Pixels:
    """An opened picture's frame, upright, in sRGB."""
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    alpha = None
    if upright.has_transparency_data:
        upright = upright.convert("LA" if upright.mode in ("1", "L", "LA") else "RGBA")
        alpha = np.asarray(upright.getchannel("A"), np.float32) / 255
        upright = upright.convert(upright.mode[:-1])
    if upright.mode not in ("L", "RGB", "CMYK"):
        upright = upright.convert("L" if upright.mode == "1" else "RGB")
    colours = np.asarray(in_srgb(upright, profile).convert("RGB"), np.float32)
    return np.dstack([colours, np.ones_like(colours[..., 0]) if alpha is None else alpha])


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """By lcms, relative colorimetric with black point compensation. A broken profile, or one for other colours, is
    ignored; CMYK without one is converted naively, as browsers do."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if source.profile.xcolor_space.strip() == {"L": "GRAY"}.get(image.mode, image.mode):
                converted = ImageCms.profileToProfile(
                    image,
                    source,
                    SRGB,
                    renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                    outputMode="RGB",
                    flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
                )
                assert converted
                return converted
        except (OSError, ImageCms.PyCMSError):
            return image
    return image


def reduced(frame: Pixels, size: tuple[int, int]) -> Pixels:
    """A frame at that size (width, height): Lanczos in floating point, with premultiplied alpha."""
    if frame.shape[1::-1] == size:
        return frame
    alpha = frame[..., 3:]
    clear = bool((alpha < 1).any())
    weighed = np.dstack([frame[..., :3] * alpha, alpha]) if clear else frame
    bands = [Image.fromarray(np.ascontiguousarray(weighed[..., band])) for band in range(4 if clear else 3)]
    small = [np.asarray(band.resize(size, Image.Resampling.LANCZOS)) for band in bands]
    alpha = np.clip(small[3], 0, 1) if clear else np.ones_like(small[0])
    colours = np.dstack(small[:3])
    if clear:
        colours = np.where(alpha[..., None] > 1 / 512, colours / np.maximum(alpha[..., None], 1 / 512), 0)
    return np.dstack([np.clip(colours, 0, 255), alpha])


def over(frame: Pixels, ground: float) -> Pixels:
    """A frame on an opaque grey ground (0 to 255): height x width x 3."""
    alpha = frame[..., 3:]
    return frame[..., :3] * alpha + ground * (1 - alpha)
