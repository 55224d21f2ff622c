"""Lines of text as arguments of filters: percent-encoded where a character has a meaning in the text of filters."""

import re

from rendering.imaging.errors import BadArgument
from rendering.imaging.parameters import Parameter, excerpt, percent_decode

#: The most characters, with the ends of lines.
LONGEST = 200
#: What the font has beyond ASCII (`ImageFont.load_default`, which Pillow bundles).
BEYOND_ASCII = "©«°±´·»‘’“”…‹›⁄™"
WRITABLE = re.compile(rf"[ -~\n{BEYOND_ASCII}]*")


class Line(Parameter, frozen=True):
    """A text of one or more lines."""

    def read(self, text: str) -> str:
        value = re.sub("(?:%[0-9A-Fa-f]{2})+", lambda found: percent_decode(found[0]), text)
        if value.strip() and len(value) <= LONGEST and WRITABLE.fullmatch(value):
            return value
        raise BadArgument(f"{excerpt(text)} is not {self.explain()}")

    def write(self, value: str) -> str:
        return re.sub("[^0-9A-Za-z._~-]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), value)

    def explain(self) -> str:
        return (
            f"a text of at most {LONGEST} characters that the font has: ASCII and {BEYOND_ASCII}, with %20 for "
            "a space, %2C for a comma and %0A for the end of a line"
        )
