"""Asks the programs themselves whether they refuse what core/conv says that they refuse, and take what it says they take.

    refusals.py [PROGRAM...]

A line a rule: the program, the rule, what it said. Exit code 1 if one program does otherwise. TensorFlow's answers are
those of its default build (oneDNN on).
"""
import os
import sys
import warnings

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ.setdefault('KERAS_BACKEND', 'tensorflow')
warnings.simplefilter('ignore')

import numpy as np


def torch_rules():
    import torch
    import torch.nn.functional as F
    from torch import nn
    x, w, wt = torch.ones(1, 2, 9, 9), torch.ones(4, 2, 3, 3), torch.ones(2, 4, 3, 3)
    yield 'stride 0', True, lambda: F.conv2d(x, w, stride=0)
    yield 'dilation 0', True, lambda: F.conv2d(x, w, dilation=0)
    yield 'negative padding, zeros', True, lambda: nn.Conv2d(2, 4, 3, padding=-1)(x)
    for mode in ('reflect', 'replicate', 'circular'):
        yield f'negative padding, {mode}', False, lambda: nn.Conv2d(2, 4, 3, padding=-1, padding_mode=mode)(x)
    yield 'reflect of the length', True, lambda: F.pad(x, (9, 0, 0, 0), mode='reflect')
    yield 'reflect below the length', False, lambda: F.pad(x, (8, 0, 0, 0), mode='reflect')
    yield 'circular beyond the length', True, lambda: F.pad(x, (10, 0, 0, 0), mode='circular')
    yield 'circular of the length', False, lambda: F.pad(x, (9, 0, 0, 0), mode='circular')
    yield 'symmetric', True, lambda: nn.Conv2d(2, 4, 3, padding=1, padding_mode='symmetric')
    yield 'same with a stride', True, lambda: F.conv2d(x, w, stride=(1, 2), padding='same')
    yield 'output padding of the stride', True, lambda: F.conv_transpose2d(x, wt, stride=2, output_padding=2)
    yield 'output padding below the dilation', False, lambda: F.conv_transpose2d(x, wt, dilation=2, output_padding=1)
    yield 'transposed padding by a word', True, lambda: F.conv_transpose2d(x, wt, padding='same')
    yield 'transposed padding_mode', True, lambda: nn.ConvTranspose2d(2, 4, 3, padding_mode='reflect')
    yield 'pooling by a word', True, lambda: nn.MaxPool2d(2, padding='same')(x)
    yield 'pooling beyond half the kernel', True, lambda: F.max_pool2d(x, 3, padding=2, dilation=2)
    yield 'average with dilation', True, lambda: nn.AvgPool2d(2, dilation=2)
    yield 'divisor 0', True, lambda: F.avg_pool2d(x, 2, divisor_override=0)
    yield 'groups=True', True, lambda: F.conv2d(x, w, groups=True)
    yield 'kernel_size=3.0', True, lambda: nn.Conv2d(2, 4, 3.0)


