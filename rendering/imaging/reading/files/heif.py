"""AVIF and HEIC, which share a container: the sizes, pieces and frames of the picture in it.

Readers go through all of it before they say how large it is (ISO/IEC 14496-12 and 23008-12)."""

from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from ...errors import TooLarge
from ..limits import BYTES_PER_PIXEL, LARGEST_PROFILE, Limits, check_budget, check_exif, check_size, megapixels, sizes

#: How many of each a file may have. Telephones cut 48 megapixels into some 200 items; readers look for each item among
#: all others. Four tables have an entry for each of them.
BOXES, ITEMS, ENTRIES, FRAMES = 20_000, 2_000, 50_000, 200_000
IN_TABLES = 4 * ITEMS + 1_000
#: What all properties may take, in bytes: the largest are two colour profiles. And what EXIF, XMP or properties may
#: take together for all pictures that they are of, because readers copy them for each.
PROPERTIES, COPIED = 3 * LARGEST_PROFILE, 128 * 1024 * 1024

#: How many times `Limits.pixels` the pieces of a picture may have in all: a grid has its own pixels and its cells'.
PIECES = 3
#: How deep pieces may be put together from pieces.
DEPTH = 8
#: How deep boxes may be nested: those that readers know are seven deep.
LEVELS = 16

#: The boxes that describe a track's pictures.
DESCRIBED = (b"av01", b"hvc1", b"hev1")
#: Boxes that hold boxes, and how many bytes come before these.
HOLDERS = {
    b"meta": 4, b"iprp": 0, b"ipco": 0, b"moov": 0, b"trak": 0, b"mdia": 0, b"minf": 0, b"stbl": 0, b"stsd": 8,
    **dict.fromkeys(DESCRIBED, 78),
}  # fmt: skip
#: Where the number of entries stands in the tables of a track, in bytes.
TABLES = {b"stts": 4, b"stco": 4, b"co64": 4, b"stss": 4, b"ctts": 4, b"elst": 4, b"stsz": 8}


class Item(Struct):
    """A picture, or a piece of one."""

    kind: bytes = b""
    #: The items that it is put together from, and its properties, each by its number.
    pieces: list[int] = []
    properties: list[int] = []
    #: Where its bytes are, each run by its first byte and length, and how many they are; in the file, or in a box of
    #: `meta`.
    runs: list[tuple[int, int]] = []
    length: int = 0
    inside: bool = False
    #: How many items it describes, as EXIF and XMP do.
    describes: int = 0


class Meta(Struct):
    primary: int = 0
    items: dict[int, Item] = {}
    #: Widths and heights, by the number of the property.
    sizes: dict[int, tuple[int, int]] = {}
    #: The bytes of each property, by its number.
    lengths: dict[int, int] = {}
    data: int = 0
    #: How many properties, references and runs of bytes all items have, and how many entries of tables name an item.
    associations: int = 0
    references: int = 0
    runs: int = 0
    entries: int = 0
    #: How many kinds of chunks tracks have.
    chunks: int = 0

    def item(self, number: int) -> Item:
        """The item that an entry of a table names."""
        self.entries += 1
        refuse_over("entries about items", self.entries, IN_TABLES)
        refuse_over("items", len(self.items), ITEMS)
        return self.items.setdefault(number, Item())


class Numbers:
    """Reads the numbers in a box, one after the other; zeros after its end."""

    def __init__(self, content: bytes, start: int, end: int) -> None:
        self.content, self.at, self.end = content, start, min(end, len(content))

    def next(self, width: int) -> int:
        start, self.at = self.at, self.at + width
        return int.from_bytes(self.content[start : min(self.at, self.end)], "big")

    def count(self, width: int) -> range:
        """A range of as many rounds as the next number says, at most as many as there can be bytes for."""
        return range(min(self.next(width), max(0, self.end - self.at)))


