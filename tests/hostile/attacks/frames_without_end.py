# Writes into its own sockets by hand: messages whose parts never end, one part that is as large as a disk, and an empty one for ever.
#
# table = [17]
# seconds = 70
# cell_seconds = 6
# flags = ["kernel_died"]
# %%
import os
import socket
import struct
import threading
import time


def connections():
    """Those to the grader: they alone have a name and somebody at the other end."""
    found = []
    for number in range(3, 200):
        try:
            one = socket.socket(fileno=os.dup(number))
            if one.family == socket.AF_UNIX and one.getsockname() and not one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                one.setblocking(True)
                found.append(one)
        except OSError:
            continue
        if len(found) == 4:
            break
    return found


def write(connection, first, then):
    try:
        connection.sendall(first)
        while True:
            connection.sendall(then)
    except OSError:
        pass


def flood(first, then):
    for connection in connections():
        threading.Thread(target=write, args=(connection, first, then), daemon=True).start()
    time.sleep(30)


flood(b"", (b"\x03" + struct.pack("!Q", 1 << 16) + b"x" * (1 << 16)) * 16)
# %%
flood(b"\x02" + struct.pack("!Q", 1 << 40), b"x" * (1 << 20))
# %%
flood(b"", b"\x01\x00" * (1 << 19))
