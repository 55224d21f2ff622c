"""From the bytes of a file to upright pixels in sRGB: what a file says of itself, limits, opening, decoding."""
