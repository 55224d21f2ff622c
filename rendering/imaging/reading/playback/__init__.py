"""Playback: the frames of animated originals, one by one, as browsers show them."""
