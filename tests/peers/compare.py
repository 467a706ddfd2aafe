"""Runs the programs of settings.json and compares what they print with Convlens' numbers.

    compare.py [--keep FOLDER] settings.json [FRAMEWORK...]

Prints a table, a line a framework; exit code 1 if one result differs or one program fails. With --keep the programs that
agree are written into FOLDER, each as the "file" that settings.json names; exit code 1 also if a framework is missing.
"""
import argparse
import contextlib
import importlib
import importlib.metadata
import io
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
import warnings

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ.setdefault('KERAS_BACKEND', 'tensorflow')

# What a framework's programs import, the distributions that its version is told of, and the tolerance relative to the
# sum |w x| of a cell.
FRAMEWORKS = {
    'torch': (['torch'], ['torch'], 1e-6),
    'tf': (['tensorflow'], ['tensorflow-cpu', 'tensorflow'], 1e-6),
    'keras': (['keras'], ['keras'], 1e-6),
    'jax': (['jax'], ['jax'], 1e-6),
    'onnx': (['onnx', 'onnxruntime'], ['onnxruntime'], 1e-4),
    'matlab': ([], [], 1e-6),
    'scipy': (['scipy'], ['scipy'], 1e-6),
    'opencv': (['cv2'], ['opencv-python-headless', 'opencv-python'], 1e-6),
}
LOWEST_FLOAT32 = -3.4028234663852886e38
NUMBER = re.compile(r'-?(?:inf|nan|\d+(?:\.\d*)?(?:e[+-]?\d+)?)', re.IGNORECASE)


def version_of(framework):
    """Version of an installed framework, or None."""
    modules, distributions, _ = FRAMEWORKS[framework]
    if framework == 'matlab':
        if not shutil.which('octave'):
            return None
        return subprocess.run(['octave', '--version'], capture_output=True, text=True).stdout.splitlines()[0]
    try:
        for module in modules:
            importlib.import_module(module)
    except ImportError:
        return None
    for distribution in distributions:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            return f'{distribution} {importlib.metadata.version(distribution)}'
    return framework


def run_python(text):
    """What a Python program prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter('ignore')
        exec(compile(text, 'program', 'exec'), {'__name__': '__main__'})
    return printed.getvalue()


def run_octave(texts):
    """What each of many Octave programs prints, from one process; an exception's text where one fails."""
    with tempfile.TemporaryDirectory() as folder:
        calls = []
        for index, text in enumerate(texts):
            path = os.path.join(folder, f'layer_{index}.m')
            with open(path, 'w') as file:
                file.write(text)
            calls.append(f"try\n  run('{path}');\ncatch e\n  disp(e.message);\nend\nprintf('\\n@@@\\n');\nclear all")
        script = os.path.join(folder, 'run_layers.m')
        with open(script, 'w') as file:
            file.write('1;\n' + '\n'.join(calls) + '\n')
        run = subprocess.run(['octave', '--no-gui', '--quiet', '--norc', script], capture_output=True, text=True)
    return run.stdout.split('@@@\n')


def numbers(text):
    """All numbers of a text. ONNX Runtime's largest of nothing is the lowest float32 instead of -inf."""
    return [-math.inf if float(word) == LOWEST_FLOAT32 else float(word) for word in NUMBER.findall(text)]


def difference(setting, printed, tolerance):
    """Why a program's output is not the setting's, or an empty string."""
    lines = [line for line in printed.strip().splitlines() if line.strip()]
    if len(lines) != 2:
        return f'printed {printed!r}'
    if numbers(lines[0]) != setting['shape']:
        return f"shape {lines[0]}, not {setting['shape']}"
    values = numbers(lines[1])
    if len(values) != len(setting['data']):
        return f"{len(values)} values, not {len(setting['data'])}"
    for index, (value, wanted, size) in enumerate(zip(values, setting['data'], setting['magnitude'])):
        wanted, size = float(wanted), float(size)
        if value != wanted and not abs(value - wanted) <= tolerance * max(1.0, size):
            return f'value {index} is {value}, not {wanted}'
    return ''


def outputs_of(framework, texts):
    if framework == 'matlab':
        return run_octave(texts)
    printed = []
    for text in texts:
        try:
            printed.append(run_python(text))
        except Exception:
            printed.append(traceback.format_exc(limit=1).strip().splitlines()[-1] + ' (failed)')
    return printed


def keep_program(folder, program):
    """Writes a program as its file in FOLDER, and says so where it is another one than before."""
    path = pathlib.Path(folder, program['file'])
    text = program['text'].encode()
    if path.exists() and path.read_bytes() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    print(f'{path} was written', file=sys.stderr)


def check(framework, settings, folder):
    """Row of the table: (version, number that agree, differences)."""
    version = version_of(framework)
    if version is None:
        return None, 0, []
    texts = [setting['programs'][framework]['text'] for setting in settings]
    tolerance = FRAMEWORKS[framework][2]
    differences = []
    for setting, printed, text in zip(settings, outputs_of(framework, texts), texts):
        why = difference(setting, printed, tolerance)
        if why:
            differences.append((setting['name'], why, text))
        elif folder:
            keep_program(folder, setting['programs'][framework])
    return version, len(settings) - len(differences), differences


def main(path, frameworks, folder):
    with open(path) as file:
        settings = json.load(file)['settings']
    failed = False
    print(f'| {"program":8} | {"version":32} | settings | agree |')
    print('|-|-|-|-|')
    for framework in frameworks or FRAMEWORKS:
        version, agree, differences = check(framework, settings, folder)
        if version is None:
            print(f'| {framework:8} | {"not installed":32} | 0 | - |')
            failed = failed or bool(folder)
            continue
        print(f'| {framework:8} | {version:32} | {len(settings)} | {agree} |', flush=True)
        failed = failed or bool(differences)
        for name, why, text in differences[:int(os.environ.get('SHOW', '3'))]:
            print(f'{framework} differs: {name}\n  {why}\n{text}', file=sys.stderr)
    return 1 if failed else 0


if __name__ == '__main__':
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--keep', metavar='FOLDER')
    arguments.add_argument('settings')
    arguments.add_argument('frameworks', nargs='*')
    given = arguments.parse_args()
    sys.exit(main(given.settings, given.frameworks, given.keep))
