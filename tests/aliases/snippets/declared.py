"""Aliases that snippets are made of: with widths, with widths alone, with ratios, and with neither."""

from rendering.catalogue.alias import Alias
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.recipe import Recipe

BASE = "https://images.example.com"
ALIASES = {
    "widths": Alias("hero", 1, "photos", Recipe(Geometry(96, 36), Encoding("auto")), widths=(32, 64, 128)),
    "open": Alias("team/whole", 1, "photos", Recipe(), widths=(32, 64)),
    "ratios": Alias("icon", 1, "photos", Recipe(Geometry(9, 9), Encoding("png")), dprs=(1.5, 2)),
    "neither": Alias("list", 1, "photos", Recipe(Geometry(32, 32, Fit.CONTAIN))),
}
