"""Animations: their frames and timing, and how GIF and AVIF hold them."""
