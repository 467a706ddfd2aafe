"""Writes tests/fixtures/images/tiff_webp.json: small TIFF and WebP files of every kind that Convlens reads, and the samples in them.

    python make_tiffs.py ../fixtures/images/tiff_webp.json

Needs Pillow, OpenCV, and the Debian packages libtiff-tools (tiffcp) and webp (cwebp, img2webp). Pillow or OpenCV write
files, tiffcp packs, cuts and turns them over; what Pillow can read is read by it, and has to be the same.
"""

import io
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

random = np.random.default_rng(23)
files = []
folder = Path(tempfile.mkdtemp())


def add(name, data, samples, depth="u8", pillow=True):
    """samples: [H, W, C] or [H, W]; pillow: whether Pillow has to see the same."""
    samples = np.asarray(samples)
    if samples.ndim == 2:
        samples = samples[:, :, None]
    h, w, c = samples.shape
    if pillow:
        image = Image.open(io.BytesIO(data))
        mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[c]
        seen = np.asarray(image if image.mode.startswith(("I", "F")) else image.convert(mode)).reshape(h, w, c)
        assert np.array_equal(seen, samples), (name, seen, samples)
    files.append({"name": name, "bytes": data.hex(), "width": w, "height": h, "channels": c, "depth": depth,
                  "samples": samples.ravel().tolist()})


def pillow_tiff(image, **options):
    out = io.BytesIO()
    image.save(out, "TIFF", **options)
    return out.getvalue()


def opencv_tiff(samples, compression):
    """samples in RGB order."""
    turned = samples[:, :, ::-1] if samples.ndim == 3 and samples.shape[2] == 3 else samples
    ok, data = cv2.imencode(".tiff", turned, [cv2.IMWRITE_TIFF_COMPRESSION, compression])
    assert ok
    return data.tobytes()


def tiffcp(data, *options):
    """`data` through libtiff's tiffcp."""
    (folder / "in.tif").write_bytes(data)
    subprocess.run(["tiffcp", *options, folder / "in.tif", folder / "out.tif"], check=True)
    return (folder / "out.tif").read_bytes()


def directory(entries, image, big_endian=False):
    """A TIFF file put together by the specification: `entries` {tag: (type, values)}, and the image behind the directory."""
    order = ">" if big_endian else "<"
    kinds = {1: "B", 3: "H", 4: "I"}
    place = 8 + 2 + 12 * len(entries) + 4
    behind = b""
    at_image = place + sum(len(v) * struct.calcsize(kinds[k]) for k, v in entries.values()
                           if len(v) * struct.calcsize(kinds[k]) > 4)
    body = struct.pack(order + "H", len(entries))
    for tag in sorted(entries):
        kind, values = entries[tag]
        values = [at_image if v is None else v for v in values]
        packed = struct.pack(order + kinds[kind] * len(values), *values)
        body += struct.pack(order + "HHI", tag, kind, len(values))
        if len(packed) > 4:
            body += struct.pack(order + "I", place + len(behind))
            behind += packed
        else:
            body += packed.ljust(4, b"\0")
    head = (b"MM\0*" if big_endian else b"II*\0") + struct.pack(order + "I", 8)
    return head + body + struct.pack(order + "I", 0) + behind + image


def noise(*shape, most=256, dtype=np.uint8):
    return random.integers(0, most, shape).astype(dtype)


