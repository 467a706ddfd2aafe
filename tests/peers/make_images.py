"""Writes tests/fixtures/images/formats.json: small files of every format that Convlens reads, and the samples in them.

    python make_images.py ../fixtures/images/formats.json

Files are written by Pillow and NumPy where they can, else put together here by the format's own specification. What
Pillow can read is read by it too, and has to be the same.
"""

import io
import json
import struct
import sys
import zlib

import numpy as np
from PIL import Image

random = np.random.default_rng(19)
files = []
arrays = []


def white(depth):
    return {"u8": 255, "u16": 65535}[depth]


def add(name, data, samples, depth="u8", pillow=True):
    """samples: [H, W, C]; pillow: whether Pillow has to see the same."""
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


def pillow_bytes(image, **options):
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


def noise(*shape, most=256, dtype=np.int64):
    return random.integers(0, most, shape).astype(dtype)


def scale(values, largest, top):
    """Rounded half to even, exactly."""
    values = np.asarray(values, dtype=np.int64)
    quotient, rest = np.divmod(np.minimum(values, largest) * top, largest)
    up = (rest * 2 > largest) | ((rest * 2 == largest) & (quotient % 2 == 1))
    return quotient + up


# ---- Portable anymaps


def pnm():
    deep = noise(3, 5, most=65536)
    add("pillow16.pgm", pillow_bytes(Image.fromarray(deep.astype(np.uint16)), format="PPM"), deep, "u16")
    grey, rgb = noise(3, 5), noise(3, 5, 3)
    add("pillow8.pgm", pillow_bytes(Image.fromarray(grey.astype(np.uint8)), format="PPM"), grey)
    add("pillow8.ppm", pillow_bytes(Image.fromarray(rgb.astype(np.uint8)), format="PPM"), rgb)
    bits = noise(3, 13, most=2) * 255
    add("pillow1.pbm", pillow_bytes(Image.fromarray(bits.astype(np.uint8)).convert("1"), format="PPM"), bits)
    deep = noise(2, 3, 3, most=65536)
    add("numpy16.ppm", b"P6\n# NumPy's '>u2'\n3 2\n65535\n" + deep.astype(">u2").tobytes(), deep, "u16", pillow=False)
    for largest in (1, 3, 6, 15, 200):
        values = noise(2, 7, most=largest + 1)
        add(f"max{largest}.pgm", b"P5 7 2 %d " % largest + values.astype(np.uint8).tobytes(), scale(values, largest, 255))
    for largest in (256, 1023, 4095, 40000):
        values = noise(2, 7, most=largest + 1)
        add(f"max{largest}.pgm", b"P5 7 2 %d " % largest + values.astype(">u2").tobytes(), scale(values, largest, 65535),
            "u16")
    values = noise(2, 3, most=1024)
    text = "P2 # as text\n3 #columns\n2\n1023\n" + "\n".join(" ".join(map(str, row)) for row in values)
    add("text1023.pgm", text.encode(), scale(values, 1023, 65535), "u16")
    values = noise(2, 3, 3, most=100)
    text = "P3\r\n3 2\r\n99\r\n" + "\r\n".join("\t".join(map(str, row)) for row in values.reshape(2, 9)) + "\r\n"
    add("text99.ppm", text.encode(), scale(values, 99, 255))
    bits = noise(3, 5, most=2)
    text = "P1\n5 3\n" + "#\n".join("".join(map(str, row)) for row in bits)
    add("text.pbm", text.encode(), 255 - bits * 255, pillow=False)
    for kind, channels in (("BLACKANDWHITE", 1), ("GRAYSCALE", 1), ("GRAYSCALE_ALPHA", 2), ("RGB", 3), ("RGB_ALPHA", 4)):
        largest = 1 if channels == 1 and kind != "GRAYSCALE" else 65535 if channels == 4 else 255
        values = noise(2, 3, channels, most=largest + 1)
        head = f"P7\nWIDTH 3\nHEIGHT 2\nDEPTH {channels}\nMAXVAL {largest}\n# comment\nTUPLTYPE {kind}\nENDHDR\n"
        depth = "u16" if largest > 255 else "u8"
        data = values.astype(">u2" if largest > 255 else np.uint8).tobytes()
        add(f"{kind}.pam", head.encode() + data, scale(values, largest, white(depth)), depth, pillow=False)
    for order, sign in (("<", b"-1.0"), (">", b"1.0")):
        floats = random.normal(0, 3, (3, 4)).astype(np.float32)
        name = "little" if order == "<" else "big"
        add(f"{name}.pfm", b"Pf\n4 3\n" + sign + b"\n" + floats[::-1].astype(order + "f4").tobytes(), floats, "f32")
        floats = random.normal(0, 3, (3, 4, 3)).astype(np.float32)
        add(f"{name}_rgb.pfm", b"PF\n4 3\n" + sign + b"\n" + floats[::-1].astype(order + "f4").tobytes(), floats, "f32",
            pillow=False)
    floats = random.normal(0, 3, (2, 3)).astype(np.float32)
    add("pillow.pfm", pillow_bytes(Image.fromarray(floats), format="PPM"), floats, "f32")


