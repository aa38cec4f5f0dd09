# Makes what outlives a process: memory, queues and semaphores of the system, keys, watches, abstract names, files in memory.
#
# walls = true
# %%
import ctypes
import os
import socket
import subprocess

libc = ctypes.CDLL(None, use_errno=True)
for name, call in {
    "shared memory": lambda: libc.shmget(0x5EED, 1 << 20, 0o1666),
    "queue": lambda: libc.msgget(0x5EED, 0o1666),
    "semaphores": lambda: libc.semget(0x5EED, 1, 0o1666),
    "named queue": lambda: libc.mq_open(b"/left", 0o102, 0o666, None),
    "key": lambda: libc.syscall(248, b"user", b"left", b"content", 7, -4),
    "io_uring": lambda: libc.syscall(425, 8, bytes(120)),
    "userfaultfd": lambda: libc.syscall(323, 0),
    "memfd": lambda: libc.syscall(319, b"left", 0),
    "watch": lambda: libc.inotify_init(),
    "fanotify": lambda: libc.syscall(300, 0, 0),
    "real time": lambda: libc.sched_setscheduler(0, 1, bytes([1, 0, 0, 0])),
    "handle": lambda: libc.syscall(304, -100, bytes(16), 0),
}.items():
    print(name, call(), os.strerror(ctypes.get_errno()))
with open("/dev/shm/left", "w") as file:
    file.write("x")
kept = socket.socket(socket.AF_UNIX)
kept.bind("\0left-behind")
kept.listen()
for path in ("/proc/sys/kernel/shmmax", "/proc/self/oom_score_adj", "/proc/self/comm", "/proc/sysrq-trigger", "/sys/fs/cgroup/cgroup.procs"):
    try:
        with open(path, "w") as file:
            file.write("-1000" if "oom" in path else "1")
    except OSError as error:
        print(path, error)
print(open("/proc/self/oom_score_adj").read())
for family in range(2, 46):
    try:
        socket.socket(family, socket.SOCK_RAW if family in (17, 29) else socket.SOCK_DGRAM).close()
        print("family", family)
    except OSError:
        pass
subprocess.Popen(["sleep", "300"], start_new_session=True, env={}, cwd="/")
