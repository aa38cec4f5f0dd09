# Hangs itself into garbage collection, tracing, auditing, finalisers, imports, displays and errors.
#
# into = "wrong"
# %%
import builtins
import gc
import sys
import threading
import weakref

gc.set_threshold(1, 1, 1)
gc.callbacks.append(lambda phase, info: None)
sys.settrace(lambda *_: None)
threading.setprofile(lambda *_: None)
sys.addaudithook(lambda name, arguments: None)
sys.displayhook = lambda value: None
sys.excepthook = lambda *_: None
sys.unraisablehook = lambda *_: None
real_import = builtins.__import__
builtins.__import__ = lambda *arguments, **keywords: real_import(*arguments, **keywords)


class Undying:
    def __del__(self):
        kept.append(self)
        raise MemoryError


kept = []
for _ in range(100):
    Undying()
weakref.finalize(sys.modules["torch"], print, "gone")
get_ipython().set_custom_exc((Exception,), lambda *_, **__: None)
get_ipython().showtraceback = lambda *_, **__: None
# %%
gc.disable()
gc.freeze()
sys.settrace(None)
