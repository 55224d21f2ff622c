"""From a file's bytes to upright sRGB pixels: headers, limits, opening, decoding."""
