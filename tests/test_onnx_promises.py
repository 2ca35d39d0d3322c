"""What programs that embed the ONNX engine rely on: threads, processes, batches, no network."""

from __future__ import annotations

import copy
import os
import pickle
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import LONG_MAIL, TEXTS, document_of, run_python

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
pytest.importorskip("tokenizers")

from tiny_model import make_graph, own_settings, write_model

from calmtone.model import ModelReading
from calmtone.onnx import OnnxModel, load_model
from calmtone.onnx.loading import shipped
from calmtone.onnx.session import allowed_threads, libraries, session_options

DOCUMENTS = [document_of(text) for text in (*TEXTS, "", " ", LONG_MAIL * 3)]
HERE = Path(__file__).parent
needs_fork = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="no safe fork on this system"
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A plain model, one that would mix the texts of a batch, and those that ship."""
    made = {
        "plain": write_model(tmp_path_factory.mktemp("plain")),
        "dynamic": write_model(
            tmp_path_factory.mktemp("dynamic"), graph=make_graph(dynamic=True)
        ),
        "stated": write_model(
            tmp_path_factory.mktemp("stated"), own_settings(batch_invariant=False)
        ),
    }
    return made | {files.name: files.folder for files in shipped()}


KINDS = ("plain", "dynamic", "stated", *(files.name for files in shipped()))


@pytest.fixture(params=KINDS)
def model(request: pytest.FixtureRequest, folders: dict[str, Path]) -> Iterator[OnnxModel]:
    yield load_model(folders[request.param])


def numbers(reading: ModelReading) -> list[float]:
    """All numbers of a reading in one list."""
    found = [value for logits in (reading.logits, *reading.sentences) for value in logits]
    found += [value for span in reading.spans for value in (*span[1:4], *span[4:6])]
    return [float("-inf") if value is None else float(value) for value in found]


def assert_same(first: ModelReading, second: ModelReading) -> None:
    assert [span.name for span in first.spans] == [span.name for span in second.spans]
    assert numbers(first) == pytest.approx(numbers(second), abs=1e-5)


def test_a_batch_gives_what_single_texts_give(model: OnnxModel) -> None:
    batch = model.read(DOCUMENTS)
    for document, reading in zip(DOCUMENTS, batch, strict=True):
        assert_same(reading, model.read([document])[0])
    for document, reading in zip(DOCUMENTS[::-1], model.read(DOCUMENTS[::-1]), strict=True):
        assert_same(reading, model.read([document])[0])


any_text = st.text(st.characters(), max_size=80)  # lone surrogates and control characters too


@given(st.lists(any_text | st.sampled_from(TEXTS), max_size=8))
def test_no_text_breaks_a_batch(folders: dict[str, Path], texts: list[str]) -> None:
    model = _plain(folders)
    documents = [document_of(text) for text in texts]
    for document, reading in zip(documents, model.read(documents), strict=True):
        assert_same(reading, model.read([document])[0])
        assert len(reading.sentences) == len(document.sentences)
        for span in reading.spans:
            words = document.text[span.start : span.end]
            assert words.strip() == words != ""


_MODELS: dict[Path, OnnxModel] = {}


def _plain(folders: dict[str, Path]) -> OnnxModel:
    folder = folders["plain"]
    return _MODELS.setdefault(folder, _MODELS.get(folder) or load_model(folder))


def test_models_that_would_mix_a_batch_run_their_texts_alone(
    folders: dict[str, Path],
) -> None:
    assert load_model(folders["dynamic"]).runs_alone
    assert load_model(folders["stated"]).runs_alone
    assert not load_model(folders["plain"]).runs_alone


def test_threads_may_share_a_model(model: OnnxModel) -> None:
    expected = model.read(DOCUMENTS)
    again = pickle.loads(pickle.dumps(model))
    start = Barrier(8)

    def work(turn: int) -> list[ModelReading]:
        start.wait()
        turned = DOCUMENTS[turn:] + DOCUMENTS[:turn]
        return [again.read([document])[0] for document in turned]

    with ThreadPoolExecutor(8) as pool:
        for turn, found in enumerate(pool.map(work, range(8))):
            for reading, right in zip(found, expected[turn:] + expected[:turn], strict=True):
                assert_same(reading, right)


def test_a_model_can_be_sent(model: OnnxModel) -> None:
    for again in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert (again.name, again.hash) == (model.name, model.hash)
        assert again.read(DOCUMENTS) == model.read(DOCUMENTS)


def test_what_was_given_goes_along(tmp_path: Path) -> None:
    config = {"id2label": {"0": "rude", "1": "evasive", "2": "kind"}}
    folder = write_model(tmp_path / "model", config=config)
    model = load_model(folder, labels={"rude": "hostility", "*": None}, threads=1)
    again = pickle.loads(pickle.dumps(model))
    assert again.read(DOCUMENTS[:3]) == model.read(DOCUMENTS[:3])


# Processes

PROCESSES = """
import multiprocessing, os, sys, threading
sys.path.insert(0, {here!r})
from calmtone.onnx import load_model
from support import TEXTS, document_of
def work(model, texts):
    return [model.read([document_of(text)])[0].logits for text in texts]
