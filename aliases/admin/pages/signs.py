"""Signs with words, as HTML: the chips of states and the lines of findings. No state is told by its colour alone."""

from django.utils.html import format_html
from django.utils.safestring import SafeString


def chip(kind: str, sign: str, words: str) -> SafeString:
    """A chip of a kind: good, warn, bad, info, or none. `sign` is the name of one in “admin/icons.html”."""
    return marked("chip", kind, sign, words)


def line(kind: str, sign: str, words: str) -> SafeString:
    """The same as a line of text."""
    return marked("line", kind, sign, words)


def marked(part: str, kind: str, sign: str, words: str) -> SafeString:
    return format_html(
        '<span class="{}"><svg class="i{}" aria-hidden="true"><use href="#i-{}"/></svg>{}</span>',
        f"{part} {kind}".strip(),
        " ring" if sign == "spin" else "",
        sign,
        words,
    )