def tf_rules():
    import tensorflow as tf
    x, w = tf.ones((1, 9, 9, 2)), tf.ones((3, 3, 2, 4))
    g, wt = tf.ones((1, 4, 4, 4)), tf.ones((3, 3, 2, 4))
    edge = [[0, 0], [1, 1], [1, 1], [0, 0]]
    yield 'stride and dilation', False, lambda: tf.nn.conv2d(x, w, 2, 'VALID', dilations=2)
    yield 'negative padding', True, lambda: tf.nn.conv2d(x, w, 1, [[0, 0], [-1, 2], [3, 0], [0, 0]])
    yield 'padding in small letters', True, lambda: tf.nn.conv2d(x, w, 1, 'same')
    yield 'transposed without padding', False, lambda: tf.nn.conv2d_transpose(g, wt, [1, 8, 8, 2], 2)
    yield 'transposed to another size', True, lambda: tf.nn.conv2d_transpose(g, wt, [1, 12, 12, 2], 2, 'SAME')
    yield 'max_pool2d, padding in numbers', False, lambda: tf.nn.max_pool2d(x, 2, 2, edge)
    yield 'avg_pool2d, padding in numbers', True, lambda: tf.nn.avg_pool2d(x, 2, 2, edge)
    yield 'max_pool2d, padding of the window', True, lambda: tf.nn.max_pool2d(x, 1, 1, edge)
    for kind in ('MAX', 'AVG'):
        yield f'pool {kind}, dilation', False, lambda: tf.nn.pool(x, [2, 2], kind, [1, 1], 'VALID', dilations=[2, 2])
        yield f'pool {kind}, SAME', True, lambda: tf.nn.pool(x, [2, 2], kind, [1, 1], 'SAME', dilations=[2, 2])
        yield f'pool {kind}, stride', True, lambda: tf.nn.pool(x, [2, 2], kind, [2, 2], 'VALID', dilations=[2, 2])
    yield 'reflect of the length', True, lambda: tf.pad(x, [[0, 0], [9, 0], [0, 0], [0, 0]], 'REFLECT')
    yield 'symmetric of the length', False, lambda: tf.pad(x, [[0, 0], [9, 0], [0, 0], [0, 0]], 'SYMMETRIC')
    yield 'symmetric beyond it', True, lambda: tf.pad(x, [[0, 0], [10, 0], [0, 0], [0, 0]], 'SYMMETRIC')


def keras_rules():
    from keras import layers
    x, row = np.ones((1, 9, 9, 2), 'float32'), np.ones((1, 9, 2), 'float32')
    transposed = layers.Conv2DTranspose
    yield 'stride and dilation', True, lambda: layers.Conv2D(2, 3, strides=(2, 1), dilation_rate=(1, 2))(x)
    yield 'transposed, stride and dilation', True, lambda: transposed(2, 3, strides=2, dilation_rate=2)(x)
    yield 'depthwise, stride and dilation', False, lambda: layers.DepthwiseConv2D(3, strides=2, dilation_rate=2)(x)
    yield 'output padding of the stride', True, lambda: transposed(2, 3, strides=2, output_padding=2)(x)
    yield 'output padding below the dilation', True, lambda: transposed(2, 3, dilation_rate=2, output_padding=1)(x)
    yield 'causal Conv2D', True, lambda: layers.Conv2D(2, 3, padding='causal')(x)
    yield 'causal Conv1D', False, lambda: layers.Conv1D(2, 3, padding='causal')(row)
    yield 'causal DepthwiseConv1D', True, lambda: layers.DepthwiseConv1D(3, padding='causal')(row)
    yield 'causal MaxPooling2D', True, lambda: layers.MaxPooling2D(2, padding='causal')(x)
    yield 'padding in capitals', False, lambda: layers.Conv2D(2, 3, padding='SAME')(x)
    yield 'kernel_size=3.0', True, lambda: layers.Conv2D(2, 3.0)(x)