def told(model, texts, queue):
    queue.put(work(model, texts))
if __name__ == "__main__":
    model = load_model({folder!r}, threads={threads})
    here = work(model, TEXTS)
    context = multiprocessing.get_context({method!r})
    queue = context.Queue()
    children = [context.Process(target=told, args=(model, TEXTS, queue)) for _ in range(2)]
    for child in children:
        child.start()
    for _ in children:
        assert queue.get(timeout=90) == here
    for child in children:
        child.join(30)
        assert child.exitcode == 0, child.exitcode
    print("equal")
"""


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("method", ["spawn", pytest.param("fork", marks=needs_fork)])
def test_processes(folders: dict[str, Path], tmp_path: Path, method: str, threads: int) -> None:
    script = tmp_path / "processes.py"
    folder = str(folders["plain"])
    values = {"here": str(HERE), "folder": folder, "method": method, "threads": threads}
    script.write_text(PROCESSES.format(**values), encoding="utf-8")
    command = f"[sys.executable, {str(script)!r}]"
    assert (
        run_python(
            "import subprocess, sys\n"
            f"print(subprocess.run({command}, check=True, stdout=-1).stdout.decode())"
        ).strip()
        == "equal"
    )


FORK = """
import os, sys, threading, time
sys.path.insert(0, {here!r})
from calmtone.onnx import load_model
from support import TEXTS, document_of
model = load_model({folder!r}, threads=2)
documents = [document_of(text) for text in TEXTS]
expected = [reading.logits for reading in model.read(documents)]
holder = model._holder
before = holder.loaded()
stop = False
def busy():
    while not stop:
        model.read(documents)
thread = threading.Thread(target=busy)
thread.start()
holder._lock.acquire()  # a thread of the parent is in the middle of loading
children = []
for _ in range(4):
    child = os.fork()
    if child == 0:
        fresh = [reading.logits for reading in model.read(documents)] == expected
        made = holder.loaded() is not before
        sys.stdout.flush()
        sys.exit(0 if fresh and made else 1)
    children.append(child)
