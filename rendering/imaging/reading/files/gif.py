"""GIF: its blocks, counted before a reader goes through them one by one."""

from ...animation.gif_blocks import EXTENSION, FULL_BLOCK, HEADER, IMAGE, LOOKAHEAD, TRAILER, tables_end
from ...errors import TooLarge
from ..limits import Limits

#: Extensions, of which a frame has one or two, and pieces of data that are shorter than a piece can be. Encoders fill
#: all pieces but the last one, or leave a byte of each free.
EXTENSIONS, SHORT = 20_000, 200_000


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for more blocks than a reader can go through."""
    if len(content) < HEADER:
        return  # whoever opens it will say
    position, extensions, short = tables_end(content[10], HEADER), 0, 0
    while position < len(content) and content[position] != TRAILER:
        block = content[position]
        if block == IMAGE and position + 10 < len(content):
            position, pieces = pieces_end(content, tables_end(content[position + 9], position + 10) + 1)
            pieces += 1  # a frame without any is looked at, too
        elif block == EXTENSION:
            extensions += 1
            position, pieces = pieces_end(content, position + 2)
        else:  # stray bytes between blocks are skipped
            position, pieces = position + 1, 1
        short += pieces
        if extensions > EXTENSIONS or short > SHORT:
            raise TooLarge(
                f"The picture is a GIF of more than {EXTENSIONS:,} extensions, or of more than {SHORT:,} pieces that "
                "are not filled; save it anew"
            )


def pieces_end(content: bytes, position: int) -> tuple[int, int]:
    """The position after the pieces of data that begin at `position`, and how many of them are not filled; looking ends
    when these are too many."""
    short = 0
    while position < len(content) and (length := content[position]) and short <= SHORT:
        if length == FULL_BLOCK:  # as in gif_blocks.blocks_end
            lengths = content[position : position + LOOKAHEAD : FULL_BLOCK + 1]
            position += (len(lengths) - len(lengths.lstrip(b"\xff"))) * (FULL_BLOCK + 1)
        else:
            position += length + 1
            short += 1
    return position + 1, short
