"""What snippets are made of: a picture of an alias, with every size in which URLs may request it."""

from dataclasses import dataclass

from rendering.catalogue.alias import Alias
from rendering.catalogue.descriptor import OWN, Descriptor
from rendering.dialects import thumbor
from rendering.dialects.raw_path import path_of
from rendering.http.descriptions.alias_list import Listed, describe


@dataclass(frozen=True, slots=True)
class Snippet:
    """Code, with a title for people, and its language as fences in Markdown call it."""

    title: str
    language: str
    code: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of an original by an alias. `base` is where pictures are served, without a / at its end."""

    base: str
    alias: Alias
    key: str
    #: What other programs are told of the alias.
    listed: Listed

    @classmethod
    def of(cls, base: str, alias: Alias, key: str) -> "Picture":
        return cls(base, alias, key, describe(alias))

    def url(self, descriptor: Descriptor = OWN) -> str:
        return self.base + path_of(self.alias.name, self.key, descriptor)

    @property
    def candidates(self) -> list[tuple[Descriptor, str]]:
        """What stands in `srcset`, each with its word there: the widths, else the ratios; empty if there is one."""
        if self.listed.widths:
            return [(self.at_width(width), f"{width}w") for width in self.listed.widths]
        ratios = [Descriptor(ratio=ratio) for ratio in self.listed.ratios]
        return [(one, str(one)) for one in ratios] if len(ratios) > 1 else []

    def at_width(self, width: int) -> Descriptor:
        """The alias's own width is asked for without an @, so that caches hold one picture of it."""
        return OWN if width == self.listed.width else Descriptor(width=width)

    @property
    def sizes(self) -> str:
        """How wide a page shows it, for `sizes`: as wide as the window, up to the alias's own width. Empty where
        `srcset` has no widths."""
        if not self.listed.widths:
            return ""
        own = self.listed.width
        return f"(max-width: {own}px) 100vw, {own}px" if own else "100vw"

    @property
    def sides(self) -> dict[str, int]:
        """The width and height, in pixels, if every picture of the alias has them."""
        width, height = self.listed.width, self.listed.height
        return {"width": width, "height": height} if self.listed.exact and width and height else {}

    @property
    def thumbor_path(self) -> str:
        """What a Thumbor URL of the same recipe has after its signature, for texts in any kind of quotes."""
        written = thumbor.write(self.alias.recipe, f"{self.alias.bucket}/{self.alias.prefix}{self.key}")
        return written.replace("'", "%27").replace("$", "%24")
