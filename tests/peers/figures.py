"""Figures read back by the programs that people open them with.

    tests/peers/figures.py CONVLENS [PRESET...]      all layer presets if none is named

Draws each preset as PNG, SVG and PDF in both themes, with letters as paths and as selectable text, and asks:
  - librsvg (rsvg-convert) and poppler (pdftoppm) for the SVG's and the PDF's pixels: they must be the PNG's, except for
    how edges are smoothed;
  - poppler (pdftotext) for the PDF's words: each word of the SVG's text must be among them, as often;
  - poppler (pdffonts) whether every font is in the file.
A line a preset; exit code 1 if one differs. Needs the Debian packages librsvg2-bin and poppler-utils, numpy and OpenCV.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as xml

import cv2
import numpy as np

WIDTH, HEIGHT = 1280, 720
NEAR = 24  # levels of 255: edges that are smoothed otherwise are not counted when small
MOST_OFF = 0.012  # share of the pixels that may be further off, all at the edges of letters and lines
MOST_MEAN = 2.0  # levels


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr.decode()}")
    return done.stdout.decode()


def pixels(path):
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    return cv2.resize(image, (WIDTH, HEIGHT)) if image.shape[:2] != (HEIGHT, WIDTH) else image


def difference(a, b):
    """(mean in levels, share of pixels that are far off) after both were softened a little: edges lie within a pixel."""
    soft = [cv2.GaussianBlur(pixels(path), (5, 5), 0).astype(np.float32) for path in (a, b)]
    off = np.abs(soft[0] - soft[1]).max(axis=2)
    return float(off.mean()), float((off > NEAR).mean())


def words(text):
    # Ligatures and the like are taken apart, as search fields of viewers do.
    return collections.Counter(unicodedata.normalize("NFKC", text).split())


def svg_words(path):
    texts = [node.text or "" for node in xml.parse(path).iter("{http://www.w3.org/2000/svg}text")]
    return texts


def check(convlens, preset, folder):
    faults = []
    worst = {}
    for theme in ("light", "dark"):
        png = folder / "a.png"
        render = [convlens, "render", preset, "--theme", theme, "--size", f"{WIDTH}x{HEIGHT}", "-o"]
        run(*render, png)
        for text in ("paths", "selectable"):
            svg, pdf = folder / f"{text}.svg", folder / f"{text}.pdf"
            run(*render, svg, "--text", text)
            run(*render, pdf, "--text", text)
            run("rsvg-convert", svg, "-o", folder / "svg.png")
            run("pdftoppm", "-png", "-r", 96, "-singlefile", pdf, folder / "pdf")
            for name, drawn in (("SVG", folder / "svg.png"), ("PDF", folder / "pdf.png")):
                mean, off = difference(png, drawn)
                worst[name] = max(worst.get(name, (0, 0)), (off, mean))
                if off > MOST_OFF or mean > MOST_MEAN:
                    faults.append(f"{name}, {theme}, {text}: {off:.2%} of the pixels are off, {mean:.2f} levels on average")
        texts = svg_words(folder / "selectable.svg")
        letters = lambda text: re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
        got = letters(run("pdftotext", "-raw", folder / "selectable.pdf", "-"))
        missing = collections.Counter(letters("".join(texts))) - collections.Counter(got)
        more = collections.Counter(got) - collections.Counter(letters("".join(texts)))
        if missing or more:
            faults.append(f"PDF, {theme}: characters missing {dict(missing)}, too many {dict(more)}")
        for line in texts:
            if letters(line) not in got:
                faults.append(f"PDF, {theme}: “{line}” is not found")
        if run("pdftotext", folder / "paths.pdf", "-").strip():
            faults.append(f"PDF, {theme}: paths hold text")
        for line in run("pdffonts", folder / "selectable.pdf").splitlines()[2:]:
            if line.split()[-5:-4] != ["yes"]:
                faults.append(f"PDF, {theme}: a font is not in the file: {line}")
    said = ", ".join(f"{name} {off:.2%} off, {mean:.2f} levels" for name, (off, mean) in worst.items())
    print(f"{preset}: {len(texts)} texts, {said}")
    for fault in faults:
        print("   ", fault)
    return not faults


def main():
    convlens, presets = sys.argv[1], sys.argv[2:]
    if not presets:
        listed = [json.loads(line) for line in run(convlens, "presets", "--json").splitlines()]
        presets = [each["name"] for each in listed if each["kind"] == "layer"]
    with tempfile.TemporaryDirectory() as folder:
        good = [check(convlens, preset, pathlib.Path(folder)) for preset in presets]
    print(f"{sum(good)} of {len(good)} agree")
    sys.exit(0 if all(good) else 1)


main()
