"""The tiers that this machine offers: what a kernel can do behind them, what it cannot, and that nothing is left of it."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from processes import lives, of_user

from autograder.errors import AssignmentError, HarnessError
from autograder.kernel.conversation import Message
from autograder.kernel.inside.entering import landlock_version
from autograder.kernel.isolation import bubblewrap, calls, container, leavings, memory, starting
from autograder.kernel.isolation.choice import TIERS, Offer, choose, offer, sandbox
from autograder.kernel.isolation.leavings import owned_prefix
from autograder.kernel.isolation.pinned import PinnedSockets
from autograder.kernel.isolation.plain import ProcessTree
from autograder.kernel.isolation.sandbox import Limits
from autograder.kernel.isolation.slots import own_user
from autograder.kernel.isolation.stored import stored_mb
from autograder.kernel.isolation.user import STORED_MB
from autograder.kernel.start import Kernel, empty_run_folder, run_folder, start_kernel, sweep
from autograder.kernel.warm import WarmStart, warm_start

COURSE = Path(__file__).parent / "second_assignment" / "course"
LIMITS = """
import resource
print([resource.getrlimit(getattr(resource, name))[1] for name in ("RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_CORE")])
"""
FORK_BOMB = """
import os, time
count = 0
try:
    while count < 1000:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        count += 1
except OSError as error:
    print(count, type(error).__name__)
"""
GREEDY_CHILDREN = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        x = bytearray(os.urandom(1 << 20)) * 200
        time.sleep(300)
time.sleep(100)
print("still there")
"""
GREEDY_CHILD = """
import mmap, os, time
if os.fork() == 0:
    shared = mmap.mmap(-1, 600 << 20)
    for _ in range(600):
        shared.write(bytes(1 << 20))
time.sleep(100)
print("still there")
"""
DAEMONS = """
import os, time
for _ in range(3):
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(300)
        os._exit(0)
    os.waitpid(child, 0)
print(os.getuid())
"""
KILLS_EVERYBODY = """
import os, time
if os.fork() == 0:
    os.setsid()
    while True:
        try:
            os.kill(-1, {signal})
        except ProcessLookupError:
            time.sleep(0)
time.sleep(60)
"""
NAMED_FILES = """
for folder in (".", "/dev/shm"):
    for number in range(40):
        with open(f"{folder}/flood{number}", "wb") as file:
            for _ in range(4):
                file.write(b"x" * (32 << 20))
print("still there")
"""
NAMELESS_FILES = """
import os
kept = []
for number in range(40):
    kept.append(open(f"flood{number}", "wb"))
    os.unlink(f"flood{number}")
    for _ in range(4):
        kept[-1].write(b"x" * (32 << 20))
print("still there")
"""
ORPHANS = """
import subprocess
loop = "n=0; while [ $n -lt 300 ]; do (true &); n=$((n + 1)); done; echo $n"
print(subprocess.run(["sh", "-c", loop], capture_output=True, text=True).stdout)
"""
FLOODS_FROM_THE_START = """
import os
place = os.environ["IPYTHONDIR"] + "/profile_default/startup"
os.makedirs(place, exist_ok=True)
with open(place + "/00.py", "w") as startup:
    startup.write('''
import threading, zmq
from ipykernel.kernelapp import IPKernelApp
socket = IPKernelApp.instance().iopub_socket.io_thread.socket
def flood():
    while True:
        try:
            socket.send_multipart([b"x"] * 4, zmq.NOBLOCK)
        except Exception:
            pass
for _ in range(4):
    threading.Thread(target=flood, daemon=True).start()
''')
"""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the tiers are Linux's")


@pytest.fixture(scope="module")
def forked() -> Iterator[WarmStart]:
    with warm_start(COURSE) as starter:
        yield starter


@pytest.fixture(params=["cold", "warm"])
def starter(request: pytest.FixtureRequest) -> WarmStart | None:
    return request.getfixturevalue("forked") if request.param == "warm" else None


