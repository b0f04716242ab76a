"""study.py: when .venv is made, how, and what is started in it. Nothing here uses the network."""

import ast
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
import tomllib
from pathlib import Path

import pytest

from tests import ROOT

PROJECT = ROOT
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SCRIPT = SETTINGS["project"]["scripts"]["topic-emphasis"]
PAGE = "labconfig/page_config.json"  # where JupyterLab looks for what is off
LOCK = """\
# made by hand
attrs==26.1.0 \\
    --hash=sha256:aa
uv==0.13.9 ; python_version > '3' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via something
uv-dynamic==1.0 \\
    --hash=sha256:dd
"""
UV_ENTRY = """\
uv==0.13.9 ; python_version > '3' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via something
"""
needs_posix = pytest.mark.skipif(os.name == "nt", reason="uses a shell script as the fake Python")


def make_project(root):
    """A folder with study.py and a small lock file."""
    root.mkdir()
    shutil.copy(PROJECT / "study.py", root)
    (root / "requirements.lock").write_text(LOCK, encoding="utf-8")
    return root


def load(root, name="study_under_test"):
    spec = importlib.util.spec_from_file_location(name, root / "study.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def root(tmp_path):
    return make_project(tmp_path / "my étude")  # a space and an accent, in every test


@pytest.fixture
def study(root):
    return load(root)


def launch(root, *arguments, **options):
    command = [sys.executable, str(root / "study.py"), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, **options)


def pretend_ready(study):
    """A .venv that looks complete; its Python says how it was started, and ends with 7."""
    study.BIN.mkdir(parents=True)
    state = '"$PWD" "${PYTHONDONTWRITEBYTECODE-unset}"'
    script = f"""#!/bin/sh\nprintf '%s\\n' {state} "$@"\nexit 7\n"""
    study.PYTHON.write_text(script, encoding="utf-8")
    study.PYTHON.chmod(0o755)
    study.STAMP.write_bytes(study.stamp())


def wait_for(path):
    deadline = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} never came"
        time.sleep(0.02)


class Steps:
    """Stands in for study.call: notes each step, lets those fail whose words contain a given one.

    The step that makes the environment really makes one, without pip, which is quick.
    """

    def __init__(self, study, failing=()):
        self.study, self.failing, self.done = study, failing, []

    def __call__(self, guard, *command):
        words = [str(word) for word in command]
        name = "venv" if "venv" in words else "uv" if words[0] == str(self.study.UV) else "pip"
        if "--no-deps" in words:
            name = "get uv"
        self.done.append((name, words))
        if name in self.failing:
            return f"Looking\nERROR: {name} said no\nhint: try later"
        if name == "venv":
            subprocess.run([*words, "--without-pip"], check=True)
        return None

    @property
    def names(self):
        return [name for name, _ in self.done]


# What the user sees before anything is set up