# ---- PNG


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_file(w, h, bits, colour, rows, *more):
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, bits, colour, 0, 0, 0)) + b"".join(more) +
            chunk(b"IDAT", data) + chunk(b"IEND", b""))


def png():
    deep = noise(3, 5, most=65536)
    add("pillow16.png", pillow_bytes(Image.fromarray(deep.astype(np.uint16)), format="PNG"), deep, "u16")
    for channels, colour in ((2, 4), (3, 2), (4, 6)):
        deep = noise(3, 2, channels, most=65536)
        add(f"deep{channels}.png", png_file(2, 3, 16, colour, [row.astype(">u2").tobytes() for row in deep]), deep, "u16",
            pillow=False)
    for bits in (1, 2, 4, 8):
        palette = noise(1 << bits, 3)
        image = Image.fromarray(noise(3, 5, most=1 << bits).astype(np.uint8))
        image.putpalette(palette.astype(np.uint8).tobytes())
        add(f"palette{bits}.png", pillow_bytes(image, format="PNG", bits=bits), palette[np.asarray(image)])
    palette, alpha = noise(4, 3), np.array([7, 255, 100, 0])
    image = Image.fromarray(np.array([[0, 1, 2], [3, 2, 1]], dtype=np.uint8))
    image.putpalette(palette.astype(np.uint8).tobytes())
    samples = np.concatenate([palette, alpha[:, None]], 1)[np.asarray(image)]
    add("transparent.png", pillow_bytes(image, format="PNG", transparency=bytes(alpha.tolist())), samples)
    grey = noise(2, 5, most=4)
    packed = [bytes([row[0] << 6 | row[1] << 4 | row[2] << 2 | row[3], row[4] << 6]) for row in grey.tolist()]
    samples = np.stack([grey * 85, np.where(grey == 2, 0, 255)], 2)
    add("grey2_trns.png", png_file(5, 2, 2, 0, packed, chunk(b"tRNS", b"\0\2")), samples, pillow=False)


def orientations():
    stored = noise(2, 3, 3)
    turned = {1: stored, 2: stored[:, ::-1], 3: stored[::-1, ::-1], 4: stored[::-1], 5: stored.transpose(1, 0, 2),
              6: stored[::-1].transpose(1, 0, 2), 7: stored[::-1, ::-1].transpose(1, 0, 2),
              8: stored[:, ::-1].transpose(1, 0, 2)}
    for orientation, samples in turned.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = pillow_bytes(Image.fromarray(stored.astype(np.uint8)), format="PNG", exif=exif)
        add(f"orientation{orientation}.png", data, samples, pillow=False)


# ---- BMP


def bmp_file(width, height, bits, raster, *, header=40, compression=0, palette=b"", masks=(), colours=0):
    """Rows of `raster` as they lie in the file. masks: of red, green, blue and perhaps alpha."""
    if header == 12:
        info = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        fields = struct.pack("<iiHHIIiiII", width, height, 1, bits, compression, len(raster), 2835, 2835, colours, 0)
        body = fields + (struct.pack(f"<{len(masks)}I", *masks) if header > 40 else b"")
        info = struct.pack("<I", header) + body[:header - 4].ljust(header - 4, b"\0")
        if header <= 40:
            info += struct.pack(f"<{len(masks)}I", *masks)
    at = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", at + len(raster), 0, 0, at) + info + palette + raster


def padded(row):
    return row + b"\0" * (-len(row) % 4)


