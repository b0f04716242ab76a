"""What hostile input cannot do: each sentence of SECURITY.md has its test; some stand here."""

import ast
import io
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

from analysis import InputError, read_articles, read_language
from tests import ROOT, TEMPLATE
from tests.corpus.readers.archives_by_hand import nexis_paragraphs, word

SOURCES = [*(ROOT / "analysis").rglob("*.py"), ROOT / "study.py"]
# What would run, load as code or unpack to the disk what a file says.
FORBIDDEN = re.compile(
    r"""^(eval|exec|compile|__import__|input|os\.(system|popen)|.*\bunsafe_load|.*\.load_all
    |(pickle|marshal|shelve|dill|cloudpickle|joblib)\.(loads?|open|Unpickler)|.*\bread_pickle
    |.*\.extract(all)?|.*\.unpack_archive|.*\bentry_points|ctypes\..*|pd\.read_html)$""",
    re.VERBOSE,
)

# The C library of the process itself is asked to give memory back, by a name that stands there.
ALLOWED = {"kept.py": ["ctypes.CDLL(None)"]}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_nothing_is_unpickled_or_evaluated(source):
    tree = ast.parse(source.read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = [ast.unparse(call) for call in calls if FORBIDDEN.match(ast.unparse(call.func))]
    assert found == ALLOWED.get(source.name, [])
    said = {(key.arg, ast.unparse(key.value)) for call in calls for key in call.keywords}
    assert not {("shell", "True"), ("allow_pickle", "True"), ("resolve_entities", "True")} & said
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    network = {"requests", "httpx", "aiohttp", "http", "socket", "ftplib", "smtplib", "urllib3"}
    assert not imported & ({"pickle", "marshal", "shelve", "dill"} | network)


def test_what_is_forbidden_is_known():
    for name in ("eval", "pickle.loads", "pd.read_pickle", "packed.extractall", "os.system"):
        assert FORBIDDEN.match(name)
    assert not any(map(FORBIDDEN.match, ("re.compile", "json.load", "tomllib.loads")))


@pytest.mark.parametrize("name", ["../out.docx", "/out.docx", "..\\out.docx", "a/../../out.docx"])
def test_names_in_an_archive_lead_nowhere(tmp_path, name):
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / "c.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(name, word(nexis_paragraphs()))
    try:
        assert len(read_articles(path)) > 1
    except InputError as error:
        assert str(path) in str(error)
    assert sorted(tmp_path.rglob("*")) == [folder, path]


def test_a_zip_in_a_zip_is_not_unpacked(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as packed:
        packed.writestr("a.docx", word(nexis_paragraphs()))
    path = tmp_path / "c.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("b.zip", inner.getvalue())
    with pytest.raises(InputError, match=r"'b\.zip' in it is no article"):
        read_articles(path)


@pytest.mark.parametrize(
    "template",
    ["{{ ''.__class__.__mro__ }}", "{{ items.append }}", "{{ cycler.__init__.__globals__ }}",
     "{% include '/etc/passwd' %}", "{{ range(10**9)|list }}"],
)  # fmt: skip
def test_a_wording_reaches_nothing(template):
    made = read_language().environment()
    with pytest.raises(Exception, match=r"unsafe|undefined|no loader|Range too big|has no attrib"):
        made.from_string(template).render(items=[1])


# Told of by the interpreter itself, whichever package does it.
WATCHED = """
import os, sys
home, allowed = os.path.realpath(sys.argv[1]), ("/dev/",)
def watch(event, values):
    if event.startswith(("socket.", "urllib.", "ftplib.", "smtplib.", "subprocess.", "os.exec",
                         "os.system", "os.posix_spawn", "pty.", "webbrowser.")):
        os.write(2, f"{event} {values}\\n".encode()); os._exit(7)
    if event == "open" and isinstance(values[0], (str, bytes)) and values[2] & (
            os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        path = os.path.realpath(os.fsdecode(values[0]))
        if not path.startswith((home, *allowed)):
            os.write(2, f"{event} {path}\\n".encode()); os._exit(8)
import matplotlib.font_manager  # which may write its list of the fonts of a machine
from analysis.__main__ import main
sys.dont_write_bytecode = True
sys.addaudithook(watch)
sys.exit(main(["run", "--no-notebooks", home + "/study.toml"]))
"""


def watched(home, code=WATCHED):
    command = [sys.executable, "-P", "-c", code, str(home)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_a_study_runs_where_no_socket_can_be_opened(tmp_path):
    """Nor a program started, nor a file written outside its folder."""
    home = shutil.copytree(TEMPLATE, tmp_path / "study")
    done = watched(home)
    assert (done.returncode, done.stderr) == (0, "")
    assert (home / "figures/report.html").exists()


@pytest.mark.parametrize(
    ("deed", "code"),
    [("import socket; socket.create_connection(('127.0.0.1', 9))", 7),
     ("import os; os.system('true')", 7), ("open(home + '/../out', 'w')", 8)],
)  # fmt: skip
def test_the_watch_sees(tmp_path, deed, code):
    spoilt = WATCHED.replace("sys.exit(main(", f"{deed}\nsys.exit(main(")
    assert watched(tmp_path, spoilt).returncode == code


def test_every_sentence_has_its_test():
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    rows = re.findall(r"^\| (?!---|what )(.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert len(rows) > 25
    for sentence, tests in rows:
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", tests)
        assert named, sentence
        for file, test in named:
            assert f"def {test}(" in (ROOT / "tests" / file).read_text("utf-8"), test
