"""JPEG 2000: how it was coded."""

#: Markers of a JPEG 2000: what says how it was coded, and where its header ends.
CODING_STYLE, START_OF_TILE = 0x52, 0x90


def wavelet_levels(content: bytes) -> int:
    """How often a JPEG 2000 halves itself: it can be decoded at half of its sides that many times over."""
    position = content.find(b"\xff\x4f\xff\x51") + 2
    while 2 <= position < len(content) - 12 and content[position] == 0xFF and content[position + 1] != START_OF_TILE:
        if content[position + 1] == CODING_STYLE:
            return content[position + 9]
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    return 0
