"""What each filter of pixels costs, beside what it declares: nanoseconds of a processor for each pixel.

    .venv/bin/python -m benchmarks.costs [--side 1500]

The least of five rounds, on noise of RGB and of RGBA, of which the slower counts. A declared cost is right when it is
the next round number above what an idle machine measures: too low lets bombs pass, too high refuses honest recipes.
"""

import argparse
import time

from PIL import Image

from rendering.imaging.filters import FILTERS, Call
from rendering.imaging.filters.grammar.context import Context
from rendering.imaging.filters.grammar.examples import EXAMPLES

#: Beside the examples: what costs most of those filters whose arguments decide.
WORST = (
    "sharpen(5,1,false)",
    "sharpen(5,1,true)",
    f"convolution({';'.join(['1'] * 81)},9)",
    "blur(150)",
    "fill(blur,true)",
    "watermark(a/b,repeat,repeat,50,10,10)",
    "watermark(a/b,0,0,50,90,90)",
    "background_color(f008)",
    "padding(12,12,12,30,f008)",
    "proportion(0.99)",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--side", type=int, default=1500)
    side = parser.parse_args().side
    noise = Image.merge("RGB", [Image.effect_noise((side, side), 60) for _ in range(3)])
    clear = noise.copy()
    clear.putalpha(Image.linear_gradient("L").resize((side, side)))
    context = Context((side, side), lambda path: clear, lambda path: clear.size)
    for text in (*EXAMPLES.values(), *WORST):
        call = FILTERS.read(text)[-1]
        if call.filter.cost is None or call.filter.name == "frame":  # noise is no nine-patch picture
            continue
        declared, made = call.cost(noise.size, context)
        pixels = max(side * side, made[0] * made[1])
        taken = max(min(seconds(call, picture, context) for _ in range(5)) for picture in (noise, clear))
        print(f"{text[:60]:<62}{declared / pixels:>6.0f} declared{taken * 1e9 / pixels:>6.0f} measured")


def seconds(call: Call, picture: Image.Image, context: Context) -> float:
    start = time.process_time()
    call(picture, context)
    return time.process_time() - start


if __name__ == "__main__":
    main()
