"""What Thumbor 7.8 finds in pictures: its face detector, then its feature detector. benchmarks/faces.py runs it, with
OpenCV.

    python thumbor_detectors.py < paths, a line each > a JSON object a line

The parameters are those of thumbor/detectors/: local_detector.py, face_detector/ and feature_detector/, with Thumbor's
default cascade, which OpenCV includes.
"""

import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

CASCADE = cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / "haarcascade_frontalface_alt.xml"))


def main() -> None:
    cv2.setNumThreads(1)
    for line in sys.stdin:
        image = ImageOps.exif_transpose(Image.open(line.rstrip("\n"))).convert("RGB")
        started = time.process_time()
        grey = np.array(image.convert("L"))
        least = max(20, int(min(image.size) / 15))
        faces = [
            [float(side) for side in box] for box in CASCADE.detectMultiScale(grey, 1.2, 4, minSize=(least, least))
        ]
        points = []
        if not faces:
            corners = cv2.goodFeaturesToTrack(grey, 20, 0.04, 1.0, useHarrisDetector=False)
            points = [] if corners is None else [[float(x), float(y)] for x, y in corners.reshape(-1, 2)]
        ms = (time.process_time() - started) * 1000
        print(json.dumps({"faces": faces, "points": points, "ms": ms}), flush=True)


if __name__ == "__main__":
    main()
