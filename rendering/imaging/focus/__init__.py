"""Where to look: what is found in a picture, and where a crop is placed to keep it in sight."""
