"""What was measured of a derivative, and what of it counts as a fault."""

from collections.abc import Iterator
from dataclasses import dataclass, field

#: The usual names of formats.
NAMES = {"jpeg": "JPEG", "png": "PNG", "webp": "WebP", "avif": "AVIF", "gif": "GIF"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One derivative compared with the truth. Only the first three fields and `refused` if there is none."""

    kind: str
    format: str  # the requested one
    engine: str
    #: Why there is no derivative, in the engine's words.
    refused: str = ""
    made: str = ""  # the actual format
    width: int = 0
    height: int = 0
    #: The expected sides, before rounding.
    wanted: tuple[float, float] = (0, 0)
    mode: str = ""
    upright: bool = True
    #: CIEDE2000: the mean over all pixels, and the 95th percentile.
    delta: float = 0.0
    high: float = 0.0
    #: CIEDE2000 of the means of 16 x 16 blocks: colour shifts without compression noise.
    shift: float = 0.0
    ssim: float | None = None
    #: The mean difference of alpha (0 to 1) over all pixels.
    alpha_off: float = 0.0
    bytes: int = 0
    frames: int = 1
    frames_wanted: int = 1
    #: The worst error of a frame change, and the duration, in milliseconds.
    late: float = 0.0
    length: float = 0.0
    plays: int | None = None
    plays_wanted: int | None = None
    private: list[str] = field(default_factory=list)


#: The colour shift from which it is a fault: side by side, most people see a difference of 2, few one of 1.
SHIFT = 1.5

#: SSIM below which it is a different picture: compression alone leaves it above 0.9.
LIKE = 0.75

#: Tolerances: mean difference of alpha, milliseconds, pixels.
ALPHA, LATE, ROUNDING = 0.03, 10.0, 1.0


def faults(found: Judgement) -> list[str]:
    """What is wrong, in words; empty if nothing is."""
    return [f"refused: {found.refused}"] if found.refused else list(wrong(found))


def wrong(found: Judgement) -> Iterator[str]:
    if found.made != found.format:
        yield f"is a {NAMES.get(found.made, found.made)}"
    if not found.upright:
        yield "wrong way up"
    if max(abs(found.width - found.wanted[0]), abs(found.height - found.wanted[1])) > ROUNDING:
        yield f"{found.width}x{found.height} instead of {found.wanted[0]:g}x{found.wanted[1]:g}"
    stopped = found.frames == 1 < found.frames_wanted
    if stopped:
        yield f"1 frame of {found.frames_wanted}"
    elif found.late > LATE:
        yield f"timing off by {found.late:.0f} ms"
    if found.frames > 1 and found.plays_wanted is not None and times(found.plays) != times(found.plays_wanted):
        yield f"plays {times(found.plays)} instead of {times(found.plays_wanted)}"
    if found.alpha_off > ALPHA:
        yield "alpha wrong" if found.mode.startswith(("P", "LA", "RGBA")) else "alpha lost"
    elif found.made == found.format and found.upright and found.late <= LATE and not stopped:
        # Otherwise the wrong pixels or moments were compared.
        if found.shift > SHIFT:
            yield f"colours off by {found.shift:.1f}"
        elif found.ssim is not None and found.ssim < LIKE:
            yield f"unlike: SSIM {found.ssim:.2f}"
    if found.private:
        yield f"tells {' and '.join(found.private)}"


def times(plays: int | None) -> str:
    """How often an animation plays, in words. 65535, the most that a GIF can say, means for ever."""
    if plays is None:
        return "as often as one likes"
    return "for ever" if plays == 0 or plays >= 65535 else "once" if plays == 1 else f"{plays} times"


#: Differences too small to call one of two derivatives better: mean CIEDE2000, SSIM, fraction of bytes.
NEAR, ALIKE, LEVEL = 0.15, 0.01, 0.03


def beaten(found: Judgement, peer: Judgement) -> bool:
    """Whether a peer's derivative without fault is better in ΔE, SSIM or bytes, and worse in none of them."""
    if faults(peer):
        return False
    nearer = found.delta - peer.delta
    liker = (peer.ssim or 0) - (found.ssim or 0)
    smaller = 1 - peer.bytes / found.bytes
    worse = nearer < -NEAR or liker < -ALIKE or smaller < -LEVEL
    return not worse and (nearer > NEAR or liker > ALIKE or smaller > LEVEL)
