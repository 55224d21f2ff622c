"""BMP: how much of it is packed in runs."""

from struct import unpack_from

from ...errors import TooLarge
from ..limits import Limits, sizes

#: The kinds of compression by runs, of 8 and of 4 bits, and where it stands.
RUNS, COMPRESSION = (1, 2), 30

#: Bytes in runs. Pillow reads each run in Python, which takes a second for this many.
PACKED = 2 * 1024 * 1024


def check(content: bytes, limits: Limits) -> None:
    """Raise TooLarge for more runs than a reader can go through."""
    if len(content) < COMPRESSION + 4:
        return  # whoever opens it will say
    (compression,) = unpack_from("<I", content, COMPRESSION)
    if compression in RUNS and len(content) > PACKED:
        found, allowed = sizes(len(content), PACKED)
        raise TooLarge(f"The picture is a BMP in runs of {found}, {allowed} are allowed; save it as a PNG")