def onnx_rules():
    import onnxruntime
    from onnx import TensorProto, helper
    onnxruntime.set_default_logger_severity(4)

    def run(op, inputs, **attributes):
        names = 'xwb'[:len(inputs)]
        node = helper.make_node(op, list(names), ['y'], **attributes)
        told = [helper.make_tensor_value_info(n, TensorProto.INT64 if v.dtype == np.int64 else TensorProto.FLOAT, v.shape)
                for n, v in zip(names, inputs)]
        graph = helper.make_graph([node], 'g', told, [helper.make_tensor_value_info('y', TensorProto.FLOAT, None)])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 22)], ir_version=10)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=['CPUExecutionProvider'])
        return session.run(None, dict(zip(names, inputs)))

    def ones(*shape):
        return np.ones(shape, np.float32)

    x, w, wt = ones(1, 2, 9, 9), ones(4, 2, 3, 3), ones(2, 4, 3, 3)
    same = {'auto_pad': 'SAME_UPPER'}
    twice = {'dilations': [2, 2]}
    yield 'negative padding', True, lambda: run('Conv', [x, w], pads=[-1, 0, 0, 0])
    yield 'auto_pad and pads', True, lambda: run('Conv', [x, w], pads=[0, 0, 0, 0], **same)
    yield 'pooling, auto_pad and pads', False, lambda: run('MaxPool', [x], kernel_shape=[3, 3], pads=[1] * 4, **same)
    yield 'auto_pad and dilation', True, lambda: run('Conv', [x, w], **same, **twice)
    yield 'transposed, auto_pad and dilation', False, lambda: run('ConvTranspose', [x, wt], **same, **twice)
    yield 'output padding of the stride', True, lambda: run('ConvTranspose', [x, wt], strides=[2, 2],
                                                            output_padding=[2, 2])
    yield 'output padding below the dilation', True, lambda: run('ConvTranspose', [x, wt], output_padding=[1, 1], **twice)
    yield 'output padding below the stride', False, lambda: run('ConvTranspose', [x, wt], strides=[2, 2],
                                                                output_padding=[1, 1], **twice)
    yield 'output_shape beyond reach', True, lambda: run('ConvTranspose', [x, wt], strides=[2, 2], output_shape=[21, 21])
    yield 'pooling, padding of the kernel', True, lambda: run('MaxPool', [x], kernel_shape=[3, 3], pads=[3] * 4, **twice)
    yield 'pooling, SAME below 0', True, lambda: run('MaxPool', [ones(1, 1, 6, 6)], kernel_shape=[2, 2], strides=[3, 3],
                                                     **same)

    def pad(cells, mode):
        return run('Pad', [ones(1, 1, 3, 3), np.array([0, 0, cells, 0, 0, 0, 0, 0], np.int64)], mode=mode)

    yield 'reflect of the length', True, lambda: pad(3, 'reflect')
    yield 'reflect below the length', False, lambda: pad(2, 'reflect')
    yield 'wrap beyond the length', False, lambda: pad(7, 'wrap')
    yield 'symmetric', True, lambda: pad(1, 'symmetric')


def scipy_rules():
    from scipy import ndimage, signal
    x = np.ones((5, 6))
    yield 'valid, neither within the other', True, lambda: signal.convolve2d(x, np.ones((7, 2)), 'valid')
    yield 'mode in capitals', True, lambda: signal.convolve2d(x, np.ones((3, 3)), 'SAME')
    yield 'origin beyond the kernel', True, lambda: ndimage.convolve(x, np.ones((4, 4)), origin=2)
    yield 'origin at its end', False, lambda: ndimage.convolve(x, np.ones((4, 4)), origin=-2)
    yield 'symmetric beyond the length', False, lambda: signal.convolve2d(x, np.ones((19, 19)), 'full', 'symm')


def opencv_rules():
    import cv2
    x, k = np.ones((5, 6)), np.ones((3, 3))
    yield 'BORDER_WRAP', True, lambda: cv2.filter2D(x, -1, k, borderType=cv2.BORDER_WRAP)
    yield 'sepFilter2D, BORDER_WRAP', True, lambda: cv2.sepFilter2D(x, -1, k[0], k[0], borderType=cv2.BORDER_WRAP)
    yield 'blur, BORDER_WRAP', False, lambda: cv2.blur(x, (3, 3), borderType=cv2.BORDER_WRAP)
    yield 'anchor outside', True, lambda: cv2.filter2D(x, -1, k, anchor=(3, 0))
    yield 'anchor -1', False, lambda: cv2.filter2D(x, -1, k, anchor=(-1, 0))


RULES = {'torch': torch_rules, 'tf': tf_rules, 'keras': keras_rules, 'onnx': onnx_rules, 'scipy': scipy_rules,
         'opencv': opencv_rules}


def answer(call):
    """Whether a program refuses, and its words."""
    try:
        call()
        return False, ''
    except Exception as error:
        return True, ' '.join(str(error).split())[:90]


def main(programs):
    wrong = 0
    for program in programs or RULES:
        for rule, refused, call in RULES[program]():
            refuses, words = answer(call)
            wrong += refuses != refused
            verdict = 'as said' if refuses == refused else 'OTHERWISE'
            print(f"{verdict} | {program} | {rule} | {'refused: ' + words if refuses else 'taken'}", flush=True)
    print(f'{wrong} otherwise')
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