def bmp_rows(rows):
    return b"".join(padded(bytes(row)) for row in rows)


def packed(indices, bits):
    """Rows of indices, the first in the highest bits."""
    rows = []
    for row in indices.tolist():
        text = "".join(format(index, f"0{bits}b") for index in row)
        text += "0" * (-len(text) % 8)
        rows.append(bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8)))
    return rows


def palette_bytes(palette, entry):
    return b"".join(bytes(colour[::-1]) + b"\0" * (entry - 3) for colour in palette.astype(np.uint8).tolist())


def bmp():
    rgb = noise(3, 5, 3)
    add("pillow.bmp", pillow_bytes(Image.fromarray(rgb.astype(np.uint8)), format="BMP"), rgb)
    flat = [row[:, ::-1].astype(np.uint8).tobytes() for row in rgb]
    add("topdown24.bmp", bmp_file(5, -3, 24, bmp_rows(flat)), rgb)
    add("core24.bmp", bmp_file(5, 3, 24, bmp_rows(flat[::-1]), header=12), rgb)
    for bits in (1, 4, 8):
        most = min(1 << bits, 200)
        palette, indices = noise(1 << bits, 3), noise(3, 11, most=most)
        rows = packed(indices, bits)
        add(f"core{bits}.bmp", bmp_file(11, 3, bits, bmp_rows(rows[::-1]), header=12, palette=palette_bytes(palette, 3)),
            palette[indices])
        add(f"os2_64_{bits}.bmp", bmp_file(11, 3, bits, bmp_rows(rows[::-1]), header=64, palette=palette_bytes(palette, 4)),
            palette[indices])
        add(f"os2_16_{bits}.bmp", bmp_file(11, 3, bits, bmp_rows(rows[::-1]), header=16, palette=palette_bytes(palette, 4)),
            palette[indices], pillow=False)
        add(f"topdown{bits}.bmp", bmp_file(11, -3, bits, bmp_rows(rows), palette=palette_bytes(palette, 4)),
            palette[indices])
    bmp_runs()
    bmp_masks()


def bmp_runs():
    palette = noise(256, 3)
    indices = np.array([[9, 9, 9, 9, 9, 9], [1, 2, 3, 4, 5, 7], [0, 0, 0, 8, 8, 0]])
    #      lowest row: skip 3, two 8s, end of row; six others as they are, end of row; six 9s, end
    runs = bytes([0, 2, 3, 0, 2, 8, 0, 0, 0, 6, 1, 2, 3, 4, 5, 7, 0, 0, 6, 9, 0, 1])
    add("rle8.bmp", bmp_file(6, 3, 8, runs, compression=1, palette=palette_bytes(palette, 4)), palette[indices])
    indices = np.array([[3, 12, 3, 12, 3], [1, 2, 3, 4, 5], [6, 6, 6, 6, 15]])
    runs = bytes([4, 0x66, 1, 0xf0, 0, 0, 0, 5, 0x12, 0x34, 0x50, 0, 0, 0, 5, 0x3c, 0, 1])
    add("rle4.bmp", bmp_file(5, 3, 4, runs, compression=2, palette=palette_bytes(palette[:16], 4)), palette[indices])


def bmp_masks():
    values = noise(2, 3, 3, most=32)
    words = values[..., 0] << 10 | values[..., 1] << 5 | values[..., 2]
    rows = bmp_rows([row.astype("<u2").tobytes() for row in words[::-1]])
    add("rgb555.bmp", bmp_file(3, 2, 16, rows), scale(values, 31, 255), pillow=False)
    values[..., 1] = noise(2, 3, most=64)
    words = values[..., 0] << 11 | values[..., 1] << 5 | values[..., 2]
    rows = bmp_rows([row.astype("<u2").tobytes() for row in words[::-1]])
    samples = np.stack([scale(values[..., 0], 31, 255), scale(values[..., 1], 63, 255), scale(values[..., 2], 31, 255)], 2)
    add("rgb565.bmp", bmp_file(3, 2, 16, rows, compression=3, masks=(0xf800, 0x7e0, 0x1f)), samples, pillow=False)
    values = noise(2, 3, 4, most=16)
    words = values[..., 3] << 12 | values[..., 0] << 8 | values[..., 1] << 4 | values[..., 2]
    rows = bmp_rows([row.astype("<u2").tobytes() for row in words[::-1]])
    add("argb4444.bmp", bmp_file(3, 2, 16, rows, compression=6, masks=(0xf00, 0xf0, 0xf, 0xf000)), values * 17, pillow=False)
    rgba = noise(2, 3, 4)
    words = rgba[..., 0] | rgba[..., 1] << 8 | rgba[..., 2] << 16 | rgba[..., 3] << 24
    rows = bmp_rows([row.astype("<u4").tobytes() for row in words[::-1]])
    masks = (0xff, 0xff00, 0xff0000, 0xff000000)
    add("rgba_v4.bmp", bmp_file(3, 2, 32, rows, header=108, compression=3, masks=masks), rgba)
    add("rgb_masks.bmp", bmp_file(3, 2, 32, rows, compression=3, masks=masks[:3]), rgba[..., :3], pillow=False)
    bgrx = b"".join(bytes([b, g, r, x]) for r, g, b, x in rgba[::-1].reshape(-1, 4).tolist())
    add("unused_alpha.bmp", bmp_file(3, 2, 32, bgrx), rgba[..., :3])


