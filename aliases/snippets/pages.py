"""Snippets that show a picture in a page: HTML, templates, and scripts."""

import json
from html import escape

from rendering.catalogue.descriptor import Descriptor

from .picture import Picture, Snippet


def in_pages(picture: Picture) -> list[Snippet]:
    """All of them. `<picture>` only where the alias has widths: nothing else could differ in it."""
    found = [Snippet("HTML", "html", html(picture))]
    if picture.listed.widths:
        found.append(Snippet("HTML with <picture>", "html", by_window(picture)))
    return [
        *found,
        Snippet("Django, with its client", "django", django(picture)),
        Snippet("Jinja, with the same client", "jinja", jinja(picture)),
        Snippet("React", "jsx", react(picture)),
        Snippet("JavaScript", "js", javascript(picture)),
    ]


def html(picture: Picture) -> str:
    """An `<img>`."""
    several = [f"{picture.url(descriptor)} {word}" for descriptor, word in picture.candidates]
    lines = [f'src="{escape(picture.url())}"']
    if several:
        lines.append('srcset="{}"'.format(escape(",\n             ".join(several))))
    if picture.sizes:
        lines.append(f'sizes="{picture.sizes}"')
    return "<img {}>\n".format("\n     ".join([*lines, common(picture)]))


def common(picture: Picture) -> str:
    sides = "".join(f'{name}="{side}" ' for name, side in picture.sides.items())
    return f'{sides}loading="lazy" decoding="async" alt=""'


def by_window(picture: Picture) -> str:
    """A `<picture>` that has a size for each width of the window, and twice that for sharp screens, where it may be
    requested."""
    own = picture.listed.width or picture.listed.widths[-1]
    sources = [
        f'  <source media="(max-width: {width}px)" srcset="{escape(sharp(picture, width))}">\n'
        for width in picture.listed.widths
        if width < own
    ]
    image = f'  <img src="{escape(picture.url(picture.at_width(own)))}" {common(picture)}>\n'
    return f"<picture>\n{''.join(sources)}{image}</picture>\n"


def sharp(picture: Picture, width: int) -> str:
    """A `srcset` of that width, and of twice that for sharp screens."""
    found = picture.url(picture.at_width(width))
    twice = width * 2
    return f"{found} 1x, {picture.url(picture.at_width(twice))} 2x" if twice in picture.listed.widths else found


def django(picture: Picture) -> str:
    """For templates of projects that have the client; `photo` is a key, or a file of a field."""
    sizes = f' sizes="{picture.sizes}"' if picture.sizes else ""
    return f'{{% load imageservice %}}\n{{% picture "{picture.alias.name}" photo alt=""{sizes} %}}\n'


def jinja(picture: Picture) -> str:
    """For templates whose environment has the client's `Picture`."""
    sizes = f', sizes="{picture.sizes}"' if picture.sizes else ""
    return (
        '{# environment.globals["Picture"] = imageservice_client.Picture #}\n'
        f'{{{{ Picture("{picture.alias.name}", photo).html(alt=""{sizes}) }}}}\n'
    )


#: The key as URLs have it, in JavaScript.
QUOTED = '.split("/").map(encodeURIComponent).join("/")'


def react(picture: Picture) -> str:
    """A component; `photo` is a key."""
    several = srcset(picture, "      ")
    attributes = [
        f"src={{{literal(picture)}}}",
        *([f"srcSet={{{several}}}"] if several else []),
        *([f'sizes="{picture.sizes}"'] if picture.sizes else []),
        *(f"{name}={{{side}}}" for name, side in picture.sides.items()),
        'loading="lazy"',
        'decoding="async"',
        "alt={alt}",
    ]
    lines = "".join(f"      {one}\n" for one in attributes)
    return (
        "export function Picture({ photo, alt }) {\n"
        f"  const path = photo{QUOTED};\n"
        f"  return (\n    <img\n{lines}    />\n  );\n}}\n"
    )


def javascript(picture: Picture) -> str:
    """An element for the page. What says how it is fetched is set before `src`, which begins to fetch it."""
    several = srcset(picture, "  ")
    members = [
        'alt: ""',
        'loading: "lazy"',
        'decoding: "async"',
        *(f"{name}: {side}" for name, side in picture.sides.items()),
        *([f'sizes: "{picture.sizes}"'] if picture.sizes else []),
        *([f"srcset: {several}"] if several else []),
        f"src: {literal(picture)}",
    ]
    lines = "".join(f"  {one},\n" for one in members)
    return (
        f"const path = {json.dumps(picture.key, ensure_ascii=False)}{QUOTED};\n"
        f'const image = Object.assign(document.createElement("img"), {{\n{lines}}});\n'
        "document.body.append(image);\n"
    )


def srcset(picture: Picture, indent: str) -> str:
    """A `srcset` as an expression of JavaScript; empty if there is only one picture."""
    urls = "".join(f"{indent}  {literal(picture, one, f' {word}')},\n" for one, word in picture.candidates)
    return f'[\n{urls}{indent}].join(", ")' if urls else ""


def literal(picture: Picture, descriptor: Descriptor | None = None, word: str = "") -> str:
    """The URL of the original at `path`, as a template literal of JavaScript."""
    at = descriptor.suffix if descriptor else ""
    return f"`{picture.base}/{picture.alias.name}{at}/${{path}}{word}`"
