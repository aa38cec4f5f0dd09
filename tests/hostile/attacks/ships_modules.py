# Hands in files named like modules, start-up files and settings beside the notebook.
#
# into = "right"
# %% file torch.py
print("BREACH: imported")
raise SystemExit
# %% file numpy/__init__.py
raise SystemExit("BREACH: imported")
# %% file sitecustomize.py
raise SystemExit("BREACH: imported")
# %% file usercustomize.py
raise SystemExit("BREACH: imported")
# %% file first.pth
import os; os.write(1, b"BREACH: imported")
# %% file conftest.py
raise SystemExit("BREACH: imported")
# %% file pytest.ini
[pytest]
addopts = --collect-only
# %% file harness_inside/session.py
raise SystemExit("BREACH: imported")
# %% file course/measurements.py
raise SystemExit("BREACH: imported")
# %% file ipykernel_launcher.py
raise SystemExit("BREACH: imported")
# %% file json.py
raise SystemExit("BREACH: imported")
# %% file .ipython/profile_default/startup/00-first.py
raise SystemExit("BREACH: imported")
# %% file ipython_config.py
raise SystemExit("BREACH: imported")
# %% file matplotlibrc
backend: nonsense