def test_the_file_parses_for_old_pythons():
    ast.parse((PROJECT / "study.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_importing_has_no_effect(root, capfd):
    load(root)
    assert sorted(p.name for p in root.iterdir() if p.name != "__pycache__") == [
        "requirements.lock",
        "study.py",
    ]
    assert capfd.readouterr() == ("", "")


def test_an_old_python_is_told_what_to_do(study, monkeypatch, capsys, root):
    monkeypatch.setattr(study.shutil, "which", lambda name: name == "python3.12")
    message = study.too_old((3, 10, 13), "/somewhere/python3")
    assert "needs Python 3.11 or newer; this is 3.10.13 (/somewhere/python3)" in message
    assert "python3.12 study.py run" in message
    monkeypatch.setattr(study.shutil, "which", lambda name: None)
    assert "install a newer one" in study.too_old((3, 8, 0), "python3")
    assert study.too_old((3, 11, 0), "python3") is None
    assert study.too_old((4, 0, 0), "python3") is None

    monkeypatch.setattr(study.sys, "version_info", (3, 10, 13, "final", 0))
    assert study.main(["run"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (root / ".venv").exists()


@pytest.mark.parametrize(
    ("arguments", "code"), [([], 2), (["walk"], 2), (["-h"], 0), (["--help"], 0)]
)
def test_usage(root, arguments, code):
    done = launch(root, *arguments)
    assert done.returncode == code
    shown, other = (done.stdout, done.stderr) if code == 0 else (done.stderr, done.stdout)
    assert shown.startswith("usage: python3 study.py run|test|lab|docs")
    assert "study.py lab     open the notebooks" in shown
    assert other == ""
    assert not (root / ".venv").exists()


def test_without_ensurepip_nothing_is_made(study, root, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit) as stopped:
        study.main(["run"])
    assert stopped.value.code == 2
    message = capsys.readouterr().err
    assert "apt install python3-venv" in message
    assert message.count("\n") == 1
    assert not (root / ".venv").exists()


def test_a_missing_lock_file_is_named_without_a_traceback(root):
    (root / "requirements.lock").unlink()
    (root / ".venv").mkdir()
    (root / ".venv" / "study-stamp.json").touch()
    done = launch(root, "run")
    assert done.returncode == 1
    assert "requirements.lock" in done.stderr
    assert "Traceback" not in done.stderr


# What a set-up depends on


def test_the_stamp_changes_with_the_lock(study):
    before = study.stamp()
    assert study.stamp() == before
    study.LOCK.write_bytes(study.LOCK.read_bytes() + b"\n")
    assert study.stamp() != before


@pytest.mark.parametrize("name", ["version", "base_prefix"])
def test_the_stamp_changes_with_the_python(study, monkeypatch, name):
    before = study.stamp()
    monkeypatch.setattr(study.sys, name, "another")
    assert study.stamp() != before


def test_the_stamp_changes_with_the_implementation_and_the_format(study, monkeypatch):
    stamps = {study.stamp()}
    monkeypatch.setattr(study.sys.implementation, "name", "another")
    stamps.add(study.stamp())
    monkeypatch.setattr(study, "FORMAT", study.FORMAT + 1)
    stamps.add(study.stamp())
    assert len(stamps) == 3


def test_a_moved_checkout_is_not_ready(study, root, tmp_path):
    pretend_ready(study)
    assert study.is_ready()
    root.rename(tmp_path / "moved")
    assert not load(tmp_path / "moved").is_ready()


def test_ready_needs_the_stamp_and_the_python(study):
    assert not study.is_ready()
    pretend_ready(study)
    study.STAMP.write_bytes(study.stamp()[:-3])  # cut off by a kill
    assert not study.is_ready()
    study.STAMP.write_bytes(study.stamp())
    assert study.is_ready()
    study.PYTHON.unlink()
    assert not study.is_ready()


def test_the_entry_of_uv_is_found(study):
    assert study.uv_block(LOCK) == UV_ENTRY
    assert study.uv_block(LOCK.replace("uv==", "uvloop==")) is None
    assert study.uv_block("# uv==1.0\n    uv==1.0\n") is None


def test_the_entry_of_uv_in_the_real_lock(study):
    entry = study.uv_block((PROJECT / "requirements.lock").read_text(encoding="utf-8"))
    first, *hashes = entry.splitlines()
    assert first.startswith("uv==")
    assert len(hashes) > 5
    assert all(line.strip().startswith(("--hash=sha256:", "#")) for line in hashes)
    assert not entry.rstrip().endswith("\\")


# The set-up


def test_set_up_with_uv(study, root, monkeypatch, capsys):
    steps = Steps(study)
    monkeypatch.setattr(study, "call", steps)
    study.set_up()
    assert steps.names == ["venv", "get uv", "uv"]
    _, (_, get_uv), (_, uv) = steps.done
    assert "--require-hashes" in get_uv
    assert Path(get_uv[-1]).read_text(encoding="utf-8") == UV_ENTRY
    assert uv[uv.index("--python") + 1] == str(study.PYTHON)
    assert {"--require-hashes", "--compile-bytecode"} < set(uv)
    assert uv[-2:] == ["-r", str(root / "requirements.lock")]
    assert study.is_ready()
    assert capsys.readouterr() == ("", "")  # not on a terminal: silent

    study.set_up()  # another start that waited finds the work done
    assert len(steps.done) == 3


def test_on_a_terminal_the_set_up_shows_what_it_does(study, monkeypatch, capsys):
    monkeypatch.setattr(study, "call", Steps(study))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    study.set_up()
    study.LOCK.write_bytes(study.LOCK.read_bytes() + b"\n")
    study.set_up()
    shown = capsys.readouterr().err.splitlines()
    assert "first use" in shown[0]
    assert [line.split()[0] for line in shown[1:5]] == ["1/3", "2/3", "3/3", "done"]
    assert "has changed" in shown[5]


def test_the_package_can_be_imported_from_anywhere(study, root, tmp_path, monkeypatch):
    monkeypatch.setattr(study, "call", Steps(study))
    (root / "analysis").mkdir()
    (root / "analysis" / "__init__.py").touch()
    study.set_up()
    question = "import analysis; print(ascii(analysis.__file__))"
    done = subprocess.run(
        [study.PYTHON, "-c", question],
        cwd=tmp_path,
        env=study.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == ascii(str(root / "analysis" / "__init__.py")), done.stderr


@needs_posix
def test_the_set_up_makes_the_command(study, root, tmp_path, monkeypatch):
    monkeypatch.setattr(study, "call", Steps(study))
    (root / "analysis").mkdir()
    (root / "analysis" / "__init__.py").touch()
    said = "import sys; print(*sys.argv[1:], sep='|'); sys.exit(7)"
    (root / "analysis" / "__main__.py").write_text(said, encoding="utf-8")
    (tmp_path / "analysis.py").write_text("raise SystemExit(77)", encoding="utf-8")
    study.set_up()
    command = [study.BIN / "topic-emphasis", "run", "two words", "é"]
    done = subprocess.run(
        command, cwd=tmp_path, env=study.environment(), capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "run|two words|é\n", "")


@pytest.mark.parametrize(
    ("failing", "entry", "expected", "said"),
    [
        (["get uv"], True, ["venv", "get uv", "venv", "pip"], "ERROR: get uv said no"),
        (["uv"], True, ["venv", "get uv", "uv", "venv", "pip"], "ERROR: uv said no"),
        ([], False, ["venv", "venv", "pip"], "not in requirements.lock"),
    ],
)
def test_pip_takes_over(study, monkeypatch, capsys, failing, entry, expected, said):
    if not entry:
        study.LOCK.write_text("attrs==26.1.0 --hash=sha256:aa\n", encoding="utf-8")
    steps = Steps(study, failing)
    monkeypatch.setattr(study, "call", steps)
    study.set_up()
    assert steps.names == expected
    pip = steps.done[-1][1]
    assert pip[0] == str(study.PYTHON)
    assert pip[-4:] == ["install", "--require-hashes", "-r", str(study.LOCK)]
    message = capsys.readouterr().err
    assert said in message
    assert message.count("\n") == 1
    assert study.is_ready()


def test_when_pip_fails_too_its_words_are_shown(study, monkeypatch, capsys):
    monkeypatch.setattr(study, "call", Steps(study, ["get uv", "pip"]))
    with pytest.raises(SystemExit) as stopped:
        study.set_up()
    assert stopped.value.code == 1
    message = capsys.readouterr().err
    assert "Check the network and the proxy settings" in message
    assert "  ERROR: pip said no\n" in message
    assert not study.STAMP.exists()


def test_a_new_set_up_starts_from_nothing(study, monkeypatch):
    pretend_ready(study)
    (study.VENV / "lib" / "old").mkdir(parents=True)
    (study.VENV / "lib" / "old" / "package.py").touch()
    study.LOCK.write_bytes(study.LOCK.read_bytes() + b"\n")
    monkeypatch.setattr(study, "call", Steps(study))
    study.set_up()
    assert not (study.VENV / "lib" / "old").exists()
    assert study.is_ready()


def test_the_stamp_goes_first(study, monkeypatch):
    """Killed while it empties .venv, and the lock file put back: that must not look complete."""
    pretend_ready(study)
    (study.VENV / "lib").mkdir()

    def killed(path):
        assert not study.STAMP.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(study.shutil, "rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        study.make_venv(None)


def test_ctrl_c_during_the_set_up(study, monkeypatch, capsys):
    steps = Steps(study)

    def interrupted(guard, *command):
        if command[0] == study.UV:
            raise KeyboardInterrupt
        return steps(guard, *command)

    monkeypatch.setattr(study, "call", interrupted)
    with pytest.raises(SystemExit) as stopped:
        study.main(["run"])
    assert stopped.value.code == 130
    assert "the next start sets up anew" in capsys.readouterr().err
    assert steps.names == ["venv", "get uv"]
    assert not study.STAMP.exists()


def test_a_second_set_up_waits_for_the_first(study, monkeypatch):
    steps = Steps(study)
    monkeypatch.setattr(study, "call", steps)
    study.VENV.mkdir()
    with study.GUARD.open("a") as held:
        assert study.locked(held)
        second = threading.Thread(target=study.set_up)
        second.start()
        second.join(0.4)
        assert second.is_alive()
        assert steps.done == []
    second.join(20)
    assert steps.names == ["venv", "get uv", "uv"]
    assert study.is_ready()


@needs_posix
def test_a_step_left_by_a_killed_start_keeps_the_lock(study):
    study.VENV.mkdir()
    begun, end = study.VENV / "begun", study.VENV / "end"
    code = f"""
        import pathlib, time
        pathlib.Path({str(begun)!r}).touch()
        while not pathlib.Path({str(end)!r}).exists():
            time.sleep(0.02)
    """
    held = study.GUARD.open("a")
    assert study.locked(held)
    command = (held, sys.executable, "-c", textwrap.dedent(code))
    step = threading.Thread(target=study.call, args=command)
    step.start()
    wait_for(begun)
    held.close()  # what the system does for a killed start
    with study.GUARD.open("a") as other:
        left_alone = study.locked(other)
        end.touch()
        step.join(20)
        assert not left_alone
        assert study.locked(other)


def test_a_step_tells_what_went_wrong(study):
    study.VENV.mkdir()
    with study.GUARD.open("a") as guard:
        assert study.call(guard, sys.executable, "-c", "print('fine')") is None
        said = study.call(guard, sys.executable, "-c", "import sys; print('a'); sys.exit('b')")
        assert said.split() == ["a", "b"]
        assert study.call(guard, sys.executable, "-c", "import os; os._exit(3)") == "exit code 3"
        assert "no-such-program" in study.call(guard, study.BIN / "no-such-program")


# The program that is started


def test_the_environment_of_the_programs(study, monkeypatch):
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH")
    for name in (*dropped, "HTTPS_PROXY", "PIP_INDEX_URL", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "x")
    given = study.environment()
    assert not set(dropped) & set(given)
    assert given["HTTPS_PROXY"] == given["PIP_INDEX_URL"] == "x"
    assert given["VIRTUAL_ENV"] == str(study.VENV)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "mine")
    first, own = study.environment()["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert own == "mine"
    page = json.loads((PROJECT / Path(first).relative_to(study.ROOT) / PAGE).read_text("utf-8"))
    assert page["disabledExtensions"] == {"@jupyterlab/apputils-extension:announcements": True}


@needs_posix
@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("run", ["-P", "-m", "analysis", "run"]),
        ("test", ["-P", "-m", "pytest"]),
        ("lab", ["-P", "-m", "jupyterlab", "--ServerApp.root_dir=ROOT",
                 "--LabApp.default_url=/lab/tree/notebooks"]),
        ("docs", ["-P", "ROOT/docs/website.py"]),
    ],
)  # fmt: skip
def test_arguments_folder_and_exit_code(study, root, tmp_path, command, expected):
    pretend_ready(study)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    passed = ["--help", "two words", "é", ""]
    done = launch(root, command, *passed, cwd=tmp_path, env=environment)
    assert done.returncode == 7
    assert done.stderr == ""
    folder, bytecode, *words = done.stdout.split("\n")[:-1]
    assert words == [word.replace("ROOT", str(root)) for word in expected] + passed
    assert folder == str(tmp_path if command == "run" else root)
    assert bytecode == "unset"


def test_where_a_program_cannot_be_replaced_its_exit_code_is_passed_on(study, monkeypatch):
    monkeypatch.setattr(study.signal, "signal", lambda *_: None)  # else pytest's Ctrl-C is off
    assert study.start([sys.executable, "-c", "raise SystemExit(9)"], replace=False) == 9


@needs_posix
@pytest.mark.parametrize("replace", [True, False])
def test_ctrl_c_is_left_to_the_program(root, replace):
    code = f"""
        import os, pathlib, sys, time
        try:
            pathlib.Path({str(root / "pid")!r}).write_text(str(os.getpid()))
            pathlib.Path({str(root / "begun")!r}).touch()
            time.sleep(30)
        except KeyboardInterrupt:
            sys.exit(42)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    starter = f"import study, sys; sys.exit(study.start({command!r}, replace={replace}))"
    program = subprocess.Popen(
        [sys.executable, "-c", starter],
        cwd=root,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # Tests that were started in the background ignore Ctrl-C, and their programs would too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for(root / "begun")
    for _ in range(20):  # Python may swallow one that comes while it cleans something up
        os.killpg(program.pid, signal.SIGINT)  # as a terminal does
        try:
            _, errors = program.communicate(timeout=2)
            break
        except subprocess.TimeoutExpired:
            continue
    assert (program.returncode, errors) == (42, b"")
    assert ((root / "pid").read_text(encoding="utf-8") == str(program.pid)) is replace


@pytest.mark.parametrize("name", ["analysis.py", "analysis/__init__.py"])
@pytest.mark.parametrize("command", ["study.py", "topic-emphasis"])
def test_an_analysis_of_the_users_own_is_not_started(tmp_path, name, command):
    """`python -m analysis` would run it; study.py and the installed command do not."""
    theirs = tmp_path / name
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("raise SystemExit(77)", encoding="utf-8")
    start = load(PROJECT, "study_of_the_project").COMMANDS["run"][:-1]  # without "run"
    if command == "topic-emphasis":  # what an installer writes for [project.scripts]
        module, _, function = SCRIPT.partition(":")
        script = tmp_path / "bin" / "topic-emphasis"
        script.parent.mkdir()
        script.write_text(f"import sys\nfrom {module} import {function}\nsys.exit({function}())")
        start = [str(script)]
    done = subprocess.run(
        [sys.executable, *start, "--help"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "run|check|tally|report|evidence|new" in done.stdout
    unsafe = [sys.executable, "-m", "analysis", "--help"]
    assert subprocess.run(unsafe, cwd=tmp_path, capture_output=True).returncode == 77