def tiff_depths():
    for channels in (1, 3, 4):
        shape = (5, 7) if channels == 1 else (5, 7, channels)
        samples = noise(*shape)
        plain = pillow_tiff(Image.fromarray(samples))
        for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
            add(f"pillow{channels}_{compression}.tif", pillow_tiff(Image.fromarray(samples), compression=compression), samples)
        add(f"big_endian{channels}.tif", tiffcp(plain, "-B"), samples)
        add(f"big{channels}.tif", tiffcp(plain, "-8"), samples, pillow=False)
        add(f"predictor{channels}.tif", tiffcp(plain, "-c", "lzw:2"), samples)
        add(f"tiles{channels}.tif", tiffcp(plain, "-t", "-w", "16", "-l", "16", "-c", "zip:2"), samples)
        add(f"one_row_strips{channels}.tif", tiffcp(plain, "-r", "1", "-c", "packbits"), samples)
        if channels > 1:
            add(f"planes{channels}.tif", tiffcp(plain, "-p", "separate"), samples)
            add(f"plane_tiles{channels}.tif", tiffcp(plain, "-p", "separate", "-t", "-w", "16", "-l", "16"), samples,
                pillow=False)
    large = noise(40, 50, 3)
    add("many_tiles.tif", tiffcp(pillow_tiff(Image.fromarray(large)), "-t", "-w", "16", "-l", "32", "-c", "lzw"), large)
    for channels in (1, 3):
        shape = (4, 6) if channels == 1 else (4, 6, channels)
        words = noise(*shape, most=65536, dtype=np.uint16)
        plain = opencv_tiff(words, 1)
        floats = random.normal(0, 10, shape).astype(np.float32)
        float_plain = opencv_tiff(floats, 1)
        doubles = opencv_tiff(floats.astype(np.float64), 1)
        add(f"opencv16_{channels}.tif", plain, words, "u16", pillow=channels == 1)
        add(f"opencv16_{channels}_lzw.tif", opencv_tiff(words, 5), words, "u16", pillow=False)
        add(f"big_endian16_{channels}.tif", tiffcp(plain, "-B", "-c", "zip:2"), words, "u16", pillow=False)
        add(f"opencv32f_{channels}.tif", float_plain, floats, "f32", pillow=channels == 1)
        add(f"predictor32f_{channels}.tif", tiffcp(float_plain, "-c", "zip:3"), floats, "f32", pillow=False)
        add(f"big_endian32f_{channels}.tif", tiffcp(float_plain, "-B"), floats, "f32", pillow=False)
        add(f"opencv64f_{channels}.tif", doubles, floats, "f32", pillow=False)
        add(f"tiles32f_{channels}.tif", tiffcp(float_plain, "-t", "-w", "16", "-l", "16"), floats, "f32", pillow=False)


def tiff_kinds():
    bits = noise(5, 13, most=2) * 255
    one = Image.fromarray(bits).convert("1")
    for compression in ("raw", "group3", "group4", "packbits"):
        add(f"bits_{compression}.tif", pillow_tiff(one, compression=compression), bits)
    palette = noise(16, 3)
    indices = noise(6, 9, most=16)
    image = Image.fromarray(indices, "P")
    image.putpalette(palette.tobytes())
    add("palette8.tif", pillow_tiff(image), palette[indices])
    levels = noise(4, 5, most=4)
    packed = b"".join(bytes([row[0] << 6 | row[1] << 4 | row[2] << 2 | row[3], row[4] << 6]) for row in levels.tolist())

    def grey(bits_of_sample, photometric, data, width=5, height=4, **more):
        return directory({256: (4, [width]), 257: (4, [height]), 258: (3, [bits_of_sample]), 259: (3, [1]),
                          262: (3, [photometric]), 273: (4, [None]), 277: (3, [1]), 278: (4, [height]),
                          279: (4, [len(data)]), **more}, data)

    add("grey2.tif", grey(2, 1, packed), levels * 85)
    add("white0_2.tif", grey(2, 0, packed), 255 - levels * 85)
    nibbles = noise(4, 6, most=16)
    packed4 = bytes((nibbles[:, ::2] << 4 | nibbles[:, 1::2]).ravel().tolist())
    add("grey4.tif", grey(4, 1, packed4, 6), nibbles * 17)
    colours = noise(16, 3, most=65536, dtype=np.uint16)
    add("palette4_words.tif", directory(
        {256: (4, [6]), 257: (4, [4]), 258: (3, [4]), 259: (3, [1]), 262: (3, [3]), 273: (4, [None]), 277: (3, [1]),
         278: (4, [4]), 279: (4, [12]), 320: (3, colours.T.ravel().tolist())}, packed4), (colours >> 8)[nibbles])
    samples = noise(4, 5)
    add("white0_8.tif", grey(8, 0, samples.tobytes()), 255 - samples)
    words = noise(4, 5, most=65536, dtype=np.uint16)
    add("white0_16.tif", grey(16, 0, words.astype("<u2").tobytes()), 65535 - words, "u16", pillow=False)