@pytest.fixture(params=TIERS[:-1])
def tier(request: pytest.FixtureRequest) -> str:
    found = offer(request.param)
    if not found.available:
        pytest.skip(f"{request.param}: {found.reason}")
    return str(request.param)


@contextmanager
def kernel_in(tier: str, starter: WarmStart | None, limits: Limits | None = None) -> Iterator[tuple[Kernel, Path]]:
    limits = limits or Limits(memory_mb=1000)
    with run_folder(COURSE, None) as folder, sandbox(tier, starter).room(folder, limits) as room:
        kernel = start_kernel(room, folder, 0, limits.memory_mb)
        try:
            yield kernel, folder
        finally:
            kernel.close()


def said(kernel: Kernel, code: str, seconds: float = 120) -> str:
    texts: list[str] = []

    def listen(message: Message) -> bool:
        content = message.content()
        if message.kind == "stream":
            texts.append(str(content["text"]))
        if message.kind == "error":
            texts.append(f"{content['ename']}: {content['evalue']}")
        return True

    kernel.conversation.execute(code, time.monotonic() + seconds, listen)
    return "".join(texts).strip()


def tried(kernel: Kernel, *expressions: str) -> dict[str, str]:
    """What each expression gave: "allowed", or the name of the error."""
    code = (
        "import json, os, resource, socket, subprocess, sys\nfound = {}\n"
        f"for tried in {expressions!r}:\n"
        "    try:\n        eval(tried)\n        found[tried] = 'allowed'\n"
        "    except Exception as error:\n        found[tried] = type(error).__name__\n"
        "print(json.dumps(found))"
    )
    return dict(json.loads(said(kernel, code)))


