# Replaces the kernel's own way to run code and to answer, and answers everything with a full mark.
#
# table = [8]
# into = "wrong"
# [outcomes]
# "q1_1.*" = "failed|not_run|review"
# %%
kernel = get_ipython().kernel
PASSED = {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}


async def agreeable(code, *_, **__):
    print("PASS 100/100")
    return PASSED


kernel.do_execute = agreeable
type(kernel).do_execute = agreeable
get_ipython().run_cell = get_ipython().run_cell_async = lambda *_, **__: print("all tests passed")
