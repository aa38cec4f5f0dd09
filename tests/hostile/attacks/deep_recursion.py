# Recurses until the stack is gone, in Python, in a repr, and in the interpreter itself.
#
# says = ["The kernel died in this cell"]
# flags = ["kernel_died"]
# cell_seconds = 20
# budget = 70
# seconds = 90
# %%
def deeper(number):
    return deeper(number + 1)


deeper(0)
# %%
class Nested:
    def __repr__(self):
        return repr(self)


Nested()
# %%
import sys

sys.setrecursionlimit(10**9)
Nested()
