#!/usr/bin/env python3
"""Times Convlens' engine and other programs on the same workloads, side by side, and prints a table of ratios.

    tests/bench/compare.py [REGEX] [--threads N...] [--rounds N] [--peers NAME...]

Workloads are those of `convlens bench`, under its names; REGEX picks some of them. The programs take turns, workload by
workload, `--rounds` times, and the quickest call of all rounds counts: other work on the machine then meets all of them
alike. A ratio above 1 says how many times as fast as the fastest peer Convlens is.

The peers are installed into build/bench from PyPI (requirements.txt). Build the release preset first.
"""
import argparse
import json
import math
import os
import re
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONVLENS = ROOT / "build/release/bin/convlens"
HOME = ROOT / "build/bench"
CACHE_BYTES = 32e6  # of a shared cache as processors have them; what a row reads and writes fits it or not

# name: channels in, channels out, kernel, length, stride, padding, dilation, groups, transposed, output padding
LAYERS = {
    "c64_64_k3_112": (64, 64, 3, 112, 1, 1, 1, 1, False, 0),
    "c3_64_k7_s2_224": (3, 64, 7, 224, 2, 3, 1, 1, False, 0),
    "c64_128_k3_s2_56": (64, 128, 3, 56, 2, 1, 1, 1, False, 0),
    "c256_64_k1_56": (256, 64, 1, 56, 1, 0, 1, 1, False, 0),
    "c64_64_k3_dil2_56": (64, 64, 3, 56, 1, 2, 2, 1, False, 0),
    "dw128_k3_56": (128, 128, 3, 56, 1, 1, 1, 128, False, 0),
    "c512_512_k3_14": (512, 512, 3, 14, 1, 1, 1, 1, False, 0),
    "t64_32_k4_s2_p1_56": (64, 32, 4, 56, 2, 1, 1, 1, True, 0),
    "t128_64_k3_s2_p1_op1_28": (128, 64, 3, 28, 2, 1, 1, 1, True, 1),
}
SIZES = {"1080p": (1080, 1920), "4096": (4096, 4096)}
FORMATS = {"f32x1": ("f32", 1, "f32"), "f32x3": ("f32", 3, "f32"), "u8x3_u8": ("u8", 3, "u8"),
           "u8x3_s16": ("u8", 3, "s16"), "u8x3_f32": ("u8", 3, "f32")}
KERNELS = [("dense", k) for k in (3, 5, 7, 11, 15, 31, 63)] + [("separable", k) for k in (7, 15, 31)] + [("box", k) for k in (15, 31, 127)]


def all_workloads():
    for size in SIZES:
        for form in FORMATS:
            for kind, side in KERNELS:
                if kind != "dense" and form == "u8x3_s16":
                    continue
                yield f"img_{size}_{form}_{kind}{side}"
    for layer in LAYERS:
        yield f"layer_{layer}"


def fastest_call(call, budget=0.3):
    """Milliseconds: the quickest of at least five calls, after one or two to warm up."""
    def once():
        begun = time.perf_counter()
        call()
        return (time.perf_counter() - begun) * 1e3
    first = once()
    if first < 300:
        once()
    times, least = [], 3 if first > 1000 else 5
    while len(times) < least or (sum(times) < budget * 1e3 and len(times) < 400):
        times.append(once())
    return min(times)


# Each peer gives a function without arguments that runs the workload once, or None where it has no such thing.

def opencv_picture(workload, threads):
    import cv2
    import numpy as np
    cv2.setNumThreads(threads)
    size, form, kind, side = re.fullmatch(r"img_([^_]+)_(.+)_(dense|separable|box)(\d+)", workload).groups()
    depth_in, channels, depth_out = FORMATS[form]
    dtype = {"u8": np.uint8, "s16": np.int16, "f32": np.float32}
    height, width = SIZES[size]
    random = np.random.default_rng(1)
    picture = random.integers(0, 256, (height, width, channels)[: 2 if channels == 1 else 3]).astype(dtype[depth_in])
    result = np.empty(picture.shape, dtype[depth_out])
    code = {"u8": cv2.CV_8U, "s16": cv2.CV_16S, "f32": cv2.CV_32F}[depth_out]
    side = int(side)
    if kind == "dense":
        kernel = random.standard_normal((side, side)).astype(np.float32) / side**2
        return [lambda: cv2.filter2D(picture, code, kernel, dst=result)]
    if kind == "box":
        return [lambda: cv2.boxFilter(picture, code, (side, side), dst=result)]
    row = cv2.getGaussianKernel(side, 0, cv2.CV_32F)
    ways = [lambda: cv2.sepFilter2D(picture, code, row, row, dst=result)]
    if depth_in == depth_out:
        ways.append(lambda: cv2.GaussianBlur(picture, (side, side), 0, dst=result))
    return ways


