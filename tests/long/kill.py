#!/usr/bin/env python3
"""Ends the window at random moments of steady editing and looks at what is left of the work.

    tests/long/kill.py build/release/bin/convlens [--kills 100] [--terms 100] [--seed 1]

Needs Xvfb and xdotool (Debian: apt install xvfb xdotool). Every edit is a real one, made with the pointer: the wheel over
cell A of the input adds 1, and a drag from A to B paints B with A's value. So the values of A and B say which edits are
there. After SIGKILL every edit must be there that ended more than a second before, every drag and confirmed value that
ended more than 100 ms before; after SIGTERM (in turn SIGHUP, SIGINT and the display's end) every one.

An edit counts as ended when the X server has taken its last event; the window's next frame comes after that.
"""
import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

WIDTH, HEIGHT = 1280, 720


class Screen:
    """An X server of its own, and a hand on its pointer."""

    def __init__(self):
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-noreset"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            self.display = ":" + pipe.readline().strip()
        self.environment = dict(os.environ, DISPLAY=self.display)
        self.environment.pop("WAYLAND_DISPLAY", None)
        self.hand = subprocess.Popen(["xdotool", "-"], env=self.environment, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def do(self, *commands):
        """Returns when the server has taken all of them."""
        self.hand.stdin.write("\n".join(commands) + "\ngetmouselocation\n")
        self.hand.stdin.flush()
        self.hand.stdout.readline()
        return time.monotonic()

    def find_window(self, pid):
        for _ in range(400):
            found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(pid)], env=self.environment,
                                   capture_output=True, text=True).stdout.split()
            if found:
                return found[-1]
            time.sleep(0.02)
        raise RuntimeError("no window came up")

    def close(self):
        self.hand.stdin.close()
        self.hand.wait()
        self.server.kill()
        self.server.wait()


class Home:
    """Folders of one user."""

    def __init__(self):
        self.root = tempfile.mkdtemp(prefix="convlens-kill-")
        self.work = os.path.join(self.root, "state/convlens/work.convlens")

    def values(self):
        """Of the first layer's input; nothing where no work is kept."""
        try:
            with open(self.work, encoding="utf-8") as file:
                return json.load(file)["layers"][0]["input"]["data"]
        except FileNotFoundError:
            return None

    def close(self):
        shutil.rmtree(self.root)