def tiff_alpha():
    """Alpha 1: associated, 2: not; 0: a sample of which nothing is said."""
    straight = noise(3, 4, 4)
    straight[0, 0, 3], straight[0, 1, 3], straight[0, 2, 3] = 0, 255, 128
    multiplied = straight.copy()
    multiplied[..., :3] = np.rint(straight[..., :3].astype(np.float64) * straight[..., 3:] / 255)

    def rgba(data, extra):
        return directory({256: (4, [4]), 257: (4, [3]), 258: (3, [8] * 4), 259: (3, [1]), 262: (3, [2]),
                          273: (4, [None]), 277: (3, [4]), 278: (4, [3]), 279: (4, [48]), 338: (3, [extra])}, data.tobytes())

    add("alpha_straight.tif", rgba(straight, 2), straight)
    divided = multiplied.astype(np.int64)
    alpha = divided[..., 3:]
    exact = np.where(alpha > 0, divided[..., :3] * 255 / np.maximum(alpha, 1), divided[..., :3])
    divided[..., :3] = np.minimum(np.rint(exact), 255)
    add("alpha_multiplied.tif", rgba(multiplied, 1), divided, pillow=False)
    add("unspecified.tif", rgba(straight, 0), straight[..., :3], pillow=False)
    pair = noise(3, 4, 2)
    add("grey_alpha.tif", pillow_tiff(Image.fromarray(pair, "LA")), pair)


def turned(samples, orientation):
    """As it is to be seen (TIFF 6.0, tag 274)."""
    return {1: samples, 2: samples[:, ::-1], 3: samples[::-1, ::-1], 4: samples[::-1], 5: samples.transpose(1, 0, 2),
            6: samples[::-1].transpose(1, 0, 2), 7: samples[::-1, ::-1].transpose(1, 0, 2),
            8: samples[:, ::-1].transpose(1, 0, 2)}[orientation]


def tiff_orientations():
    samples = noise(3, 5, 3)
    for orientation in range(2, 9):
        add(f"orientation{orientation}.tif", pillow_tiff(Image.fromarray(samples), tiffinfo={274: orientation}),
            turned(samples, orientation), pillow=False)


def tiff_jpeg():
    """YCbCr by JPEG: what libtiff's own reader makes of it."""
    samples = cv2.GaussianBlur(noise(32, 48, 3), (0, 0), 5)
    data = tiffcp(pillow_tiff(Image.fromarray(samples)), "-c", "jpeg:r:95", "-r", "16")
    add("jpeg.tif", data, np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))


def tiff_pages():
    first = noise(4, 5)
    out = io.BytesIO()
    Image.fromarray(first).save(out, "TIFF", save_all=True, append_images=[Image.fromarray(noise(9, 9, 3))] * 2)
    add("three_pages.tif", out.getvalue(), first)


def webp():
    for channels in (3, 4):
        samples = noise(6, 9, channels)
        out = io.BytesIO()
        Image.fromarray(samples).save(out, "WEBP", lossless=True, exact=True)
        add(f"lossless{channels}.webp", out.getvalue(), samples)
        smooth = cv2.GaussianBlur(noise(20, 33, channels), (0, 0), 4)
        out = io.BytesIO()
        Image.fromarray(smooth).save(out, "WEBP", quality=90, exact=True)
        data = out.getvalue()
        add(f"lossy{channels}.webp", data, np.asarray(Image.open(io.BytesIO(data))))
    one = np.full((30, 40, 3), 77, np.uint8)
    (folder / "in.png").write_bytes(cv2.imencode(".png", one)[1].tobytes())
    subprocess.run(["cwebp", "-quiet", "-lossless", folder / "in.png", "-o", folder / "out.webp"], check=True)
    add("one_colour.webp", (folder / "out.webp").read_bytes(), one)
    frames = [noise(5, 6, 4) | np.array([0, 0, 0, 255], np.uint8) for _ in range(3)]
    out = io.BytesIO()
    Image.fromarray(frames[0]).save(out, "WEBP", lossless=True, save_all=True, duration=100,
                                    append_images=[Image.fromarray(f) for f in frames[1:]])
    add("moves.webp", out.getvalue(), frames[0])


for make in (tiff_depths, tiff_kinds, tiff_alpha, tiff_orientations, tiff_jpeg, tiff_pages, webp):
    make()
with open(sys.argv[1], "w", encoding="utf-8") as fixture:
    rows = ",\n".join(json.dumps(file) for file in files)
    fixture.write('{"files": [\n' + rows + "\n]}\n")
print(len(files), "files")