def torch_layer(layer, threads):
    import torch
    torch.set_num_threads(threads)
    c_in, c_out, k, length, stride, padding, dilation, groups, transposed, extra = layer
    x = torch.randn(1, c_in, length, length)
    w = torch.randn((c_in, c_out // groups, k, k) if transposed else (c_out, c_in // groups, k, k))

    def run():
        with torch.inference_mode():
            if transposed:
                torch.nn.functional.conv_transpose2d(x, w, None, stride, padding, extra, groups, dilation)
            else:
                torch.nn.functional.conv2d(x, w, None, stride, padding, dilation, groups)
    return [run]


def onnx_model(layer):
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper
    c_in, c_out, k, length, stride, padding, dilation, groups, transposed, extra = layer
    random = np.random.default_rng(1)
    shape = (c_in, c_out // groups, k, k) if transposed else (c_out, c_in // groups, k, k)
    weight = random.standard_normal(shape).astype(np.float32)
    settings = dict(kernel_shape=[k, k], strides=[stride] * 2, dilations=[dilation] * 2, pads=[padding] * 4, group=groups)
    if transposed:
        settings["output_padding"] = [extra] * 2
        out = (length - 1) * stride - 2 * padding + dilation * (k - 1) + 1 + extra
    else:
        out = (length + 2 * padding - dilation * (k - 1) - 1) // stride + 1
    node = helper.make_node("ConvTranspose" if transposed else "Conv", ["x", "w"], ["y"], **settings)
    graph = helper.make_graph(
        [node], "layer",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, c_in, length, length])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, c_out, out, out])],
        [numpy_helper.from_array(weight, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return model.SerializeToString(), random.standard_normal((1, c_in, length, length)).astype(np.float32)


def onnxruntime_layer(layer, threads):
    import onnxruntime
    model, x = onnx_model(layer)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    binding.bind_cpu_input("x", x)
    binding.bind_output("y")
    return [lambda: session.run_with_iobinding(binding)]


def openvino_layer(layer, threads):
    import openvino
    model, x = onnx_model(layer)
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(model), "CPU", {
        "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "NUM_STREAMS": 1,
        "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    request.set_input_tensor(openvino.Tensor(x, shared_memory=True))

    def run(keep=(model, x, compiled)):  # it reads the weights where they are
        request.infer()
    return [run]


PEERS = {
    "opencv": (opencv_picture, "img_"),
    "torch": (torch_layer, "layer_"),
    "onnxruntime": (onnxruntime_layer, "layer_"),
    "openvino": (openvino_layer, "layer_"),
}


def time_peer(peer, workload, threads):
    make, prefix = PEERS[peer]
    subject = workload if prefix == "img_" else LAYERS[workload.removeprefix("layer_")]
    return min(fastest_call(way) for way in make(subject, threads))


def time_in_process(peer, workload, threads):
    """The peer in a process of its own, so that its threads and memory are gone before the next one's turn."""
    env = dict(os.environ, OMP_NUM_THREADS=str(threads))
    command = [HOME / "bin/python", __file__, "--one", peer, workload, str(threads)]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{peer} failed on {workload}:\n{done.stderr}")
    return float(done.stdout)


def bench_convlens(pattern, threads):
    command = [CONVLENS, "bench", "--filter", f"^{pattern}", "--threads", str(threads)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {row["workload"]: row for row in map(json.loads, out.splitlines())}


def share_of_limit(row, limits):
    """How near a row comes to what the machine can do: products in registers, or its bytes copied, whichever is more."""
    in_cache = row["gbps"] * row["min_ms"] * 1e6 < CACHE_BYTES
    names = ["limit_copy_8MB"] if in_cache else ["limit_copy_256MB", "limit_copy_past_cache_256MB"]
    return max(row["gflops"] / limits["limit_fma"]["gflops"], row["gbps"] / max(limits[name]["gbps"] for name in names))


def install():
    if not (HOME / "bin/python").exists():
        venv.create(HOME, with_pip=True)
    subprocess.run([HOME / "bin/pip", "install", "--quiet", "--disable-pip-version-check",
                    "-r", Path(__file__).with_name("requirements.txt")], check=True)


def machine_limits(threads, rounds):
    """The most of all rounds: other work on the machine is not its limit."""
    limits = {}
    for _ in range(rounds):
        for name, row in bench_convlens("limit_", threads).items():
            limits[name] = max(limits.get(name, row), row, key=lambda r: r["gflops"] + r["gbps"])
    return limits


def compare(workloads, threads, rounds, peers):
    limits = machine_limits(threads, 2 * rounds)
    print(f"{threads} thread{'s' * (threads > 1)}; the machine's limits: {limits['limit_fma']['gflops']:.0f} GF/s of float32 FMA, "
          f"copies (read and written) {limits['limit_copy_8MB']['gbps']:.0f} GB/s within the cache, to memory "
          f"{limits['limit_copy_256MB']['gbps']:.0f}, past the cache {limits['limit_copy_past_cache_256MB']['gbps']:.0f}\n")
    print("| workload | Convlens ms | of the limit | fastest peer ms | ratio |")
    print("|-|-|-|-|-|", flush=True)
    ratios = []
    for workload in workloads:
        row, others = None, {}
        for _ in range(rounds):
            again = bench_convlens(f"{workload}$", threads)[workload]
            row = min(row or again, again, key=lambda r: r["min_ms"])
            for peer in peers:
                if workload.startswith(PEERS[peer][1]):
                    others[peer] = min(others.get(peer, math.inf), time_in_process(peer, workload, threads))
        peer = min(others, key=others.get)
        ratios.append(others[peer] / row["min_ms"])
        print(f"| {workload} | {row['min_ms']:.3g} | {share_of_limit(row, limits):.0%} | "
              f"{others[peer]:.3g} ({peer}) | {ratios[-1]:.2f} |", flush=True)
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
    print(f"\nGeometric mean {mean:.2f}; {sum(r < 1 for r in ratios)} of {len(ratios)} behind.\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("regex", nargs="?", default="")
    parser.add_argument("--threads", nargs="+", type=int, default=[2, 1])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(time_peer(options.one[0], options.one[1], int(options.one[2])))
        return
    if not CONVLENS.exists():
        sys.exit(f"{CONVLENS} is missing: app/run.sh --build-only makes it")
    install()
    workloads = [w for w in all_workloads() if re.search(options.regex, w)
                 and any(w.startswith(PEERS[peer][1]) for peer in options.peers)]
    if not workloads:
        sys.exit(f"no workload is called like {options.regex}")
    for threads in options.threads:
        compare(workloads, threads, options.rounds, options.peers)


if __name__ == "__main__":
    main()
