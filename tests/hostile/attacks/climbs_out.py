# Tries what gives more rights: programs that run as root, namespaces, mounts, devices, and calls of the system.
#
# walls = true
# [outcomes]
# "q1_1.*" = "passed|failed|not_run|review"
# %%
import ctypes
import os
import subprocess

if os.getuid() == 0 and open("/proc/self/uid_map").read().split()[:3] == ["0", "0", "4294967295"]:
    print("BREACH: this is root")
libc = ctypes.CDLL(None, use_errno=True)
for name, call in {
    "mount": lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
    "chroot": lambda: os.chroot("/proc/1/root"),
    "setuid": lambda: os.setuid(0),
    "device": lambda: os.mknod("disk", 0o60666, os.makedev(8, 0)),
    "ptrace": lambda: libc.ptrace(16, places["grader"], 0, 0),
    "bpf": lambda: libc.syscall(321, 0, 0, 0),
    "module": lambda: libc.syscall(175, 0, 0, b""),
    "reboot": lambda: libc.syscall(169, 0, 0, 0, 0),
    "host name": lambda: libc.sethostname(b"mine", 4),
    "clock": lambda: libc.settimeofday(None, None) if False else -1,
    "nice": lambda: os.nice(-5),
    "limits": lambda: __import__("resource").setrlimit(__import__("resource").RLIMIT_DATA, (-1, -1)),
}.items():
    try:
        done = call()
        print("BREACH" if done in (0, None) and name not in ("mount",) else "refused", name, done)
    except (OSError, ValueError) as error:
        print("refused", name, error)
# %%
for command in ("su -c id", "sudo -n id", "unshare --mount --map-root-user id", "mount --bind / /mnt", "nsenter -t 1 -a id", "docker ps", "cat /dev/sda | head -c 1"):
    done = subprocess.run(command, shell=True, capture_output=True, stdin=subprocess.DEVNULL)
    print(command, done.returncode, done.stdout[:100], done.stderr[:100])
    if done.returncode == 0 and b"uid=0" in done.stdout and "unshare" not in command:
        print("BREACH:", command)