def check(content: bytes, limits: Limits, name: str) -> None:
    """Raise TooLarge for what a reader should not begin with. `name` is AVIF or HEIF."""
    meta, properties = Meta(), 0
    for number, (parent, kind, start, end) in enumerate(boxes(content, 0, len(content), b"")):
        refuse_over("boxes", number, BOXES)
        if parent == b"ipco":
            properties += 1
            meta.lengths[properties] = end - start
            if kind == b"ispe":
                meta.sizes[properties] = size = (at(content, start + 4, 4), at(content, start + 8, 4))
                check_size(*size, limits)
        elif parent == b"stsd" and kind in DESCRIBED:
            check_size(at(content, start + 24, 2), at(content, start + 26, 2), limits)
        elif kind == b"tkhd":
            place = start + (88 if content[start : start + 1] == b"\1" else 76)
            check_size(at(content, place, 2), at(content, place + 4, 2), limits)
        elif kind in TABLES:
            refuse_over("frames", at(content, start + TABLES[kind], 4), FRAMES)
        elif kind == b"stsc":
            check_chunks(meta, Numbers(content, start + 4, end))
        elif kind == b"idat":
            meta.data = start
        elif kind in READERS:
            READERS[kind](meta, Numbers(content, start, end))
    # A run without a length goes on to the end of the file.
    runs = (run for item in meta.items.values() if item.kind == b"Exif" for run in item.runs)
    check_exif(sum(length or len(content) for _, length in runs))
    copied = sum((item.length or len(content)) * item.describes for item in meta.items.values())
    refuse_bytes("EXIF and XMP, for each of its pictures,", copied, COPIED)
    refuse_bytes("properties", sum(meta.lengths.values()), PROPERTIES)
    copied = sum(meta.lengths.get(number, 0) for item in meta.items.values() for number in item.properties)
    refuse_bytes("properties, for each of its pictures,", copied, COPIED)
    check_picture(content, meta, limits, name)


#: AVIF's and HEIC's checks.
check_avif, check_heif = partial(check, name="AVIF"), partial(check, name="HEIF")


def refuse_over(what: str, count: int, most: int) -> None:
    if count > most:
        raise TooLarge(f"The picture is in a file of more than {most:,} {what}, which are all that are allowed")


def refuse_bytes(what: str, length: int, most: int) -> None:
    if length > most:
        raise TooLarge("The picture is in a file whose {} take {}; {} are allowed".format(what, *sizes(length, most)))


def at(content: bytes, start: int, width: int) -> int:
    return int.from_bytes(content[start : start + width], "big")


def boxes(
    content: bytes, start: int, end: int, parent: bytes, level: int = 1
) -> Iterator[tuple[bytes, bytes, int, int]]:
    """The kinds of the box around each box and of itself, and where its content begins and ends. Raises TooLarge for
    boxes that lie too deep."""
    refuse_over("levels of boxes", level, LEVELS)
    while start + 8 <= end:
        length, kind, head = at(content, start, 4), content[start + 4 : start + 8], 8
        if length == 1:
            length, head = at(content, start + 8, 8), 16
        stop = end if length == 0 else min(start + length, end)
        if stop < start + head:
            return
        yield parent, kind, start + head, stop
        if kind in HOLDERS:
            yield from boxes(content, start + head + HOLDERS[kind], stop, kind, level + 1)
        start = stop


def check_chunks(meta: Meta, numbers: Numbers) -> None:
    """Raise TooLarge for an animation whose few chunks claim to hold any number of frames each."""
    for _ in numbers.count(4):
        if numbers.at >= numbers.end:
            break
        meta.chunks += 1
        refuse_over("kinds of chunks", meta.chunks, ENTRIES)
        numbers.next(4)
        refuse_over("frames", numbers.next(4), FRAMES)
        numbers.next(4)


def read_primary(meta: Meta, numbers: Numbers) -> None:
    meta.primary = numbers.next(2 if numbers.next(4) >> 24 == 0 else 4)


def read_kinds(meta: Meta, numbers: Numbers) -> None:
    """The entries of `iinf`, each a box."""
    for _ in numbers.count(2 if numbers.next(4) >> 24 == 0 else 4):
        start, length = numbers.at, numbers.next(4)
        if numbers.next(4) != 0x696E6665 or length < 12:  # infe
            return
        item = meta.item(numbers.next(2 if numbers.next(4) >> 24 < 3 else 4))
        numbers.next(2)
        item.kind = numbers.next(4).to_bytes(4, "big")
        numbers.at = start + length