# ---- TGA


def tga_file(kind, w, h, bits, descriptor, raster, *, palette=b"", first=0, colours=0, palette_bits=0, note=b""):
    return struct.pack("<BBBHHBHHHHBB", len(note), 1 if palette else 0, kind, first, colours, palette_bits, 7, 9, w, h, bits,
                       descriptor) + note + palette + raster


def tga():
    for mode, channels in (("L", 1), ("LA", 2), ("RGB", 3), ("RGBA", 4)):
        samples = noise(3, 5, channels)
        image = Image.fromarray(samples.astype(np.uint8).squeeze(), mode)
        add(f"pillow_{mode}.tga", pillow_bytes(image, format="TGA"), samples)
        image = image.resize((20, 3), Image.NEAREST)
        samples = np.asarray(image).reshape(3, 20, channels)
        add(f"pillow_{mode}_rle.tga", pillow_bytes(image, format="TGA", compression="tga_rle"), samples)
    rgb = noise(2, 3, 3)
    for right in (0, 16):
        for top in (0, 32):
            rows = rgb[:: 1 if top else -1, :: -1 if right else 1, ::-1].astype(np.uint8).tobytes()
            add(f"corner{right + top}.tga", tga_file(2, 3, 2, 24, right | top, rows, note=b"a note"), rgb)
    rgba = noise(2, 3, 4)
    bgra = rgba[:, :, [2, 1, 0, 3]].astype(np.uint8).tobytes()
    add("attributes8.tga", tga_file(2, 3, 2, 32, 32 | 8, bgra), rgba)
    add("attributes0.tga", tga_file(2, 3, 2, 32, 32, bgra), rgba[..., :3], pillow=False)
    values, opaque = noise(2, 3, 3, most=32), np.array([[1, 0, 1], [0, 0, 1]])
    words = opaque << 15 | values[..., 0] << 10 | values[..., 1] << 5 | values[..., 2]
    scaled = scale(values, 31, 255)
    data = words.astype("<u2").tobytes()
    add("argb1555.tga", tga_file(2, 3, 2, 16, 32 | 1, data), np.concatenate([scaled, opaque[..., None] * 255], 2),
        pillow=False)
    add("rgb555.tga", tga_file(2, 3, 2, 16, 32, data), scaled, pillow=False)
    palette, indices = noise(5, 3), np.array([[12, 10, 14], [11, 13, 10]])
    colours = palette_bytes(palette, 3)
    samples = palette[indices - 10]
    add("palette.tga", tga_file(1, 3, 2, 8, 32, indices.astype(np.uint8).tobytes(), palette=colours, first=10, colours=5,
                                palette_bits=24), samples, pillow=False)
    #        a run over the end of a row, then two pixels as they are
    packets = bytes([0x83]) + bytes(rgb[0, 0, ::-1].tolist()) + bytes([1]) + rgb[1, 1:, ::-1].astype(np.uint8).tobytes()
    samples = rgb.copy()
    samples[0] = samples[1, 0] = rgb[0, 0]
    add("runs_over_rows.tga", tga_file(10, 3, 2, 24, 32, packets), samples, pillow=False)


# ---- GIF


