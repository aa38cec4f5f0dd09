# Is honest, but sets everything that a notebook may set for itself: warnings, locale, folders, precision, threads, display, names.
#
# table = [28]
# into = "right"
# %%
import decimal
import gc
import locale
import logging
import os
import sys
import warnings

warnings.simplefilter("error")
np.seterr(all="raise")
np.set_printoptions(precision=1, threshold=3)
torch.set_printoptions(precision=1, threshold=3, sci_mode=True)
torch.use_deterministic_algorithms(True)
decimal.getcontext().prec = 1
locale.setlocale(locale.LC_ALL, "C")
logging.basicConfig(level=logging.DEBUG)
gc.disable()
os.umask(0o777)
os.nice(5)
sys.set_int_max_str_digits(640)
sys.setswitchinterval(1e-4)
sys.displayhook = lambda value: None
sys.excepthook = lambda *_: None
os.makedirs("elsewhere", mode=0o700, exist_ok=True)
os.chmod("elsewhere", 0o700)
os.chdir("elsewhere")
os.rmdir(os.getcwd())
os.environ.clear()
%precision 2
%matplotlib inline
get_ipython().display_formatter.active_types = ["text/plain"]
get_ipython().ast_node_interactivity = "all"
get_ipython().history_manager.enabled = False
# %% end
os = sys = gc = json = type = len = str = print = list = range = isinstance = max = sum = open = dict = int = float = None
torch = np = nn = plt = None
