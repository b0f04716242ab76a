"""Start the toolkit with one command; nothing but Python 3.11 or newer is needed.

    python3 study.py run     run the analysis             (python -m analysis run)
    python3 study.py test    run the tests                (python -m pytest)
    python3 study.py lab     open the notebooks           (python -m jupyterlab)
    python3 study.py docs    make a website of the docs   (docs/_build/html/index.html)

The first start makes a private Python environment in the folder `.venv` beside this file and
installs there exactly the packages listed in requirements.lock, each checked against its hash.
Later starts use it again, until the lock file, the Python or the place of this folder changes;
then it is made anew. To start over by hand, delete `.venv`. Nothing outside it is changed,
except for the download caches of pip and uv. Arguments after the command are passed on.

This file must stay readable for old Pythons (3.8), so that they can say what is wrong.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, NoReturn

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
UV = BIN / ("uv.exe" if os.name == "nt" else "uv")
STAMP = VENV / "study-stamp.json"  # written last: says that the set-up is complete, and for what
GUARD = VENV / "study-guard"  # locked during a set-up, so that two starts do not mix
FORMAT = 2  # raise it when a new study.py needs environments to be made anew
LAB_PAGE = "--LabApp.default_url=/lab/tree/notebooks"
LAB_CONFIG = ROOT / "analysis" / "study" / "jupyter"  # says that there is no news box
SUMMARY = (__doc__ or "\n\n").split("\n\n")[1]
USAGE = "usage: python3 study.py run|test|lab|docs [arguments passed on]\n\n" + SUMMARY
COMMANDS = {  # -P: a folder "analysis" in the user's current directory must not be taken for ours
    "run": ["-P", "-m", "analysis", "run"],
    "test": ["-P", "-m", "pytest"],
    "lab": ["-P", "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}", LAB_PAGE],
    "docs": ["-P", str(ROOT / "docs" / "website.py")],
}


def too_old(version: tuple[int, ...], executable: str) -> str | None:
    """What to tell the user of a Python older than 3.11."""
    if tuple(version[:2]) >= (3, 11):
        return None
    newer = [n for n in ("python3.13", "python3.12", "python3.11") if shutil.which(n)]
    advice = f"run it as {newer[0]} study.py run" if newer else "install a newer one (python.org)"
    number = ".".join(str(part) for part in version[:3])
    return f"study.py needs Python 3.11 or newer; this is {number} ({executable}): {advice}"


def environment() -> dict[str, str]:
    """The environment of every program started here: the user's, less what misleads Python."""
    dropped = {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    config = os.pathsep.join(filter(None, [str(LAB_CONFIG), kept.get("JUPYTER_CONFIG_PATH")]))
    # IPython adds the packages of the environment that is named here.
    return {**kept, "VIRTUAL_ENV": str(VENV), "JUPYTER_CONFIG_PATH": config}


def stamp() -> bytes:
    """All that the environment depends on."""
    python = [sys.implementation.name, sys.version, sys.base_prefix]
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    facts = {"format": FORMAT, "lock": lock, "python": python, "root": str(ROOT)}
    return json.dumps(facts, indent=1).encode("ascii")


def is_ready() -> bool:
    return STAMP.is_file() and STAMP.read_bytes() == stamp() and PYTHON.exists()


def uv_block(lock_text: str) -> str | None:
    """The entry of uv in the lock file, with its hashes on the indented lines that follow."""
    found = re.search(r"^uv==.*(\n[ \t]+.*)*", lock_text, re.MULTILINE)
    return found.group() + "\n" if found else None


def tell(text: str) -> None:
    if sys.stderr.isatty():  # piped, a set-up that works is silent
        print(text, file=sys.stderr, flush=True)


def stop(text: str, code: int) -> NoReturn:
    print(f"study.py: {text}", file=sys.stderr)
    sys.exit(code)


def call(guard: IO[str], *command: object) -> str | None:
    """Run one step; None if it worked, else what it said."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # The step holds the lock too: should study.py be killed, the next start waits for it.
            pass_fds=() if os.name == "nt" else (guard.fileno(),),
        )
    except OSError as error:
        return str(error)
    problem = done.stdout.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
    return None if done.returncode == 0 else problem


def locked(guard: IO[str]) -> bool:
    """Try to lock the open file. The lock ends with the process, however it ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(guard.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks: go on without
        pass
    return True


def make_venv(guard: IO[str]) -> None:
    """An empty environment in .venv, whatever was there before."""
    STAMP.unlink(missing_ok=True)  # first, so that a half-deleted environment never looks complete
    for path in VENV.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path != GUARD:
            path.unlink()
    python = getattr(sys, "_base_executable", None) or sys.executable
    if problem := call(guard, python, "-I", "-m", "venv", VENV):
        stop(f"making .venv failed:\n{problem}", 1)


def install(guard: IO[str]) -> None:
    """The packages of the lock file: by uv, which is fast, or else by pip."""
    pip = [PYTHON, "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    only_uv = VENV / "uv.txt"
    problem: str | None = "it is not in requirements.lock"
    if entry := uv_block(LOCK.read_text(encoding="utf-8")):
        tell("  2/3 getting the installer, uv")
        only_uv.write_text(entry, encoding="utf-8")
        options = ["--require-hashes", "--no-deps", "--only-binary=:all:"]
        problem = call(guard, *pip, *options, "-r", only_uv)
    if not problem:
        # With the system's certificates, as pip does: networks with their own need it.
        tell("  3/3 getting and installing the packages")
        uv = [UV, "--system-certs", "pip", "install", "--python", PYTHON]
        problem = call(guard, *uv, "--require-hashes", "--compile-bytecode", "-r", LOCK)
    if problem:
        lines = problem.splitlines()
        why = next((line for line in lines if line.lower().startswith("error")), lines[-1])
        print(f"study.py: uv did not work ({why}); trying pip, which is slower", file=sys.stderr)
        make_venv(guard)  # uv may have stopped half-way
        if problem := call(guard, *pip, "--require-hashes", "-r", LOCK):
            end = "\n".join("  " + line for line in problem.splitlines()[-5:])
            advice = "Check the network and the proxy settings, then try again"
            stop(f"the packages could not be installed. {advice}. pip said:\n{end}", 1)


def write_command() -> None:
    """The command topic-emphasis, which an installer would write; -P as for COMMANDS."""
    if os.name == "nt":
        (BIN / "topic-emphasis.cmd").write_text('@"%~dp0python.exe" -P -m analysis %*\n')
        return
    script = f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -P -m analysis "$@"\n'
    (BIN / "topic-emphasis").write_text(script, encoding="utf-8")
    (BIN / "topic-emphasis").chmod(0o755)


def set_up() -> None:
    """Make .venv anew, unless another start has just done so."""
    try:
        import ensurepip  # noqa: F401
        import sysconfig
        import venv  # noqa: F401
    except ImportError:
        advice = "apt install python3-venv (Debian, Ubuntu), or use the python.org installer"
        stop(f"this Python ({sys.executable}) cannot make environments: {advice}", 2)
    VENV.mkdir(exist_ok=True)
    with GUARD.open("a") as guard:
        if not locked(guard):
            tell("Another set-up of .venv is at work; waiting for it to end ...")
            while not locked(guard):
                time.sleep(0.2)
        if is_ready():
            return
        began = time.monotonic()
        why = "something it depends on has changed" if STAMP.exists() else "first use"
        tell(f"Setting up .venv ({why}; about half a minute, more on a slow network)")
        tell("  1/3 making the environment")
        make_venv(guard)
        install(guard)
        # A .pth file puts the project on the import path. Relative, its text is plain ASCII, which
        # every Python reads alike whatever the letters in the project's path.
        site = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)}))
        (site / "topic_emphasis.pth").write_text(os.path.relpath(ROOT, site), encoding="ascii")
        write_command()
        STAMP.write_bytes(stamp())
        tell(f"  done in {time.monotonic() - began:.0f} s")


def start(command: list[str], *, replace: bool) -> int:
    """Become that program or, where the system cannot (Windows), wait for it."""
    if replace:
        os.execve(command[0], command, environment())
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches the program too, and ends it
    return subprocess.call(command, env=environment())


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        asked = bool(arguments) and arguments[0] in ("-h", "--help")
        print(USAGE, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    if problem := too_old(sys.version_info[:3], sys.executable):
        print(problem, file=sys.stderr)
        return 2
    try:
        if not is_ready():
            set_up()
    except KeyboardInterrupt:
        stop("stopped; the next start sets up anew", 130)
    except OSError as error:
        stop(f"setting up .venv failed: {error}", 1)
    if arguments[0] != "run" or len(arguments) == 1:
        os.chdir(ROOT)  # the project's own; a run with arguments may name the user's files
    command = [str(PYTHON), *COMMANDS[arguments[0]], *arguments[1:]]
    if arguments == ["test"]:  # all of them: on up to four processors at once
        command += ["-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"]
        command += ["--no-loadscope-reorder"]  # the files with the fewest tests are no quick ones
    return start(command, replace=os.name != "nt")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
