"""Focus: detecting faces and edges in a picture, and placing a crop so that it keeps them in sight."""
