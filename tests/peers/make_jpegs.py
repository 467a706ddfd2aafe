"""Writes tests/fixtures/images/jpeg.json: small JPEG files of every usual sampling of colours, and what libjpeg makes of them.

    python make_jpegs.py ../fixtures/images/jpeg.json

Pillow writes and reads them. Each is blue and has a red edge at the right and at the bottom, where the samples of halved
colours have no neighbour beyond. Of 3 and 4 columns libjpeg does not smooth the colours at all; they are left out.
"""

import io
import json
import sys

import numpy as np
from PIL import Image

files = []
for sampling in ("4:4:4", "4:2:2", "4:2:0"):
    for width, height in ((1, 1), (2, 2), (5, 5), (16, 4), (17, 9), (32, 16), (33, 3)):
        picture = np.zeros((height, width, 3), np.uint8)
        picture[:, :, 2] = 255
        picture[:, -2:] = picture[-2:, :] = (255, 0, 0)
        out = io.BytesIO()
        Image.fromarray(picture).save(out, "JPEG", quality=98, subsampling=sampling)
        seen = np.asarray(Image.open(io.BytesIO(out.getvalue())))
        files.append({"name": f"{sampling.replace(':', '')}_{width}x{height}.jpg", "bytes": out.getvalue().hex(),
                      "width": width, "height": height, "samples": seen.ravel().tolist()})
with open(sys.argv[1], "w", encoding="utf-8") as fixture:
    rows = ",\n".join(json.dumps(file) for file in files)
    fixture.write('{"format": 1, "files": [\n' + rows + "\n]}\n")