def read_pieces(meta: Meta, numbers: Numbers) -> None:
    """The references of `iref`, each a box."""
    width = 2 if numbers.next(4) >> 24 == 0 else 4
    while numbers.at + 8 <= numbers.end:
        start, length = numbers.at, numbers.next(4)
        kind, item = numbers.next(4), meta.item(numbers.next(width))
        pieces = [numbers.next(width) for _ in numbers.count(2)] if length >= 8 else []
        meta.references += len(pieces)
        refuse_over("references", meta.references, ENTRIES)
        if kind == 0x64696D67:  # dimg
            item.pieces += pieces
        elif kind == 0x63647363:  # cdsc
            item.describes += len(pieces)
        numbers.at = start + max(8, length)


def read_properties(meta: Meta, numbers: Numbers) -> None:
    """The properties of items, in `ipma`."""
    flags = numbers.next(4)
    for _ in numbers.count(4):
        if numbers.at >= numbers.end:
            return
        item = meta.item(numbers.next(2 if flags >> 24 == 0 else 4))
        for _ in numbers.count(1):
            item.properties.append(numbers.next(2) & 0x7FFF if flags & 1 else numbers.next(1) & 0x7F)
            meta.associations += 1
        refuse_over("properties of items", meta.associations, ENTRIES)


def read_runs(meta: Meta, numbers: Numbers) -> None:
    """Where the bytes of items are, in `iloc`."""
    version, widths = numbers.next(4) >> 24, numbers.next(2)
    offset, length, base, index = (widths >> shift & 15 for shift in (12, 8, 4, 0))
    for _ in numbers.count(2 if version < 2 else 4):
        if numbers.at >= numbers.end:
            return
        item = meta.item(numbers.next(2 if version < 2 else 4))
        item.inside = bool(version) and numbers.next(2) & 15 == 1
        numbers.next(2)
        begin, runs = numbers.next(base), numbers.count(2)
        meta.runs += len(runs)
        refuse_over("runs of bytes", meta.runs, ENTRIES)
        for _ in runs:
            if version:
                numbers.next(index)
            item.runs.append((begin + numbers.next(offset), numbers.next(length)))
            item.length += item.runs[-1][1]
        if len(runs) > 1 and item.length > len(numbers.content):
            raise TooLarge("The picture is in a file that puts its bytes together to more than it has itself")


READERS = {
    b"pitm": read_primary, b"iinf": read_kinds, b"iref": read_pieces, b"ipma": read_properties, b"iloc": read_runs,
}  # fmt: skip


def check_picture(content: bytes, meta: Meta, limits: Limits, name: str) -> None:
    """Raise TooLarge for a picture that is too large, as itself or as the sum of its pieces."""
    item = meta.items.get(meta.primary)
    if not item:
        return
    for width, height in (*sizes_of(meta, item), canvas(content, meta, item)):
        check_size(width, height, limits)
        check_budget(name, width, height, BYTES_PER_PIXEL[name], limits)
    pixels = pixels_of(content, meta, meta.primary, {}, 0)
    if pixels > PIECES * limits.pixels:
        found, allowed = megapixels(pixels, PIECES * limits.pixels)
        raise TooLarge(f"The picture is put together from pieces of {found} megapixels in all, {allowed} are allowed")


def sizes_of(meta: Meta, item: Item) -> list[tuple[int, int]]:
    return [meta.sizes[number] for number in item.properties if number in meta.sizes]


def canvas(content: bytes, meta: Meta, item: Item) -> tuple[int, int]:
    """The width and height of what a grid or an overlay is laid out on; zeros for others."""
    if item.kind not in (b"grid", b"iovl") or not item.runs:
        return 0, 0
    start = item.runs[0][0] + (meta.data if item.inside else 0)
    wide = 4 if at(content, start + 1, 1) & 1 else 2
    # After version and flags come rows and columns, or the colour of the ground.
    start += 4 if item.kind == b"grid" else 10
    return at(content, start, wide), at(content, start + wide, wide)


def pixels_of(content: bytes, meta: Meta, number: int, known: dict[int, int], depth: int) -> int:
    """The pixels of an item and of all that it is put together from, each as often as it occurs."""
    refuse_over("layers of pieces", depth, DEPTH)
    if number not in known and (item := meta.items.get(number)):
        own = max((width * height for width, height in (*sizes_of(meta, item), canvas(content, meta, item))))
        pieces = (pixels_of(content, meta, piece, known, depth + 1) for piece in item.pieces)
        known[number] = own + (sum(pieces) if item.kind in (b"grid", b"iovl", b"iden") else 0)
    return known.get(number, 0)
