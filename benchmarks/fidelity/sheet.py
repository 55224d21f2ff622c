"""A contact sheet of the results: `python -m benchmarks.fidelity.sheet KINDS.json SHEET ENGINE=FOLDER …`.

One row per kind: the truth and what each engine made of it, in a format in which an engine has a fault, if any does.
Transparency is shown as a chequerboard. Runs in the benchmark's own environment.
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .judge import Truth, frame_pairs, rounded
from .kinds import MOVING, Kind, read
from .report import NAMES, Row, rows
from .truth import Pixels, seen
from .verdict import Judgement, faults

#: In pixels: a picture, the caption below it, the kind's name beside a row; and the number of rows in a column.
WIDE, HIGH, WORDS, NAME, ROWS = 88, 66, 12, 112, 34
USUAL = "webp"
FONT = ImageFont.load_default(10)
PAPER, INK, RED = (250, 250, 250), (40, 40, 40), (200, 20, 20)


def sheet(kinds: list[Kind], found: list[Row], folders: dict[str, Path]) -> Image.Image:
    # A kind in a single format looks like its neighbours. Real pictures are not ours to publish.
    kinds = [kind for kind in kinds if len(kind.formats) > 1 and kind.is_drawn]
    shown = [(kind, telling([row for row in found if row["ours"].kind == kind.name])) for kind in kinds]
    across = NAME + (len(folders) + 1) * (WIDE + 4) + 10
    down = HIGH + WORDS + 6
    image = Image.new("RGB", (across * -(-len(shown) // ROWS), down * min(ROWS, len(shown)) + 16), PAPER)
    for number, (kind, row) in enumerate(shown):
        left, top = number // ROWS * across, number % ROWS * down + 16
        if number % ROWS == 0:
            for column, title in enumerate(["truth", *(NAMES[engine] for engine in folders)]):
                write(image, (left + NAME + column * (WIDE + 4), 2), title)
        write(image, (left + 4, top + 20), wrapped(f"{kind.name}, as {row['ours'].format}"))
        strip(image, (left + NAME, top), kind, row, folders)
    return image


def strip(image: Image.Image, at: tuple[int, int], kind: Kind, row: Row, folders: dict[str, Path]) -> None:
    """One row: the truth, and what each engine made of it or why it did not."""
    truth, name = Truth(kind), row["ours"].format
    animated = len(truth.seen.frames) > 1 and name in MOVING
    right = truth.frame(len(truth.seen.frames) // 2 if animated else 0, rounded(truth.size), name)
    place(image, at, right, "", INK)
    for column, (engine, folder) in enumerate(folders.items(), 1):
        left = at[0] + column * (WIDE + 4)
        judgement, made = row[engine], folder / f"{kind.slug}.{name}"
        wrong = faults(judgement)
        if judgement.refused:
            write(image, (left, at[1] + 28), "refused", RED)
            continue
        found = seen(made)
        frame = found.frames[0]
        if animated:
            pairs = [mine for mine, _ in frame_pairs(truth, found, animated, name, (judgement.width, judgement.height))]
            frame = pairs[len(pairs) // 2]
        place(
            image,
            (left, at[1]),
            frame,
            wrong[0] if wrong else f"{judgement.delta:.1f}, {judgement.bytes:,}",
            RED if wrong else INK,
        )


def telling(found: list[Row]) -> Row:
    """Of a kind's rows, one in which ours is at fault; else that in which the engines differ most, first in being at
    fault, then in colours. USUAL where none is."""

    def spread(row: Row) -> tuple[bool, int, float]:
        shifts = [each.shift + 100 * each.alpha_off for each in row.values() if not each.refused]
        at_fault = len({bool(faults(each)) for each in row.values()})
        return bool(faults(row["ours"])), at_fault, max(shifts, default=0) - min(shifts, default=0)

    if not any(faults(each) for row in found for each in row.values()):
        return next(row for row in found if row["ours"].format == USUAL)
    return max(found, key=spread)


def place(image: Image.Image, at: tuple[int, int], frame: Pixels, words: str, ink: tuple[int, int, int]) -> None:
    """A frame in its cell on a chequered ground, and words below."""
    height, width = frame.shape[:2]
    picture = Image.fromarray(np.dstack([frame[..., :3], frame[..., 3] * 255]).round().astype(np.uint8), "RGBA")
    scale = min(WIDE / width, HIGH / height)
    picture = picture.resize((max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", picture.size, "white")
    draw = ImageDraw.Draw(ground)
    for left in range(0, picture.width, 8):
        for top in range(left // 8 % 2 * 8, picture.height, 16):
            draw.rectangle((left, top, left + 7, top + 7), "#ddd")
    ground.alpha_composite(picture)
    image.paste(ground.convert("RGB"), at)
    write(image, (at[0], at[1] + HIGH), shortened(words), ink)


def write(image: Image.Image, at: tuple[int, int], words: str, ink: tuple[int, int, int] = INK) -> None:
    ImageDraw.Draw(image).text(at, words, fill=ink, font=FONT)


def shortened(words: str) -> str:
    while FONT.getlength(words) > WIDE:
        words = words[:-2] + "…"
    return words


def wrapped(words: str) -> str:
    """Words in lines no wider than a row's name may be."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if FONT.getlength(longer) > NAME - 8:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def main(kinds: Path, path: Path, engines: list[str]) -> None:
    folders = {engine: Path(folder) for engine, _, folder in (each.partition("=") for each in engines)}
    judgements = [Judgement(**row) for row in json.loads(kinds.with_name("judged.json").read_text())["judgements"]]
    path.parent.mkdir(exist_ok=True)
    sheet(read(kinds), rows(judgements), folders).save(path, quality=64, method=6)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
