"""The renderer's number, apart from the renderer: every derivative's key holds it, also where nothing is rendered."""

#: Raised by hand when the same recipe gives other pixels than before.
RENDERER = 4
