"""Writes tests/fixtures/torch_gradients_more.json: what PyTorch's autograd gives for layers whose gradients are easy to
get wrong - transposed convolutions, and convolutions whose padding copies cells of the input.

    make_gradients.py > tests/fixtures/torch_gradients_more.json

The committed file was made with torch 2.15.0 (CPU), Python 3.11. float64 throughout and small whole numbers in every
tensor, seeded, so that every sum is exact and the same on every machine.
"""
import json
import random

import torch
import torch.nn.functional as F

random.seed(20261125)

# kernel, stride, dilation, padding, output padding, groups, channels in and out, bias; then the input's N, H, W
TRANSPOSED = [
    ((3, 3), (1, 1), (1, 1), (0, 0), (0, 0), 1, (1, 1), False, (1, 3, 4)),
    ((3, 3), (2, 2), (1, 1), (1, 1), (1, 1), 1, (2, 2), True, (1, 3, 4)),
    ((4, 4), (2, 2), (1, 1), (1, 1), (0, 0), 1, (2, 1), False, (2, 3, 3)),
    ((3, 2), (1, 3), (1, 1), (0, 1), (0, 2), 1, (1, 2), True, (1, 4, 3)),
    ((2, 3), (3, 1), (1, 1), (0, 0), (2, 0), 1, (2, 2), False, (1, 3, 4)),
    ((3, 3), (1, 1), (2, 2), (1, 0), (1, 0), 1, (1, 1), True, (1, 3, 3)),
    ((2, 3), (2, 2), (3, 1), (2, 1), (2, 1), 1, (2, 1), False, (1, 3, 4)),
    ((3, 3), (2, 1), (1, 2), (3, 2), (1, 1), 2, (2, 4), True, (1, 5, 4)),
    ((2, 2), (3, 3), (1, 1), (0, 0), (0, 0), 1, (1, 1), False, (1, 3, 3)),
    ((1, 1), (2, 2), (1, 1), (0, 0), (1, 1), 1, (1, 1), True, (1, 3, 3)),
    ((3, 2), (2, 3), (2, 1), (1, 1), (1, 2), 3, (3, 3), True, (2, 3, 3)),
    ((4, 3), (1, 2), (1, 1), (3, 2), (0, 1), 2, (4, 2), False, (1, 4, 4)),
]

# mode, then kernel, stride, dilation, pads (top, bottom, left, right), groups, channels in and out, bias, N H W
PADDED = [
    ('replicate', (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), 1, (1, 1), False, (1, 4, 5)),
    ('replicate', (3, 4), (2, 1), (1, 1), (2, 2, 3, 3), 1, (2, 2), True, (1, 4, 4)),
    ('replicate', (2, 3), (1, 2), (2, 1), (4, 1, 0, 3), 2, (2, 2), False, (1, 4, 5)),
    ('replicate', (3, 3), (1, 1), (1, 1), (5, 0, 2, 6), 1, (1, 2), True, (1, 3, 3)),
    ('reflect', (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), 1, (1, 1), False, (1, 4, 5)),
    ('reflect', (3, 3), (2, 2), (1, 1), (2, 2, 2, 2), 2, (2, 2), True, (1, 4, 4)),
    ('reflect', (2, 2), (1, 3), (2, 2), (3, 0, 1, 4), 1, (2, 1), False, (2, 4, 5)),
    ('reflect', (4, 3), (1, 1), (1, 2), (3, 3, 2, 3), 1, (1, 2), True, (1, 4, 4)),
    ('circular', (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), 1, (1, 1), False, (1, 4, 5)),
    ('circular', (3, 3), (2, 2), (1, 1), (2, 2, 3, 3), 2, (2, 2), True, (1, 4, 4)),
    ('circular', (2, 3), (3, 1), (1, 2), (4, 1, 0, 5), 1, (2, 1), False, (1, 4, 5)),
    ('circular', (4, 3), (1, 2), (2, 1), (3, 3, 4, 4), 1, (1, 2), True, (2, 3, 4)),
    ('constant', (3, 3), (1, 2), (1, 1), (2, 1, 0, 3), 1, (2, 1), True, (1, 4, 4)),
    ('zeros', (3, 2), (2, 1), (1, 2), (2, 0, 1, 3), 2, (2, 2), True, (1, 4, 4)),
]
CONSTANT = 2.5


