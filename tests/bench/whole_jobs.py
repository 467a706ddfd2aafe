#!/usr/bin/env python3
"""Whole commands beside those of other programs: a picture of 24 megapixels read, filtered by a 5×5 kernel and written.

    tests/bench/whole_jobs.py [--convlens PROGRAM] [--rounds N] [--jobs REGEX] [--picture FILE]

Convlens, `vips` (Debian: libvips-tools), OpenCV from Python and ImageMagick's `convert`, those that there are, take turns
in each round, so that a machine that is busy is so for all. Prints a table: the median of each program's time by that of
Convlens in the same round, the same of the processors' time, the least of both, the most memory of a process, and the
file's size.

JPEG files are written with quality 95 and colours as fine as brightness by all; PNG and TIFF as each program does by
itself. Without --picture a picture is made of waves, edges and noise, which packs about as a photograph does.
"""

import argparse
import importlib.util
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KERNEL = [[0, 1, 2, 1, 0], [1, 3, 5, 3, 1], [2, 5, 8, 5, 2], [1, 3, 5, 3, 1], [0, 1, 2, 1, 0]]  # no product of two rows
SUM = sum(map(sum, KERNEL))
OPENCV = """
import sys, cv2, numpy as np
kernel = np.array({kernel}, np.float32) / {sum}
for path, out in zip(sys.argv[1::2], sys.argv[2::2]):
    picture = cv2.filter2D(cv2.imread(path, cv2.IMREAD_UNCHANGED), -1, kernel)
    cv2.imwrite(out, picture, [cv2.IMWRITE_JPEG_QUALITY, 95, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x111111])
"""


# Waves, edges and the noise of a sensor, 6000 × 4000. Made by a process of its own: what a process holds counts as its
# children's memory, too.
MADE = """
import sys, numpy as np
y, x = np.mgrid[0:4000, 0:6000].astype(np.float32)
planes = []
random = np.random.default_rng(1)
for phase in (0.0, 0.4, 0.9):
    plane = 110 + 50 * np.sin(x / 91 + phase) * np.cos(y / 67) + 35 * np.sin((x + 2 * y) / 17 + phase)
    plane += 40 * ((x // 500 + y // 400) % 2) + random.normal(0, 2, x.shape)
    planes.append(np.clip(np.rint(plane), 0, 255).astype(np.uint8))
open(sys.argv[1], "wb").write(b"P6\\n6000 4000\\n255\\n" + np.stack(planes, 2).tobytes())
"""


def commands(folder, program, kind, count):
    """name -> (commands, files to be written)"""
    ins = [folder / f"in{i}.{kind}" for i in range(count)]
    for path in ins[1:]:
        if not path.exists():
            os.link(ins[0], path)
    found = {}

    def outs(name):
        (folder / name).mkdir(exist_ok=True)
        return [folder / name / path.name for path in ins]

    rows = "; ".join(" ".join(map(str, row)) for row in KERNEL)
    (folder / "convlens").mkdir(exist_ok=True)
    found["convlens"] = [[program, "filter", *ins, *(outs("convlens") if count == 1 else [folder / "convlens"]),
                          "--kernel", rows, "--divisor", SUM, "--overwrite", "--backend", "cpu"]]
    if shutil.which("vips"):
        mask = folder / "mask.mat"
        mask.write_text(f"5 5 {SUM} 0\n" + "\n".join(" ".join(map(str, row)) for row in KERNEL) + "\n")
        options = "[Q=95,subsample-mode=off]" if kind == "jpg" else ""
        found["vips"] = [["vips", "conv", i, f"{o}{options}", mask, "--precision", "integer"] for i, o in zip(ins, outs("vips"))]
    if importlib.util.find_spec("cv2"):
        script = OPENCV.format(kernel=KERNEL, sum=SUM)
        pairs = [path for pair in zip(ins, outs("opencv")) for path in pair]
        found["opencv"] = [[sys.executable, "-c", script, *pairs]]
    if shutil.which("convert"):
        weights = " ".join(",".join(str(w / SUM) for w in row) for row in KERNEL)
        found["convert"] = [["convert", i, "-morphology", "Convolve", f"5x5: {weights}", "-quality",
                             "95" if kind == "jpg" else "75", "-sampling-factor", "1x1", o]
                            for i, o in zip(ins, outs("convert"))]
    return found


def run(job):
    """Seconds, seconds of the processors, and the most memory in MiB of one process."""
    began, busy, memory = time.perf_counter(), 0, 0
    for command in job:
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"{command[0]} failed: {said.decode()[:500]}")
        busy += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss / 1024)
    return time.perf_counter() - began, busy, memory


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--convlens", default="build/release/bin/convlens")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--jobs", default="")
    parser.add_argument("--picture", type=Path, help="of any kind that Convlens reads")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="whole-jobs-") as name:
        folder = Path(name)
        picture = options.picture
        if picture is None:
            picture = folder / "made.ppm"
            subprocess.run([sys.executable, "-c", MADE, picture], check=True)
        for kind in ("jpg", "png", "tif"):
            subprocess.run([options.convlens, "filter", picture, folder / f"in0.{kind}", "--kernel", "identity"], check=True,
                           stderr=subprocess.DEVNULL)
        print("| job | program | time / Convlens | processors / Convlens | ms | processors ms | MiB | file MB |")
        print("|-|-|-|-|-|-|-|-|")
        for kind in ("jpg", "png", "tif"):
            for count in (1, 10):
                job = f"{kind}, {count} {'picture' if count == 1 else 'pictures'}"
                if not re.search(options.jobs, job):
                    continue
                found = commands(folder, options.convlens, kind, count)
                rounds = []
                for number in range(options.rounds + 1):
                    order = list(found) if number % 2 else list(found)[::-1]
                    taken = {program: run(found[program]) for program in order}
                    if number > 0:  # the first one finds the files
                        rounds.append(taken)
                for program in found:
                    ratios = [statistics.median(r[program][i] / r["convlens"][i] for r in rounds) for i in (0, 1)]
                    least = [1000 * min(r[program][i] for r in rounds) for i in (0, 1)]
                    memory = max(r[program][2] for r in rounds)
                    size = (folder / program / f"in0.{kind}").stat().st_size / 1e6
                    print(f"| {job} | {program} | {ratios[0]:.2f} | {ratios[1]:.2f} | {least[0]:.0f} | {least[1]:.0f} | "
                          f"{memory:.0f} | {size:.1f} |", flush=True)


if __name__ == "__main__":
    main()
