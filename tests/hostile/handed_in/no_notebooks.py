# Are files that are no notebooks: links, a pipe, a folder of that name, empty, not JSON, deep, huge, and zips that unpack to too much
# or elsewhere.
#
# table = [26]
# status = "rejected"
import io
import os
import struct
import zipfile


def packed(entries):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in entries:
            archive.writestr(name, value)
    return content.getvalue()


def hand_in(folder, notebook):
    for name, content in {
        "empty.ipynb": b"",
        "words.ipynb": b"this is no notebook",
        "list.ipynb": b"[]",
        "deep.ipynb": b'{"cells": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        "open.ipynb": b'{"cells": [' * 100_000,
        "numbers.ipynb": b'{"cells": NaN}',
        "binary.ipynb": struct.pack("<1000I", *range(1000)),
        "bomb.zip": packed([("hw.ipynb", b"0" * 200_000_000)]),
        "slip.zip": packed([("../../../../tmp/slipped.ipynb", b"{}")]),
        "many.zip": packed([(f"{number}/x.txt", b"") for number in range(12_000)]),
        "broken.zip": packed([("hw.ipynb", b"{}")])[:-30],
    }.items():
        (folder / name.split(".")[0]).mkdir()
        (folder / name.split(".")[0] / name).write_bytes(content)
    os.symlink("/etc/passwd", folder / "link.ipynb")
    os.symlink("nowhere", folder / "dangling.ipynb")
    os.mkfifo(folder / "pipe.ipynb")
    (folder / "folder.ipynb").mkdir()
    (folder / "folder.ipynb" / "hw.ipynb").write_bytes(b"{")
    with (folder / "huge.ipynb").open("wb") as file:
        file.truncate(10**9)
