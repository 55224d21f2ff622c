"""What somebody pasted, as an address: a whole URL, a URL without its scheme, or a path. Read as browsers read it."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from rendering.catalogue.descriptor import OWN, Descriptor
from rendering.dialects.raw_path import SAFE, decode, path_of

#: Characters of a text that are read. No server takes a longer URL.
LONGEST = 16_384
#: A host without its scheme, as browsers show it: something with a dot or a port, or this machine.
HOST = re.compile(r"(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?|[\w-]+:\d+|\[[0-9a-fA-F:.]+\](?::\d+)?|localhost)(?=/)")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
#: What mails and documents put around URLs: what a quotation begins with, and what it may end with. No URL begins so.
QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "„": "“”", "‘": "’", "«": "»", "<": ">"}
#: What browsers leave in a path as it is: what is escaped, and what they do not escape.
LEFT = SAFE + "%[]|^\\"


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a URL. `host` has the scheme, as it was pasted; it is empty for a path."""

    host: str
    #: As a request has it: percent-encoded, without the leading / and the query.
    raw: str
    query: str = ""

    @property
    def path(self) -> str:
        """With its leading / and the query."""
        return f"/{self.raw}{'?' if self.query else ''}{self.query}"

    @property
    def name(self) -> str:
        """The host alone, without a port."""
        bare = self.host.partition("://")[2] or self.host.removeprefix("//")
        return re.sub(r":\d+$", "", bare.rpartition("@")[2]).lower()

    @property
    def decoded(self) -> str:
        """The path, percent-decoded, without its leading /. Raises BadPath."""
        return decode(self.raw)


def read(text: str) -> Address | None:
    """The address that somebody pasted. None for words that are none."""
    # Browsers strip both ends, and drop line breaks and tabs from within: URLs are copied from mails.
    text = unquoted(re.sub(r"[\t\r\n]", "", text[:LONGEST].strip(" \0\t\r\n\v\f")))
    if SCHEME.match(text) or text.startswith("//"):
        return split(text)
    if found := HOST.match(text):
        return Address(found[0], *path_and_query(text[found.end() :]))
    if "/" not in text:
        return None
    return Address("", *path_and_query(text))


def unquoted(text: str) -> str:
    """A text without the quotation marks around it."""
    if len(text) > 1 and text[-1] in QUOTES.get(text[0], ""):
        return text[1:-1].strip()
    return text


def split(text: str) -> Address | None:
    try:
        parts = urlsplit(text)
    except ValueError:  # brackets that no host has
        return None
    begin = text.index("//") + 2 + len(parts.netloc)
    return Address(text[:begin], *path_and_query(text[begin:]))


def path_and_query(text: str) -> tuple[str, str]:
    """The raw path without its leading /, and the query. What follows # is for browsers alone."""
    path, _, query = text.partition("#")[0].partition("?")
    return escape(path, LEFT).removeprefix("/"), escape(query, LEFT + "?")


def escape(text: str, safe: str) -> str:
    """A text as browsers send it: characters that no URL holds are escaped, and what is escaped stays."""
    try:
        return quote(text, safe=safe, errors="surrogateescape")
    except UnicodeEncodeError:  # half of an emoji
        return quote(text, safe=safe, errors="replace")


def of_alias(name: str, key: str, descriptor: Descriptor = OWN) -> Address:
    return of_path(path_of(name, key, descriptor))


def of_path(path: str) -> Address:
    """The address of a path that is percent-encoded already, with its leading /."""
    return Address("", path.removeprefix("/"))