def gif():
    palette = noise(256, 3)
    indices = noise(9, 7).astype(np.uint8)
    image = Image.fromarray(indices)
    image.putpalette(palette.astype(np.uint8).tobytes())
    samples = palette[indices]
    plain = pillow_bytes(image, format="GIF", interlace=0, optimize=False)
    add("plain.gif", plain, samples)
    add("interlaced.gif", pillow_bytes(image, format="GIF", interlace=1, optimize=False), samples)
    alpha = np.where(indices == indices[2, 3], 0, 255)[..., None]
    transparent = pillow_bytes(image, format="GIF", interlace=0, optimize=False, transparency=int(indices[2, 3]))
    seen = np.asarray(Image.open(io.BytesIO(transparent)).convert("RGBA"))
    assert np.array_equal(seen[..., 3:], alpha)
    add("transparent.gif", transparent, np.concatenate([samples, alpha], 2), pillow=False)
    # The same picture on a canvas of 10 x 12, 2 from the left and 3 from the top.
    at = plain.index(b"\x2c\0\0\0\0\7\0\11\0")
    moved = bytearray(plain)
    moved[6:10] = struct.pack("<HH", 10, 12)
    moved[at + 1:at + 5] = struct.pack("<HH", 2, 3)
    canvas = np.zeros((12, 10, 4), dtype=np.int64)
    canvas[3:, 2:9] = np.concatenate([samples, np.full((9, 7, 1), 255)], 2)
    add("smaller_frame.gif", bytes(moved), canvas, pillow=False)


# ---- PSD


def pack_bits(row):
    """Two literal bytes at a time, and the rest as a run."""
    out = b""
    while row:
        same = len(row) - len(row.lstrip(row[:1]))
        if same > 2:
            out, row = out + bytes([257 - same]) + row[:1], row[same:]
        else:
            out, row = out + bytes([len(row[:2]) - 1]) + row[:2], row[2:]
    return out


def psd_file(mode, bits, planes, *, run_length=False, palette=b"", layers=None):
    channels, h, w = planes.shape
    kind = {1: None, 8: ">u1", 16: ">u2", 32: ">f4"}[bits]
    rows = [np.packbits(row.astype(np.uint8)).tobytes() if bits == 1 else row.astype(kind).tobytes()
            for plane in planes for row in plane]
    if run_length:
        rows = [pack_bits(row) for row in rows]
        raster = b"\0\1" + b"".join(struct.pack(">H", len(row)) for row in rows) + b"".join(rows)
    else:
        raster = b"\0\0" + b"".join(rows)
    section = b"" if layers is None else struct.pack(">Ih", 2, layers)
    return (b"8BPS" + struct.pack(">H6xHIIHH", 1, channels, h, w, bits, mode) + struct.pack(">I", len(palette)) + palette +
            struct.pack(">I", 0) + struct.pack(">I", len(section)) + section + raster)


def psd():
    for channels, mode, pillow in ((1, 1, True), (2, 1, False), (3, 3, True), (4, 3, True)):
        planes = noise(channels, 3, 5)
        planes[:, 1] = planes[:, 1, :1]
        for run_length in (False, True):
            name = f"grey_rgb{channels}{'_rle' if run_length else ''}.psd"
            add(name, psd_file(mode, 8, planes, run_length=run_length), planes.transpose(1, 2, 0), pillow=pillow)
    planes = noise(3, 2, 5, most=65536)
    for run_length in (False, True):
        add(f"deep{'_rle' if run_length else ''}.psd", psd_file(3, 16, planes, run_length=run_length),
            planes.transpose(1, 2, 0), "u16", pillow=False)
    floats = random.normal(0, 3, (3, 2, 5)).astype(np.float32)
    add("float.psd", psd_file(3, 32, floats), floats.transpose(1, 2, 0), "f32", pillow=False)
    planes = noise(4, 2, 5)
    colours = scale(planes[:3] * planes[3], 255 * 255, 255)
    add("cmyk.psd", psd_file(4, 8, planes), colours.transpose(1, 2, 0), pillow=False)
    palette, indices = noise(256, 3), noise(1, 2, 5)
    add("palette.psd", psd_file(2, 8, indices, palette=palette.T.astype(np.uint8).tobytes()), palette[indices[0]])
    bits = noise(1, 3, 11, most=2)
    add("bits.psd", psd_file(0, 1, bits), 255 - bits[0] * 255, pillow=False)  # which takes 1 for white
    # A fourth channel beside layers without alpha is a selection that was saved.
    planes = noise(4, 2, 5)
    add("selection.psd", psd_file(3, 8, planes, layers=1), planes[:3].transpose(1, 2, 0), pillow=False)
    # Colour 80 and alpha 0.4 are shown on white as 80 * 0.4 + 255 * 0.6 = 185.
    planes = np.array([[[185, 17]], [[225, 18]], [[153, 19]], [[102, 255]]])
    add("on_white.psd", psd_file(3, 8, planes, layers=-1), [[[80, 180, 0, 102], [17, 18, 19, 255]]], pillow=False)


