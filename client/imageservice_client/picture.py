"""A picture: an original by an alias, as its URL or as HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .listing import listing
from .urls import alias_url, srcset, srcset_by_width

#: Media types by the word for a format in the list of aliases.
TYPES = {name: f"image/{name}" for name in ("jpeg", "png", "webp", "avif", "gif")}


@dataclass(frozen=True)
class Picture:
    """The picture of an original, by an alias. As text, it is its URL; it is false where there is no key."""

    alias: str
    key: str

    def __str__(self) -> str:
        return self.url

    def __bool__(self) -> bool:
        return bool(self.key)

    @property
    def url(self) -> str:
        return alias_url(self.alias, self.key)

    @property
    def srcset(self) -> str:
        return srcset(self.alias, self.key)

    @property
    def srcset_by_width(self) -> str:
        return srcset_by_width(self.alias, self.key)

    @property
    def width(self) -> int | None:
        """In pixels, if every picture of the alias has it."""
        return known.width if (known := listing().get(self.alias)) and known.exact else None

    @property
    def height(self) -> int | None:
        """In pixels, if every picture of the alias has it."""
        return known.height if (known := listing().get(self.alias)) and known.exact else None

    def html(self, *, alt: str | None = "", sources: str = "", sizes: str = "", **attributes: Any) -> SafeString:
        """An `<img>`, with every ratio of the alias, and with width and height where they are known.

        `sizes` says how wide the page shows it, as in HTML: then the alias's widths take the place of its ratios, if it
        has any. `sources` are names of other aliases, separated by spaces, each with a format of its own: they become
        the `<source>`s of a `<picture>`. Other attributes are added; None leaves one out, True gives it no value.
        `data_id` is written `data-id`.
        """
        if not self.key:
            return SafeString("")
        chosen = {
            "src": self.url,
            **self.several(sizes),
            "width": self.width,
            "height": self.height,
            "alt": alt or "",
            "loading": "lazy",
            "decoding": "async",
            **{name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()},
        }
        image = format_html("<img{}>", written(chosen))
        if not sources:
            return image
        named = format_html_join("", "{}", ((self.source(name, sizes),) for name in sources.split()))
        return format_html("<picture>{}{}</picture>", named, image)

    def several(self, sizes: str) -> dict[str, str]:
        """`srcset`, and `sizes` where it is by width; empty where there is only one picture."""
        if sizes and (by_width := self.srcset_by_width):
            return {"srcset": by_width, "sizes": sizes}
        return {"srcset": self.srcset} if self.srcset else {}

    def source(self, alias: str, sizes: str) -> SafeString:
        """The `<source>` of another alias. Without a known format it would hide the others, so it is left out."""
        known = listing().get(alias)
        if not known or known.format not in TYPES:
            return SafeString("")
        other = Picture(alias, self.key)
        attributes = {"type": TYPES[known.format], "srcset": other.url, **other.several(sizes)}
        return format_html("<source{}>", written(attributes))


def written(attributes: Mapping[str, Any]) -> SafeString:
    """Attributes of HTML. True is one without a value; None and False are left out."""
    chosen = {name: value for name, value in attributes.items() if value is not None and value is not False}
    plain = format_html_join("", " {}", ((name,) for name, value in chosen.items() if value is True))
    return format_html_join("", ' {}="{}"', (pair for pair in chosen.items() if pair[1] is not True)) + plain


class Pictures:
    """The pictures of one original: `pictures.hero`, or `pictures["profile-image/ios"]`."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __getitem__(self, alias: str) -> Picture:
        return Picture(alias, self._key)

    def __getattr__(self, alias: str) -> Picture:
        if alias.startswith("_"):
            raise AttributeError(alias)
        return Picture(alias, self._key)

    def __bool__(self) -> bool:
        return bool(self._key)