def heed_signals():
    """Under nohup, or behind '&', some are ignored, and who inherits that goes on ignoring them."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def start(program, screen, home):
    environment = dict(screen.environment, HOME=home.root)
    for name in ("CONFIG", "STATE", "DATA"):
        environment[f"XDG_{name}_HOME"] = os.path.join(home.root, name.lower())
    process = subprocess.Popen([program], env=environment, stderr=subprocess.DEVNULL, preexec_fn=heed_signals)
    window = screen.find_window(process.pid)
    screen.do(f"windowsize {window} {WIDTH} {HEIGHT}", f"windowmove {window} 0 0", f"windowfocus {window}")
    time.sleep(0.4)
    return process


def differences(before, after):
    return [i for i, (a, b) in enumerate(zip(before, after)) if a != b]


def find_cells(program, screen):
    """Two places of the pointer over different cells of the input, and which cells they are."""
    home = Home()
    process = start(program, screen, home)
    found = {}
    screen.do("mousemove 2 2", "key t")  # one edit, so that there is a file
    time.sleep(1.2)
    before = home.values()
    for y in range(200, 560, 30):
        for x in range(260, 800, 30):
            screen.do(f"mousemove {x} {y}")
            time.sleep(0.1)
            screen.do("click 4")
            time.sleep(0.25)
            after = home.values()
            changed = differences(before, after)
            before = after
            if len(changed) == 1:
                found.setdefault(changed[0], (x, y))
            if len(found) == 2:
                process.kill()
                process.wait()
                home.close()
                return [(cell, place) for cell, place in found.items()]
    raise RuntimeError("no cells of the input were found under the pointer")


class Edits:
    """What was done, and when it ended."""

    def __init__(self, screen, cells, rng):
        self.screen, self.rng = screen, rng
        (self.a, self.at_a), (self.b, self.at_b) = cells
        self.wheel, self.drag = {}, {}  # the value that an edit gave, and the time at which it ended

    def make(self, value, seconds):
        """Edits until the time is over; A has this value at first. Ends after an edit."""
        (ax, ay), (bx, by) = self.at_a, self.at_b
        end = time.monotonic() + seconds
        self.screen.do(f"mousemove {ax} {ay}")
        time.sleep(0.15)
        while time.monotonic() < end:
            value += 1
            self.wheel[value] = self.screen.do("click 4")
            time.sleep(self.rng.uniform(0.03, 0.4))
            if self.rng.random() < 0.5 or time.monotonic() >= end:
                continue
            self.screen.do("mousedown 1")
            for part in range(1, 9):
                self.screen.do(f"mousemove {ax + (bx - ax) * part // 8} {ay + (by - ay) * part // 8}")
                time.sleep(self.rng.uniform(0.01, 0.05))
            self.drag[value] = self.screen.do("mouseup 1")
            time.sleep(self.rng.uniform(0.03, 0.2))
            self.screen.do(f"mousemove {ax} {ay}")
            time.sleep(0.1)


def oldest_loss(times, kept, ended):
    """How long before the end the oldest edit that is not kept had ended; 0 when all are."""
    lost = [ended - time for value, time in times.items() if value > kept]
    return max(lost, default=0.0)


def one_round(program, screen, cells, rng, end):
    """The age of the oldest lost edit of the wheel, of the oldest lost drag, and how many edits there were."""
    home = Home()
    process = start(program, screen, home)
    edits = Edits(screen, cells, rng)
    screen.do("mousemove 2 2", "key t")
    deadline = time.monotonic() + 5
    while home.values() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    first = home.values()
    edits.make(first[edits.a], rng.uniform(0.5, 4))
    time.sleep(rng.uniform(0, 0.15) if end == signal.SIGKILL else 0)
    ended = time.monotonic()
    if end is None:
        screen.server.kill()
    else:
        process.send_signal(end)
    process.wait(timeout=30)
    kept = home.values()
    home.close()
    if kept[edits.a] not in [first[edits.a], *edits.wheel] or kept[edits.b] not in [first[edits.b], *edits.drag]:
        raise RuntimeError(f"{kept[edits.a]} and {kept[edits.b]} are no values that an edit gave")
    return (oldest_loss(edits.wheel, kept[edits.a], ended), oldest_loss(edits.drag, kept[edits.b], ended),
            len(edits.wheel) + len(edits.drag))


def run(program, rounds, ends, seed, name):
    rng = random.Random(seed)
    screen = Screen()
    cells = find_cells(program, screen)
    wheel, drag, edits = [], [], 0
    for i in range(rounds):
        end = ends[i % len(ends)]
        lost_wheel, lost_drag, count = one_round(program, screen, cells, rng, end)
        wheel.append(lost_wheel)
        drag.append(lost_drag)
        edits += count
        if end is None:
            screen.close()
            screen = Screen()
    screen.close()
    worst = max(wheel + drag)
    print(f"{name}: {rounds} rounds, {edits} edits; rounds with a loss: {sum(w + d > 0 for w, d in zip(wheel, drag))}; "
          f"the oldest lost edit had ended {1000 * max(wheel):.0f} ms before, the oldest lost drag "
          f"{1000 * max(drag):.0f} ms before")
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--terms", type=int, default=100)
    parser.add_argument("--others", type=int, default=30, help="in turn SIGHUP, SIGINT and the end of the display")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    good = True
    if options.kills:
        good &= run(options.program, options.kills, [signal.SIGKILL], options.seed, "SIGKILL") <= 0.1
    if options.terms:
        good &= run(options.program, options.terms, [signal.SIGTERM], options.seed + 1, "SIGTERM") == 0
    if options.others:
        ends = [signal.SIGHUP, signal.SIGINT, None]
        good &= run(options.program, options.others, ends, options.seed + 2, "SIGHUP, SIGINT, no display") == 0
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