holder._lock.release()
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
stop = True
thread.join()
assert holder.loaded() is before
print(codes)
"""


@needs_fork
def test_a_fork_makes_its_own_session(folders: dict[str, Path]) -> None:
    """Even while other threads of the parent read and load, and through a normal exit."""
    script = FORK.format(here=str(HERE), folder=str(folders["plain"]))
    code = f"import warnings; warnings.simplefilter('ignore')\n{script}"
    assert run_python(code).strip() == "[0, 0, 0, 0]"


def test_results_do_not_depend_on_the_process(folders: dict[str, Path]) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(HERE)!r})\n"
        "from calmtone.onnx import load_model\nfrom support import TEXTS, document_of\n"
        f"model = load_model({str(folders['plain'])!r})\n"
        "print([reading for reading in model.read([document_of(text) for text in TEXTS])])"
    )
    documents = [document_of(text) for text in TEXTS]
    expected = repr(load_model(folders["plain"]).read(documents))
    assert run_python(code).strip() == expected
    assert run_python(code, "-OO").strip() == expected


# Threads of the machine


def test_no_more_threads_than_the_process_may_use() -> None:
    if hasattr(os, "sched_getaffinity"):
        available = len(os.sched_getaffinity(0))
    else:
        available = os.cpu_count() or 1
    assert allowed_threads(1) == 1
    assert allowed_threads(10_000) == available
    assert allowed_threads(0) == 1


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity here")
def test_the_affinity_of_the_process_counts() -> None:
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "from calmtone.onnx.session import allowed_threads\nprint(allowed_threads(8))"
    )
    assert run_python(code).strip() == "1"


def test_a_session_keeps_to_its_threads_and_its_memory() -> None:
    options = session_options(libraries()[0], 1)
    assert options.intra_op_num_threads == 1
    assert options.inter_op_num_threads == 1
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    assert not options.enable_mem_pattern


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no /proc here")
def test_one_thread_is_one_thread(folders: dict[str, Path]) -> None:
    """Reading many texts starts no thread, neither of onnxruntime nor of tokenizers."""
    code = (
        f"import os, sys; sys.path.insert(0, {str(HERE)!r})\n"
        "from calmtone.onnx import load_model\nfrom support import TEXTS, document_of\n"
        f"model = load_model({str(folders['plain'])!r})\n"
        "before = len(os.listdir('/proc/self/task'))\n"
        "model.read([document_of(text) for text in TEXTS] * 20)\n"
        "print(len(os.listdir('/proc/self/task')) - before)"
    )
    assert run_python(code).strip() == "0"


# The outside world

CLOSED = """
import sys
sys.path.insert(0, {here!r})
from support import GUARD, TEXTS, document_of
exec(GUARD)
from calmtone.onnx import load_model
model = load_model({folder!r})
model.read([document_of(text) for text in TEXTS])
import socket
try:
    socket.create_connection(("127.0.0.1", 9))
except RuntimeError:
    print("guarded", "huggingface_hub" in sys.modules)
"""


def test_a_folder_needs_no_network(folders: dict[str, Path]) -> None:
    code = CLOSED.format(here=str(HERE), folder=str(folders["plain"]))
    assert run_python(code).strip() == "guarded False"


def test_nothing_is_loaded_before_a_model_is() -> None:
    code = (
        "import sys, calmtone.onnx, calmtone.model, calmtone.blending\n"
        "print({'onnxruntime', 'tokenizers', 'huggingface_hub', 'numpy'} & set(sys.modules))"
    )
    assert run_python(code).strip() == "set()"


def test_the_library_reports_to_nobody(folders: dict[str, Path], tmp_path: Path) -> None:
    """Neither files that onnxruntime would keep of the machine, nor its thread for sending."""
    code = (
        f"import os, sys; sys.path.insert(0, {str(HERE)!r})\n"
        "for name in ('XDG_CACHE_HOME', 'XDG_DATA_HOME', 'ORT_DISABLE_TELEMETRY'):\n"
        "    os.environ.pop(name, None)\n"
        f"os.environ['HOME'] = os.environ['USERPROFILE'] = {str(tmp_path)!r}\n"
        "import numpy, tokenizers\n"
        "count = lambda: len(os.listdir('/proc/self/task')) if os.path.exists('/proc') else 0\n"
        "before = count()\n"
        "from calmtone.onnx import load_model\nfrom support import TEXTS, document_of\n"
        f"model = load_model({str(folders['plain'])!r})\n"
        "model.read([document_of(text) for text in TEXTS])\n"
        "print(count() - before)"
    )
    assert run_python(code).strip() == "0"
    assert list(tmp_path.iterdir()) == []
