"""SVG drawings: passed on as they are where their bucket allows it, and never rendered.

Whoever can draw one can put scripts into it, so it goes out under a policy by which nothing in it runs
(`http/headers.py`). No process of ours looks further into it than at the name of its first element.
"""

from .. import conf, trace
from ..imaging.encoding import MEDIA_TYPES, SVG
from ..imaging.errors import TooLarge
from ..imaging.reading.files import kinds
from ..imaging.reading.limits import size
from . import originals
from .originals import Original
from .payload import Payload

#: Bytes that a drawing may have, if the limits of the deployment allow as many.
MOST = 4 * 1024 * 1024


def find(original: Original) -> Payload | None:
    """The drawing that an original is, by the end of its key and by its bytes, where its bucket allows drawings. Else
    None, and it is to be rendered. Raises TooLarge, and as `originals.read` does."""
    if not (original.bucket.svg_allowed and original.key.lower().endswith(".svg")):
        return None
    content = originals.read(original)
    if not kinds.is_svg(content):
        return None
    most = min(MOST, conf.limits().bytes, conf.largest_picture() or MOST)
    if len(content) > most:
        raise TooLarge(f"The drawing has {len(content):,} bytes; an SVG is passed on up to {size(most)}")
    trace.note(passed_on=True)
    settled = originals.is_settled(original)
    return Payload(content, MEDIA_TYPES[SVG], lasting=settled, stand_in=not settled)