def test_a_kernel_can_work_and_nothing_else(tier: str, starter: WarmStart | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may compute, write to its own folders and start processes; the grader's files, secrets, processes and network are out of reach."""
    monkeypatch.setenv("GRADER_SECRET", "canary")
    secret = tmp_path / "secret.txt"
    secret.write_text("canary", encoding="utf-8")
    tmp_path.chmod(0o700)
    grader = os.getpid()
    with kernel_in(tier, starter) as (kernel, folder):
        allowed = (
            "open('own.txt', 'w').write('x')",
            "open(os.environ['HOME'] + '/x', 'w').write('x')",
            "__import__('tempfile').TemporaryFile().write(b'x')",
            "subprocess.run([sys.executable, '-c', 'import json'], check=True)",
            "__import__('multiprocessing').get_context('fork').Pool(2).map(abs, [1, -1])",
            "__import__('torch').ones(3).sum().item()",
        )
        forbidden = (
            f"open({str(secret)!r}).read()",
            f"open('/proc/{grader}/environ').read()",
            f"open('/proc/{grader}/mem', 'rb')",
            f"os.kill({grader}, 0)",
            f"open({str(Path(__file__))!r}).read()",
            "open('/etc/shadow').read()",
            "open('../inside/course/new.py', 'w')",
            "open('../new', 'w')",
            "open(sys.prefix + '/new', 'w')",
            "open('/new', 'w')",
            "socket.create_connection(('192.0.2.1', 80), 1)",
            "socket.create_connection(('127.0.0.1', 22), 1)",
            "subprocess.run(['unshare', '--user', 'true'], check=True, stderr=-3)",
            "os.setuid(0)",
            "os.mkdir('/sys/fs/cgroup/new')",
        )
        found = tried(kernel, *allowed, *forbidden)
        assert {name: found[name] for name in allowed} == dict.fromkeys(allowed, "allowed")
        assert [name for name in forbidden if found[name] == "allowed"] == []
        code = "print(dict(os.environ)); print(open('/proc/self/environ').read())"
        assert "canary" not in said(kernel, f"import os, glob\n{code}")
        assert not (folder / "inside" / "course" / "new.py").exists()


def test_listeners_of_this_machine_hear_nothing(tier: str, starter: WarmStart | None) -> None:
    """Neither TCP on the loopback nor an abstract socket of another process can be reached."""
    with socket.socket() as tcp, socket.socket(socket.AF_UNIX) as abstract:
        tcp.bind(("127.0.0.1", 0))
        name = f"\0autograder-canary-{os.getpid()}"
        abstract.bind(name)
        for listener in (tcp, abstract):
            listener.listen()
            listener.setblocking(False)
        calls = [f"socket.create_connection({tcp.getsockname()!r}, 1)", f"socket.socket(socket.AF_UNIX).connect({name!r})"]
        with kernel_in(tier, starter) as (kernel, _):
            found = tried(kernel, *calls)
        reachable = tier == "user" and landlock_version() < 6  # older ones do not keep abstract sockets apart
        assert "allowed" not in list(found.values())[: 1 if reachable else 2]
        with pytest.raises(BlockingIOError):
            tcp.accept()
        if not reachable:
            with pytest.raises(BlockingIOError):
                abstract.accept()


def test_everything_is_bounded(tier: str, starter: WarmStart | None) -> None:
    """Memory, processes and open files have limits; what goes over them is an error of the notebook's, or the end of its kernel."""
    with kernel_in(tier, starter, Limits(memory_mb=600)) as (kernel, _):
        assert said(kernel, "x = bytearray(2 << 30)").startswith("MemoryError")
        assert said(kernel, LIMITS) == "[256, 1024, 0]"
        count, error = said(kernel, FORK_BOMB).split()
        assert int(count) < 256
        assert error == "BlockingIOError"


@pytest.mark.parametrize("tier", ["bubblewrap", "container"])
def test_what_is_written_is_bounded_too(tier: str, forked: WarmStart) -> None:
    """The work folder is in memory and full at its size; the machine's disk is never touched."""
    if not offer(tier).available:
        pytest.skip(f"{tier}: {offer(tier).reason}")
    code = "written = 0\ntry:\n    for n in range(10):\n        open(f'f{n}', 'wb').write(bytes(100 << 20)); written += 1\n"
    code += "except OSError as error:\n    print(written, error.strerror)"
    with kernel_in(tier, forked, Limits(memory_mb=2000)) as (kernel, folder):
        assert said(kernel, code) == "5 No space left on device"
        assert list((folder / "work").iterdir()) == []


def test_memory_of_all_processes_together_is_bounded(tier: str, forked: WarmStart) -> None:
    """Several processes that each stay below the limit are ended when their sum is over it, and it is known why."""
    with kernel_in(tier, forked, Limits(memory_mb=400)) as (kernel, _):
        assert said(kernel, GREEDY_CHILDREN) == ""
        assert kernel.out_of_memory()


def test_a_process_that_the_system_kills_for_memory_ends_its_kernel_and_not_the_next(
    tier: str, forked: WarmStart, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which process the system kills is chance, so that none of them goes on; also where no look was in time."""
    with memory.memory_group(100) as group:
        if group is None:
            pytest.skip("no control groups may be made here")
    monkeypatch.setattr(ProcessTree, "memory_mb", lambda self: 0.0)
    limits = Limits(memory_mb=400)
    with run_folder(COURSE, None) as folder, sandbox(tier, forked).room(folder, limits) as room:
        for number, (code, expected) in enumerate([(GREEDY_CHILD, ""), ("import time; time.sleep(2); print('here')", "here")]):
            kernel = start_kernel(room, folder, number, limits.memory_mb)
            try:
                assert said(kernel, code) == expected
                assert kernel.out_of_memory() == ("" if expected else "more than 400 MB of memory")
            finally:
                kernel.close()


def test_nothing_is_left(tier: str, starter: WarmStart | None) -> None:
    """Daemons, their children, sockets, folders and control groups are gone when the kernel and its room are."""
    before = _groups()
    with kernel_in(tier, starter) as (kernel, folder):
        user = int(said(kernel, DAEMONS))
        members = kernel.confined.members()  # type: ignore[attr-defined]
        assert len(members) >= 4
        # Looked for now, because another grader may be given the user as soon as it is free.
        members += of_user(user) if os.geteuid() == 0 else []
    assert not [process for process in members if lives(process)]
    assert not folder.exists()
    assert _groups() == before


def _groups() -> list[Path]:
    parent = memory._parent()
    return sorted(parent.glob(f"autograder-{os.getpid()}-*")) if parent else []


def test_files_outlive_a_kernel_but_not_its_room(tier: str, forked: WarmStart) -> None:
    """The second kernel of a submission finds what the first one wrote; another submission does not."""
    for again in (True, False):
        limits = Limits(memory_mb=1000)
        with run_folder(COURSE, None) as folder, sandbox(tier, forked).room(folder, limits) as room:
            first = start_kernel(room, folder, 0, limits.memory_mb)
            assert said(first, "import os; print(os.path.exists('kept'))") == "False"
            said(first, "open('kept', 'w').write('x'); os._exit(0)" if again else "open('kept', 'w').write('x')")
            first.close()
            second = start_kernel(room, folder, 1, limits.memory_mb)
            assert said(second, "import os; print(os.path.exists('kept'))") == "True"
            second.close()


def test_a_kernel_that_can_read_what_it_must_not_is_never_started(tier: str, starter: WarmStart | None) -> None:
    """The walls are tried by each kernel before student code runs in it."""
    with (
        empty_run_folder() as folder,
        sandbox(tier, starter, [Path(os.__file__)]).room(folder, Limits()) as room,
        pytest.raises(HarnessError, match="can be read"),
    ):
        room.launch(["--help"])


def test_two_submissions_have_two_users() -> None:
    """With root, submissions that are graded at the same time never share a user; without root there is one."""
    with (
        empty_run_folder() as one,
        empty_run_folder() as other,
        own_user(one, writable=True) as first,
        own_user(other, writable=True) as second,
    ):
        assert (first is None and second is None) if os.geteuid() else first != second


def test_a_tier_that_is_not_to_be_had_is_an_error_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for bubblewrap where it is absent never gives anything else."""
    offer.cache_clear()
    monkeypatch.setattr(bubblewrap, "program", lambda: None)
    try:
        with pytest.raises(AssignmentError, match=r"--isolation bubblewrap: .*install the package `bubblewrap`"):
            choose("bubblewrap")
        assert choose("auto") != "bubblewrap"
        assert choose("none") == "none"
    finally:
        offer.cache_clear()


def test_namespaces_that_the_system_refuses_are_said_and_another_tier_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """bubblewrap is installed, but may not make namespaces, as on some systems for users without root."""
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n", encoding="utf-8")
    refusing.chmod(0o755)
    offer.cache_clear()
    monkeypatch.setattr(bubblewrap, "program", lambda: str(refusing))
    try:
        with pytest.raises(AssignmentError, match=r"--isolation bubblewrap: .*setting up uid map: Permission denied.*AppArmor"):
            choose("bubblewrap")
        assert choose("auto") in TIERS[1:]
    finally:
        offer.cache_clear()


def test_a_root_who_may_not_do_all_that_root_may_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container without the right to give files to another user, the tier `user` is not to be had; nothing is raised."""
    if os.geteuid() or not calls.available():
        pytest.skip("needs root and libseccomp: only then is the tier tried")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    offer.cache_clear()
    monkeypatch.setattr(os, "chown", refused)
    try:
        with pytest.raises(AssignmentError, match=r"--isolation user: .*Operation not permitted"):
            choose("user")
    finally:
        offer.cache_clear()


@pytest.mark.parametrize("name", ["with spaces and 'quotes'", "linked", "l" * 80])
def test_kernels_run_wherever_temporary_files_lie(tier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """In folders with odd names, behind a link, and where the name is too long for a socket."""
    place = tmp_path / name
    if name == "linked":
        (tmp_path / "real").mkdir()
        place.symlink_to(tmp_path / "real")
    else:
        place.mkdir()
    above = [folder for folder in tmp_path.parents if Path(tempfile.gettempdir()) in folder.parents]  # one more with parallel tests
    for folder in (*above, tmp_path.parent.parent, tmp_path.parent, tmp_path, place):
        folder.chmod(0o711)
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    with kernel_in(tier, None) as (kernel, _):
        assert said(kernel, "print(6 * 7)") == "42"
    assert not list(place.iterdir())


def test_many_submissions_in_a_row_leave_nothing_open(tier: str, forked: WarmStart) -> None:
    """Neither descriptors nor threads, groups or mounts grow with the number of submissions."""

    def present() -> tuple[int, ...]:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8").count(f"/ag-{os.getpid()}-")
        return (len(os.listdir("/proc/self/fd")), threading.active_count(), len(_groups()), mounts)

    seen = []
    for _ in range(6):
        with kernel_in(tier, forked) as (kernel, _):
            assert said(kernel, "print(1)") == "1"
        seen.append(present())
    assert seen[-1] == seen[1]


def test_checks_that_lie_where_every_kernel_may_read_are_refused() -> None:
    """A checkout inside of the system's folders would be open to students."""
    assert "move it elsewhere" in offer("bubblewrap", (Path(os.__file__),)).reason or bubblewrap.program() is None
    assert isinstance(offer("none"), Offer)


def test_the_filter_is_a_program_of_its_own() -> None:
    """With and without the network it is another one; each is a whole number of instructions."""
    if not calls.available():
        pytest.skip("libseccomp is not installed")
    assert calls.call_filter(network=True) != calls.call_filter(network=False)


def test_folders_nested_deeper_than_python_can_follow_are_removed() -> None:
    """A run folder goes away whatever was written into it."""
    with empty_run_folder() as folder:
        here = os.getcwd()
        try:
            os.chdir(folder / "work")
            for _ in range(1500):
                os.mkdir("deeper")
                os.chdir("deeper")
        finally:
            os.chdir(here)
    assert not folder.exists()


def test_a_temporary_folder_that_would_cut_a_search_path_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a colon in its name, what a kernel may import would not be found."""
    odd = tmp_path / "a:b"
    odd.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(odd))
    with empty_run_folder() as folder:
        assert ":" not in str(folder)


def test_what_a_killed_grader_left_is_swept_away() -> None:
    """A run folder and a control group of a process that is gone are removed, those of one that runs are not."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    with empty_run_folder() as own:
        left = own.parent / f"ag-{gone.pid}-left"
        (left / "work").mkdir(parents=True)
        with memory.memory_group(100) as group:
            if group is not None:
                group.with_name(f"autograder-{gone.pid}-0").mkdir()
            sweep()
            assert group is None or (group.exists() and not group.with_name(f"autograder-{gone.pid}-0").exists())
        assert own.exists()
        assert not left.exists()


def test_containers_of_a_killed_grader_are_swept_away() -> None:
    """One that was made and never begun is removed, unless its grader is still there."""
    program = container.engine()
    if program is None or not offer("container").available:
        pytest.skip(f"container: {offer('container').reason}")
    gone = subprocess.Popen(["true"])
    gone.wait()
    names = {owner: f"autograder-{owner}-{os.getpid():08x}" for owner in (gone.pid, os.getpid())}
    try:
        for name in names.values():
            subprocess.run([program, "create", "--name", name, "localhost/autograder-walls:1", "true"], check=True, capture_output=True)
        container.sweep()
        there = subprocess.run(
            [program, "ps", "--all", "--format", "{{.Names}}"], check=True, capture_output=True, text=True
        ).stdout.split()
        assert (names[gone.pid] in there, names[os.getpid()] in there) == (False, True)
    finally:
        subprocess.run([program, "rm", "--force", "--ignore", *names.values()], check=False, capture_output=True)


def test_folders_of_a_killed_grader_are_swept_away_wherever_it_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Submissions are unpacked where temporary files go, also where no run folder could be made; what is there of others stays."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    place = tmp_path / "a:b"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    left, own, others = place / f"ag-{gone.pid}-unpacked", place / f"{owned_prefix()}unpacked", place / "ag-mine"
    for folder in (left, own, others):
        folder.mkdir()
    sweep()
    assert sorted(place.iterdir()) == sorted([own, others])


def test_what_another_grader_is_sweeping_away_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two that begin at once after a third was killed, each finds folders that the other removes."""
    for number in range(3):
        (tmp_path / f"ag-{number}-left").mkdir()

    def gone_meanwhile(_: int) -> bool:
        for folder in tmp_path.iterdir():
            folder.rmdir()
        return False

    monkeypatch.setattr(leavings.psutil, "pid_exists", gone_meanwhile)
    leavings.sweep(tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_kills_everybody_is_ended_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Processes that kill or stop all others of their user cannot do so to what ends them, also on a system without Landlock."""
    if not offer("user").available:
        pytest.skip(f"user: {offer('user').reason}")
    without = tmp_path / "entering.py"
    without.write_text(starting.ENTERING.read_text(encoding="utf-8").replace("= landlock_version()", "= 0"), encoding="utf-8")
    monkeypatch.setattr(starting, "ENTERING", without)
    for signal in (9, 19):
        with kernel_in("user", None) as (kernel, _):
            user = int(said(kernel, "import os; print(os.getuid())"))
            said(kernel, KILLS_EVERYBODY.format(signal=signal), 2)
            own = of_user(user)  # which another grader may be given as soon as it is free
            assert own
        assert not [process for process in own if lives(process)]


def test_what_outlives_processes_cannot_be_made(tier: str, forked: WarmStart) -> None:
    """Shared memory, queues and semaphores of System V, and queues of POSIX."""
    with kernel_in(tier, forked) as (kernel, _):
        code = "import ctypes\nsystem = ctypes.CDLL(None)\n"
        code += "print(system.shmget(7, 1 << 20, 0o1666), system.msgget(7, 0o1666), system.semget(7, 1, 0o1666), "
        assert said(kernel, code + "system.mq_open(b'/made', 0o102, 0o666, None))") == "-1 -1 -1 -1"


def test_memory_that_belongs_to_no_process_cannot_be_made(tier: str, forked: WarmStart) -> None:
    """Anonymous files in memory would be counted by a control group only; what honest code does with shared memory works."""
    with kernel_in(tier, forked) as (kernel, _):
        found = tried(kernel, "os.memfd_create('x')", "__import__('torch').ones(3).share_memory_()")
        assert list(found.values()) == ["OSError", "allowed"]


@pytest.mark.parametrize("code", [NAMED_FILES, NAMELESS_FILES], ids=["with names", "without names"])
def test_what_is_stored_on_the_machine_is_bounded(forked: WarmStart, code: str) -> None:
    """In the tier `user`, whoever fills the disk or the machine's shared memory is ended, and nothing of it stays."""
    if not offer("user").available:
        pytest.skip(f"user: {offer('user').reason}")
    with kernel_in("user", forked) as (kernel, folder):
        owner = int(said(kernel, "import os; print(os.getuid())"))
        assert said(kernel, code, 60) == ""
        assert not kernel.confined.alive()
        assert stored_mb(owner, [folder, "/dev/shm"]) < 3 * STORED_MB
    assert stored_mb(owner, ["/dev/shm", "/tmp"]) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files away")
def test_what_is_stored_counts_once(tmp_path: Path) -> None:
    """Two names of a file are one file; other people's files and what links lead to count never, and there is an end of counting."""
    owner, folder = 20600, tmp_path / "own"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "file").write_bytes(bytes(3 << 20))
    (tmp_path / "other").write_bytes(bytes(5 << 20))
    (folder / "link").symlink_to(tmp_path)
    for path in (folder, folder / "deep", folder / "deep" / "file", tmp_path / "other"):
        os.chown(path, owner, owner)
    os.link(folder / "deep" / "file", folder / "again")
    (folder / "of somebody else").write_bytes(bytes(7 << 20))
    assert 3 <= stored_mb(owner, [folder]) < 3.1
    assert stored_mb(owner, [folder], most_files=1) == float("inf")


def test_no_folder_in_memory_is_without_a_bound(tier: str, forked: WarmStart) -> None:
    """Whatever may be written to has a size."""
    if tier == "user":
        pytest.skip("this tier writes to the machine's disk")
    with kernel_in(tier, forked) as (kernel, _):
        code = "import os\nfor line in open('/proc/self/mountinfo'):\n"
        code += "    if ' - tmpfs ' in line and os.access(line.split()[4], os.W_OK): print(line, end='')"
        writable = said(kernel, code).splitlines()
        assert len(writable) >= 4
        assert [line for line in writable if "size=" not in line.rpartition(" - ")[2]] == []


def test_a_kernel_cannot_have_the_grader_connect_to_a_socket_of_the_machine(tier: str, forked: WarmStart) -> None:
    """What stands in the place of a socket, such as a link, is never connected to, nor what a first kernel prepares for a second."""
    with empty_run_folder() as elsewhere, socket.socket(socket.AF_UNIX) as listener:
        path = elsewhere / "listener"
        listener.bind(str(path))
        listener.listen()
        listener.setblocking(False)
        limits = Limits(memory_mb=1000)
        with run_folder(COURSE, None) as folder, sandbox(tier, forked).room(folder, limits) as room:
            first = start_kernel(room, folder, 0, limits.memory_mb)
            code = "import os\nfor name in os.listdir('../sockets'):\n"
            code += (
                f"    os.rename(f'../sockets/{{name}}', f'../sockets/old-{{name}}'); os.symlink({str(path)!r}, f'../sockets/{{name}}')\n"
            )
            said(first, code + f"for n in range(1, 6): os.symlink({str(path)!r}, f'../sockets/k1-{{n}}')")
            sockets = PinnedSockets(first.confined.root())
            with pytest.raises(OSError, match="k1-1"):
                sockets.address(folder / "sockets" / "k1-1")
            assert said(first, "print('still heard')") == "still heard"
            first.close()
            second = start_kernel(room, folder, 1, limits.memory_mb)
            assert said(second, "print('heard')") == "heard"
            second.close()
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_kernel_that_talks_without_end_from_its_start_does_not_keep_the_grader(tier: str, forked: WarmStart) -> None:
    """The wait for a kernel has an end, whatever a kernel before it has left to be run at the start."""
    limits = Limits(memory_mb=1000)
    with run_folder(COURSE, None) as folder, sandbox(tier, forked).room(folder, limits) as room:
        first = start_kernel(room, folder, 0, limits.memory_mb)
        said(first, FLOODS_FROM_THE_START)
        first.close()
        began = time.monotonic()
        with suppress(HarnessError):
            start_kernel(room, folder, 1, limits.memory_mb, seconds=3).close()
        assert time.monotonic() - began < 90  # it would be waited for 120 s where nothing else is said


def test_what_holds_the_walls_is_out_of_reach(tier: str, starter: WarmStart | None) -> None:
    """A kernel can not look into the process that its namespaces hang on; orphans, reaped by it, do not use its processes up."""
    if tier == "user":
        pytest.skip("this tier has no walls")
    with kernel_in(tier, starter) as (kernel, _):
        found = tried(kernel, "open('/proc/1/mem', 'r+b')", "open('/proc/1/environ').read()", "os.readlink('/proc/1/fd/0')")
        assert set(found.values()) == {"PermissionError"}
        assert said(kernel, ORPHANS) == "300"


def test_memory_counts_although_the_details_are_hidden(forked: WarmStart) -> None:
    """Processes that let nobody look into them count too, where no control group bounds their sum."""
    if not offer("bubblewrap").available:
        pytest.skip(offer("bubblewrap").reason)
    code = "import ctypes\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\n" + GREEDY_CHILDREN
    with kernel_in("bubblewrap", forked, Limits(memory_mb=400)) as (kernel, _):
        assert said(kernel, code) == ""
        assert kernel.out_of_memory()


def test_a_late_answer_of_the_forking_process_is_not_taken_for_another_ones(forked: WarmStart, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once an answer was late, kernels are started cold, also by threads that were waiting at that time."""
    monkeypatch.setattr(forked, "_ready", False)
    assert forked._forked({}) is None