def whole_numbers(*shape):
    count = 1
    for length in shape:
        count *= length
    return torch.tensor([float(random.randint(-3, 3)) for _ in range(count)], dtype=torch.float64).reshape(shape)


def written(tensor):
    if tensor is None:
        return None
    data = [int(value) if value == int(value) else value for value in tensor.detach().flatten().tolist()]
    return {'shape': list(tensor.shape), 'data': data}


def backward(run, x, w, b):
    """Output, and what flows back for a random gradient of it."""
    for leaf in (x, w, b):
        if leaf is not None:
            leaf.requires_grad_()
    y = run(x, w, b)
    grad = whole_numbers(*y.shape)
    y.backward(grad)
    return {
        'input': written(x), 'weight': written(w), 'bias': written(b), 'expect': written(y),
        'grad_output': written(grad), 'grad_input': written(x.grad), 'grad_weight': written(w.grad),
        'grad_bias': written(b.grad) if b is not None else None,
    }


def source():
    return 'torch ' + torch.__version__.split('+')[0]


def transposed(number, row):
    kernel, stride, dilation, padding, output_padding, groups, channels, biased, (n, h, w) = row
    x = whole_numbers(n, channels[0], h, w)
    weight = whole_numbers(channels[0], channels[1] // groups, *kernel)
    bias = whole_numbers(channels[1]) if biased else None
    settings = dict(stride=stride, padding=padding, output_padding=output_padding, groups=groups, dilation=dilation)
    params = {'kernel': kernel, 'stride': stride, 'dilation': dilation,
              'pads': (padding[0], padding[0], padding[1], padding[1]), 'output_padding': output_padding,
              'auto_pad': 'none', 'groups': groups, 'output_size': None}
    call = 'F.conv_transpose2d(x, w, b, %s).backward(gy)' % ', '.join(f'{k}={v}' for k, v in settings.items())
    return {'name': f'transposed_{number}', 'source': source(), 'call': call, 'op': 'conv_transpose_gradients',
            'params': params,
            **backward(lambda x, w, b: F.conv_transpose2d(x, w, b, **settings), x, weight, bias)}


def padded(number, row):
    mode, kernel, stride, dilation, pads, groups, channels, biased, (n, h, w) = row
    x = whole_numbers(n, channels[0], h, w)
    weight = whole_numbers(channels[1], channels[0] // groups, *kernel)
    bias = whole_numbers(channels[1]) if biased else None
    top, bottom, left, right = pads
    torch_mode = 'constant' if mode == 'zeros' else mode
    value = CONSTANT if mode == 'constant' else 0
    fill = dict(mode=torch_mode, value=value) if torch_mode == 'constant' else dict(mode=torch_mode)
    settings = dict(stride=stride, dilation=dilation, groups=groups)

    def run(x, w, b):
        return F.conv2d(F.pad(x, (left, right, top, bottom), **fill), w, b, **settings)

    params = {'kernel': kernel, 'stride': stride, 'dilation': dilation, 'pads': pads, 'pad_mode': mode,
              'pad_value': value, 'auto_pad': 'none', 'groups': groups, 'flip': False}
    call = f'F.conv2d(F.pad(x, {(left, right, top, bottom)}, {fill}), w, b, {settings}).backward(gy)'
    return {'name': f'{mode}_{number}', 'source': source(), 'call': call, 'op': 'conv_gradients', 'params': params,
            **backward(run, x, weight, bias)}


def main():
    cases = [transposed(i, row) for i, row in enumerate(TRANSPOSED)]
    cases += [padded(i, row) for i, row in enumerate(PADDED)]
    lines = ',\n'.join(json.dumps(case, separators=(',', ':')) for case in cases)
    print('{"format":1,"topic":"torch_gradients_more","cases":[\n' + lines + '\n]}')


if __name__ == '__main__':
    main()
