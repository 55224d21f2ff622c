"""Colour: which colour space an original is in, decided once, and its pixels in sRGB."""
