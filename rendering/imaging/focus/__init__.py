"""Where to look: what is found in a picture, and where a crop is placed to keep it in sight.

faces.py       the values: a face, and a focus, which is all that was found in one original
edges.py       where a picture has detail, for pictures without a face
yunet.py       the detector of faces that runs in this process
smart.py       what a recipe asks of a smart crop
placement.py   from a focus to the part of the picture that stays
"""
