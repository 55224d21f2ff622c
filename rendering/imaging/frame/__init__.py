"""Geometry: which part of an original is kept, and at what size. Pure arithmetic, except for trimming."""
