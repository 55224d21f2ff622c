"""The 24 operations that `make bench` has every engine do, each as a Thumbor URL."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `name` begins with its group: a thumbnails, b squares, c previews, d large AVIF, e drawings, f
    full size, g animations, h grey."""

    name: str
    original: str
    format: str
    #: In pixels. A height of 0 follows from the width; both 0 keep the size.
    width: int = 0
    height: int = 0
    #: Whether the picture fits inside the size; otherwise it covers it and is cropped.
    inside: bool = False
    quality: int = 0
    grey: bool = False
    animated: bool = False

    @property
    def path(self) -> str:
        """The URL's path after `unsafe/`, with the original as the image path."""
        size = f"{self.width}x{self.height}/" if self.width else ""
        filters = [f"format({self.format})"]
        if self.grey:
            filters.insert(0, "grayscale()")
        if self.quality:
            filters.append(f"quality({self.quality})")
        return f"{'fit-in/' if self.inside else ''}{size}filters:{':'.join(filters)}/{self.original}"

    @property
    def words(self) -> str:
        size = f"{'in' if self.inside else 'at'} {self.width}x{self.height}" if self.height else f"{self.width} wide"
        return f"{self.original} {size if self.width else 'whole'}{', grey' if self.grey else ''} → {self.format}"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


OPERATIONS = (
    *(
        Operation(f"a{number}", original, "png", 90, 90)
        for number, original in enumerate(("jpeg12.jpg", "jpeg12p.jpg", "jpeg24.jpg", "jpeg2.jpg"), 1)
    ),
    *(
        Operation(f"b{number}", original, "webp", 256, 256, quality=80)
        for number, original in enumerate(("jpeg12.jpg", "png4.png", "webp4.webp", "avif2.avif", "jpeg12p.jpg"), 1)
    ),
    *(
        Operation(f"c{number}", original, "jpeg", 800, 800, inside=True, quality=80)
        for number, original in enumerate(
            ("jpeg12.jpg", "jpeg12p.jpg", "jpeg24.jpg", "jpeg2.jpg", "png4.png", "webp4.webp", "avif2.avif"), 1
        )
    ),
    Operation("d1", "jpeg12.jpg", "avif", 1600, quality=50),
    Operation("e1", "png2a.png", "png", 400, 400, inside=True),
    Operation("f1", "jpeg2.jpg", "webp", quality=80),
    Operation("f2", "jpeg12.jpg", "webp", quality=80),
    Operation("g1", "anim40.gif", "gif", 200, animated=True),
    Operation("g2", "anim40.gif", "webp", 200, quality=80, animated=True),
    Operation("g3", "earth44.gif", "webp", 200, quality=80, animated=True),
    Operation("h1", "jpeg12.jpg", "jpeg", 800, 800, inside=True, quality=80, grey=True),
)
