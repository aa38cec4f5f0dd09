# Connects to whatever listens: TCP, UDP, an abstract socket, a socket in a folder, the name service, and an address outside.
#
# table = [4]
# walls = true
# %%
import socket
import subprocess
import urllib.request

for family, kind, address in (
    (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", places["tcp"])),
    (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", places["udp"])),
    (socket.AF_INET6, socket.SOCK_STREAM, ("::ffff:127.0.0.1", places["tcp"])),
    (socket.AF_UNIX, socket.SOCK_STREAM, places["abstract"]),
    (socket.AF_UNIX, socket.SOCK_STREAM, places["socket"]),
    (socket.AF_INET, socket.SOCK_DGRAM, ("9.9.9.9", 53)),
    (socket.AF_INET, socket.SOCK_RAW, ("127.0.0.1", 0)),
):
    try:
        with socket.socket(family, kind) as link:
            link.settimeout(1)
            link.connect(address)
            link.send(b"the hidden checks are ...")
            print("sent", address)
    except OSError as error:
        print(address, error)
# %%
for call in (
    lambda: socket.getaddrinfo("example.org", 80),
    lambda: urllib.request.urlopen(f"http://127.0.0.1:{places['tcp']}", timeout=1),
    lambda: subprocess.run(["curl", "-m", "1", f"http://127.0.0.1:{places['tcp']}"], check=True),
):
    try:
        print("BREACH", call())
    except Exception as error:
        print(error)
