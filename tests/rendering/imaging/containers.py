"""AVIFs and HEICs with boxes changed, as other encoders than Pillow's write them."""

from struct import pack

#: Bytes before the boxes in boxes that hold some.
HEADS = {b"meta": 4, b"stsd": 8, b"av01": 78}


def box(kind, *parts):
    body = b"".join(parts)
    return pack(">I", 8 + len(body)) + kind + body


def children(content):
    """The boxes in a row of them: the kind and content of each."""
    found, at = [], 0
    while at < len(content):
        end = at + int.from_bytes(content[at : at + 4], "big")
        found.append((content[at + 4 : at + 8], content[at + 8 : end]))
        at = end
    return found


def within(content, path):
    """The content of the box at a path of kinds."""
    for kind in path:
        content = dict(children(content))[kind][HEADS.get(kind, 0) :]
    return content


def rebuilt(content, path, change):
    """A row of boxes in which `change` was applied to the content of the box at a path."""
    made = b""
    for kind, inner in children(content):
        if kind == path[0]:
            head = HEADS.get(kind, 0)
            inner = inner[:head] + (change(inner[head:]) if path[1:] == [] else rebuilt(inner[head:], path[1:], change))
        made += box(kind, inner)
    return made


def with_changed(content, path, change):
    """The file with that change; the changed box of the file follows at its end, so that offsets hold."""
    start = content.index(path[0]) - 4
    end = start + int.from_bytes(content[start : start + 4], "big")
    return content[: start + 4] + b"free" + content[start + 8 :] + rebuilt(content[start:end], path, change)


def clap(width, height, across=(0, 1), down=(0, 1)):
    """A clean aperture: its size, and how far its middle is from the picture's, as fractions."""
    return box(b"clap", pack(">IIIIiIiI", width, 1, height, 1, *across, *down))


def with_aperture(content, aperture):
    """A still with a clean aperture, told of its first item."""
    number = len(children(within(content, [b"meta", b"iprp", b"ipco"]))) + 1
    content = with_changed(content, [b"meta", b"iprp", b"ipco"], lambda inner: inner + aperture)

    def tell(inner):
        count = inner[10]
        return inner[:10] + bytes([count + 1, 0x80 | number]) + inner[11:]

    return with_changed(content, [b"meta", b"iprp", b"ipma"], tell)


def with_two_associations(content):
    """A still that tells the properties of its first item in two boxes."""
    whole = within(content, [b"meta", b"iprp", b"ipma"])
    count = whole[10]
    one = whole[:4] + pack(">IHB", 1, 1, 2) + whole[11:13]
    two = whole[:4] + pack(">IHB", *(int.from_bytes(whole[4:8], "big"), 1, count - 2)) + whole[13:]
    return with_changed(
        content,
        [b"meta", b"iprp"],
        lambda inner: inner.replace(box(b"ipma", whole), box(b"ipma", one) + box(b"ipma", two)),
    )
