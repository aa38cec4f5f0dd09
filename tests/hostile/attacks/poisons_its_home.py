# Changes what the next kernel would read at its start: profile, startup files, packages, caches, settings.
#
# table = [27]
# %%
import os
import site
import sys
import tempfile

POISON = "import builtins; builtins.print('BREACH: poisoned')\nraise SystemExit\n"
home = os.path.expanduser("~")
for path in (
    f"{home}/.ipython/profile_default/startup/00-first.py",
    f"{os.environ.get('IPYTHONDIR', home)}/profile_default/startup/00-first.py",
    f"{site.getusersitepackages()}/usercustomize.py",
    f"{site.getusersitepackages()}/sitecustomize.py",
    f"{site.getusersitepackages()}/first.pth",
    f"{home}/.config/matplotlib/matplotlibrc",
    f"{home}/.pythonrc.py",
    f"{tempfile.gettempdir()}/torch.py",
    "sitecustomize.py",
    "torch.py",
):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w") as file:
        file.write(POISON)
# %%
import os

os._exit(1)