# ---- Radiance


def rgbe_floats(pixels):
    return (pixels[..., :3] * np.exp2(pixels[..., 3:].astype(np.float64) - 136)).astype(np.float32)


def newer_rows(pixels):
    """Each channel's row: the first two as they are, the rest as a run (which it is)."""
    out = b""
    for row in pixels:
        out += bytes([2, 2, row.shape[0] >> 8, row.shape[0] & 255])
        for channel in row.T.tolist():
            out += bytes([2] + channel[:2] + [128 + len(channel) - 2, channel[2]])
    return out


def hdr():
    pixels = noise(3, 4, 4)
    pixels[..., 0] |= 128
    pixels[..., 3] = noise(3, 4, most=40) + 110
    head = "#?RADIANCE\n# comment\nFORMAT=32-bit_rle_rgbe\nEXPOSURE=1\n\n"
    data = pixels.astype(np.uint8).tobytes()
    floats = rgbe_floats(pixels)
    for line, turned in {"-Y 3 +X 4": floats, "-Y 3 -X 4": floats[:, ::-1], "+Y 3 -X 4": floats[::-1, ::-1],
                         "+Y 3 +X 4": floats[::-1], "+X 3 -Y 4": floats.transpose(1, 0, 2),
                         "-X 3 -Y 4": floats[::-1].transpose(1, 0, 2), "-X 3 +Y 4": floats[::-1, ::-1].transpose(1, 0, 2),
                         "+X 3 +Y 4": floats[:, ::-1].transpose(1, 0, 2)}.items():
        add(f"{line}.hdr", (head + line + "\n").encode() + data, turned, "f32", pillow=False)
    pixels = np.repeat(pixels, [1, 1, 8, 1], axis=1)
    pixels[:, 2:] = pixels[:, 2:3]
    add("newer_runs.hdr", (head + "-Y 3 +X 11\n").encode() + newer_rows(pixels), rgbe_floats(pixels), "f32", pillow=False)
    row = bytes([200, 30, 40, 129, 1, 1, 1, 5, 7, 130, 9, 128])
    pixels = np.array([[[200, 30, 40, 129]] * 6 + [[7, 130, 9, 128]]])
    add("older_runs.hdr", (head.replace("RADIANCE", "RGBE") + "-Y 1 +X 7\n").encode() + row, rgbe_floats(pixels), "f32",
        pillow=False)


# ---- NumPy


def npy():
    for kind in ("<f4", ">f4", "<f8", ">f8", "|i1", "|u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">i4", "<u4",
                 ">u4", "<i8", ">i8", "<u8", ">u8", "|b1"):
        for order in "CF":
            base = np.dtype(kind)
            if base.kind == "f":
                values = random.normal(0, 100, (2, 3)).astype(kind)
            elif base.kind == "b":
                values = noise(2, 3, most=2).astype(bool)
            else:
                least = -(1 << 40) if base.kind == "i" else 0
                values = random.integers(least, 1 << 40, (2, 3)).astype(kind)
            out = io.BytesIO()
            np.save(out, np.asarray(values, order=order))
            arrays.append({"type": kind, "order": order, "bytes": out.getvalue().hex(),
                           "data": values.astype(np.float64).ravel().tolist()})


for make in (pnm, png, orientations, bmp, tga, gif, psd, hdr, npy):
    make()
with open(sys.argv[1], "w") as out:
    lines = ",\n".join(json.dumps(f) for f in files)
    more = ",\n".join(json.dumps(a) for a in arrays)
    out.write(f'{{"files": [\n{lines}\n],\n"arrays": [\n{more}\n]}}\n')
