"""Writes tests/fixtures/filters/scipy_filter_chains.json: chains of filters computed by SciPy in float32 between the steps, of
pictures without alpha, with alpha that is kept, and with alpha that is filtered.

    make_filter_chains.py > tests/fixtures/filters/scipy_filter_chains.json

The committed file was made with SciPy 1.17.1 and NumPy 2.4.6, Python 3.11. scipy.ndimage.correlate takes and gives
float32. Pictures are bytes, seeded; colours and alpha are those of the rule in core/engine/filter/filter_plan.h, written here as
correlations of whole pictures, not as our code goes about it.
"""
import json

import numpy
from scipy.ndimage import correlate

random = numpy.random.default_rng(20261128)
MODES = {'reflect': 'mirror', 'symmetric': 'reflect', 'replicate': 'nearest', 'circular': 'wrap', 'zeros': 'constant',
         'constant': 'constant'}
WHITE = 255

LAPLACIAN = [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
SHARPEN = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
SOBEL_X = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
EMBOSS = [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]
SMOOTH = [[1, 4, 6, 4, 1], [2, 8, 12, 8, 2], [1, 4, 6, 4, 1]]
UNEVEN = [[0.3, -0.1], [0.7, 0.2], [0.1, -0.4], [-0.6, 0.5]]


def step(weights, border='reflect', divisor=1, offset=0, border_value=0, stride=1, dilation=1):
    return {'weights': weights, 'border': border, 'divisor': divisor, 'offset': offset, 'border_value': border_value,
            'stride': stride, 'dilation': dilation}


CHAINS = [
    [step(LAPLACIAN), step(LAPLACIAN)],
    [step(LAPLACIAN), step(LAPLACIAN), step(SMOOTH, divisor=96, offset=0.5)],
    [step(SHARPEN, 'replicate'), step(SHARPEN, 'circular'), step(SMOOTH, 'symmetric', divisor=84)],
    [step(SOBEL_X, 'zeros'), step(EMBOSS, 'constant', divisor=7, border_value=90), step(UNEVEN), step([[1, 1]], divisor=2)],
    [step([[-3, 1, 9]], divisor=5, offset=-0.25), step(SMOOTH, 'constant', divisor=80, border_value=-40, stride=2)],
    [step(UNEVEN, 'symmetric', stride=2), step(SHARPEN, 'replicate', dilation=2), step(EMBOSS, offset=0.125)],
    [step([[1, 1]], divisor=2), step([[1], [1]], 'zeros', divisor=2)],
]


def spread(weights, dilation):
    weights = numpy.asarray(weights, dtype=numpy.float64)
    rows, cols = weights.shape
    wide = numpy.zeros(((rows - 1) * dilation + 1, (cols - 1) * dilation + 1))
    wide[::dilation, ::dilation] = weights
    # SciPy's middle is that of the spread kernel; ours is the kernel's own, which lies on the pixel.
    origin = [d * (k // 2) - n // 2 for d, k, n in zip((dilation, dilation), (rows, cols), wide.shape)]
    return wide, origin


def sums(plane, weights, s, outside=None):
    """A plane of sums of weights times samples; `outside` is what stands beyond a constant border."""
    wide, origin = spread(weights, s['dilation'])
    value = s['border_value'] if s['border'] == 'constant' else 0
    return correlate(plane.astype(numpy.float32), wide, output=numpy.float32, mode=MODES[s['border']],
                     cval=value if outside is None else outside, origin=origin)


def padded_kept(image, s):
    """Colours times alpha, and alpha, large enough that no border is read: a constant has the nearest pixel's alpha."""
    reach = 2 * s['dilation'] * max(numpy.shape(s['weights']))
    modes = {'reflect': 'reflect', 'symmetric': 'symmetric', 'replicate': 'edge', 'circular': 'wrap'}
    edges = ((reach, reach), (reach, reach))
    alpha = numpy.pad(image[..., -1], edges, mode=modes.get(s['border'], 'edge'))
    planes = []
    for c in range(image.shape[2] - 1):
        if s['border'] in modes:
            planes.append(numpy.pad(image[..., c], edges, mode=modes[s['border']]))
        else:
            value = s['border_value'] if s['border'] == 'constant' else 0
            planes.append(numpy.pad(image[..., c], edges, constant_values=numpy.float32(value)))
    return planes, alpha, reach


def kept(image, s):
    planes, alpha, reach = padded_kept(image, s)
    w = numpy.asarray(s['weights'], dtype=numpy.float64)
    inner = (slice(reach, -reach), slice(reach, -reach))

    def apply(plane, weights):
        return sums(plane, weights, s)[inner].astype(numpy.float64)
    a = numpy.maximum(alpha, 0)
    mean = apply(a, numpy.abs(w)) / numpy.abs(w).sum()
    result = image.astype(numpy.float64).copy()
    for c, plane in enumerate(planes):
        own = image[..., c].astype(numpy.float64)
        with numpy.errstate(divide='ignore', invalid='ignore'):
            value = apply(a * plane, w) / mean + (w.sum() - apply(a, w) / mean) * own
        value = value / s['divisor'] + numpy.float32(s['offset'] * WHITE)
        result[..., c] = numpy.where(mean == 0, own, value)
    return result[::s['stride'], ::s['stride']].astype(numpy.float32)


def plain(image, s):
    w = numpy.asarray(s['weights'], dtype=numpy.float64)
    planes = [sums(image[..., c], w, s) / s['divisor'] + s['offset'] * WHITE for c in range(image.shape[2])]
    return numpy.stack(planes, axis=2)[::s['stride'], ::s['stride']].astype(numpy.float32)


def filtered(image, s):
    """Colours are multiplied by alpha before and after."""
    w = numpy.asarray(s['weights'], dtype=numpy.float64)
    value = s['border_value'] if s['border'] == 'constant' else 0
    alpha = sums(image[..., -1], w, s, WHITE if s['border'] == 'constant' else 0) / s['divisor']
    planes = [sums(image[..., c], w, s, value * WHITE) / s['divisor'] for c in range(image.shape[2] - 1)]
    if s['offset']:  # of the straight colour and of alpha
        offset = s['offset'] * WHITE
        visible = numpy.where(alpha > 0, alpha, numpy.inf)
        planes = [(plane / visible + offset) * (alpha + offset) for plane in planes]
        alpha = alpha + offset
    return numpy.stack(planes + [alpha], axis=2)[::s['stride'], ::s['stride']].astype(numpy.float32)


def filter_chain(image, chain, rule):
    picture = image.astype(numpy.float32)
    if rule != 'filtered':
        for s in chain:
            picture = kept(picture, s) if rule == 'kept' else plain(picture, s)
        return picture
    picture[..., :-1] *= picture[..., -1:]
    for s in chain:
        if abs(numpy.sum(s['weights'])) > 1e-12:
            picture = filtered(picture, s)
            continue
        alpha = picture[..., -1:]
        straight = numpy.where(alpha > 0, picture[..., :-1] / numpy.where(alpha > 0, alpha, 1), 0)
        picture = kept(numpy.concatenate([straight, alpha], axis=2), s)
        picture[..., :-1] *= numpy.maximum(picture[..., -1:], 0)
    return picture  # not divided by alpha yet: that is how filtered alpha is compared


def picture(channels, transparent):
    image = random.integers(0, 256, (7, 10, channels), dtype=numpy.uint8)
    if transparent:
        image[..., -1] = random.choice([0, 0, 10, 128, 200, 255], (7, 10))
    return image


def case(rule, channels, chain):
    image = picture(channels, rule != 'opaque')
    result = filter_chain(image, chain, rule)
    return {'rule': rule, 'shape': list(image.shape), 'samples': image.flatten().tolist(), 'chain': chain,
            'expect': {'shape': list(result.shape), 'data': [float(numpy.format_float_positional(v, unique=True)) for v in
                                                             result.flatten()]}}


cases = [case('opaque', 1, chain) for chain in CHAINS] + [case('opaque', 3, CHAINS[3])]
cases += [case('kept', 2, chain) for chain in CHAINS] + [case('kept', 4, CHAINS[2])]
cases += [case('filtered', 2, chain) for chain in CHAINS[1:]] + [case('filtered', 4, CHAINS[5])]
lines = ',\n'.join(json.dumps(c, separators=(',', ':')) for c in cases)
print('{"format": 1, "topic": "filter_chains", "source": "scipy 1.17.1", "cases": [\n' + lines + '\n]}')
