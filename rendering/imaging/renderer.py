"""The version of the renderer. In a module of its own, because keys need it where nothing is rendered."""

#: A part of every derivative's key. Raise it when a recipe that exists gives other pixels than before.
RENDERER = 5
