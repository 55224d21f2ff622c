"""How close derivatives are to the truth: `python -m benchmarks.likeness ASKED.json` writes likeness.json beside it.

The truth is every pixel of the original, resampled with Lanczos in floating point (fidelity/truth.py). Runs in the
judge's environment. ASKED is a list of {"operation": …, "original": path, "files": {engine: path}}.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from skimage.metrics import structural_similarity

from .fidelity.truth import Pixels, Seen, over, seen

#: Of an animation, every n-th frame is compared.
STEP = 4

#: The backgrounds of pictures with alpha.
GROUND = 128


def main() -> None:
    asked = Path(sys.argv[1])
    found: dict[str, dict[str, dict[str, float]]] = {}
    truths: dict[str, Seen] = {}
    for one in json.loads(asked.read_text()):
        if one["original"] not in truths:
            truths = {one["original"]: seen(Path(one["original"]))}  # one at a time: they are large
        operation = one["operation"]
        found[operation["name"]] = {
            engine: likeness(operation, truths[one["original"]], seen(Path(file)))
            for engine, file in one["files"].items()
        }
    asked.with_name("likeness.json").write_text(json.dumps(found))


def likeness(operation: dict[str, Any], truth: Seen, made: Seen) -> dict[str, float]:
    """SSIM of luma, and PSNR of the colours in decibels."""
    figures = []
    for number in range(0, len(truth.frames) if operation["animated"] else 1, STEP):
        shown = made.frames[min(number, len(made.frames) - 1)]
        true = truth.frames[number]
        if operation["grey"]:
            true = np.dstack([(true[..., :3] @ LUMA)[..., None].repeat(3, 2), true[..., 3:]])
        # Engines may round a crop differently: the best match counts.
        size = shown.shape[1], shown.shape[0]
        figures.append(max((compared(shown, place) for place in placed(operation, true, size)), key=lambda one: one[1]))
    ssim, psnr = (float(figure) for figure in np.mean(figures, axis=0))
    return {"ssim": ssim, "psnr": psnr}


LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def placed(operation: dict[str, Any], true: Pixels, size: tuple[int, int]) -> Iterator[Pixels]:
    """The truth at that size: uncropped, or every centre crop that rounding may produce."""
    height, width = true.shape[:2]
    if operation["inside"] or not operation["width"] or not operation["height"]:
        yield scaled(true, size, (0, 0, width, height))
        return
    scale = max(size[0] / width, size[1] / height)
    across, down = size[0] / scale, size[1] / scale
    exact = (width - across) / 2, (height - down) / 2
    yield scaled(true, size, (*exact, exact[0] + across, exact[1] + down))
    cover = max(size[0], round(width * scale)), max(size[1], round(height * scale))
    full = scaled(true, cover, (0, 0, width, height))
    for left in {(cover[0] - size[0]) // 2, -((size[0] - cover[0]) // 2)}:
        for top in {(cover[1] - size[1]) // 2, -((size[1] - cover[1]) // 2)}:
            yield full[top : top + size[1], left : left + size[0]]


def scaled(true: Pixels, size: tuple[int, int], box: tuple[float, float, float, float]) -> Pixels:
    clear = bool((true[..., 3] < 1).any())
    weighed = np.dstack([true[..., :3] * true[..., 3:], true[..., 3]]) if clear else true[..., :3]
    bands = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(weighed[..., band])).resize(size, Image.Resampling.LANCZOS, box=box)
        )
        for band in range(weighed.shape[2])
    ]
    if not clear:
        return np.dstack([*bands, np.ones_like(bands[0])])
    alpha = np.clip(bands[3], 0, 1)
    colours = np.dstack(bands[:3]) / np.maximum(alpha[..., None], 1 / 512)
    return np.dstack([np.clip(colours, 0, 255), alpha])


def compared(shown: Pixels, true: Pixels) -> tuple[float, float]:
    found, right = (np.clip(over(frame, GROUND), 0, 255) for frame in (shown, true))
    error = float(((found - right) ** 2).mean())
    similar = structural_similarity(
        found @ LUMA, right @ LUMA, data_range=255, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
    )
    return float(similar), 10 * np.log10(255**2 / max(error, 1e-9))


if __name__ == "__main__":
    main()
