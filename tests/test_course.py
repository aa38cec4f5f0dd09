"""The course environment, in a real kernel: the homework's imports, its data and its helpers, without the network."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from autograder.kernel.replay import ReplaySettings, replay
from autograder.model.execution import CellStatus, Execution
from autograder.model.submission import Cell, CellKind, Notebook, Submission

COURSE = Path(__file__).resolve().parents[1] / "reference" / "course"

CELLS = {
    "names": "print([name for name in 'torch nn optim F np plt random math time datetime Path Union torchvision tqdm'.split() "
    "if name not in globals()])",
    "lazy": "import sys\nprint([name for name in ('spacy', 'torchtext', 'torchsummary') if name in sys.modules])",
    "legacy": """
import torchtext.legacy.data as data
from torchtext.legacy import data as again, datasets
from torchtext.legacy.datasets import Multi30k
from torchtext.legacy.data import Field, BucketIterator
import torchtext.legacy.vocab
from torchtext import data as plain
from torchtext.data import Field as SameField
import torchtext
print(data is again is plain, Field is SameField, datasets.Multi30k is Multi30k, torchtext.__name__, torchtext.__spec__.name)
""",
    "spacy": """
import spacy, en_core_web_sm, de_core_news_sm
german, english = de_core_news_sm.load(), en_core_web_sm.load()
same = [spacy.load(name).lang for name in ("en", "de", "en_core_web_sm", "de_core_news_md")]
print([t.text for t in german.tokenizer("Ein Mann geht's an.")], [t.text for t in english.tokenizer("They don't.")], same)
""",
    "texts": """
source = Field(tokenize=lambda text: [t.text for t in german.tokenizer(text)], init_token="<sos>", eos_token="<eos>", lower=True)
target = Field(tokenize=lambda text: [t.text for t in english.tokenizer(text)], init_token="<sos>", eos_token="<eos>", lower=True)
train, valid, test = Multi30k.splits(exts=(".de", ".en"), fields=(source, target))
print(len(train), len(valid), len(test), vars(train.examples[0]))
turned = Multi30k.splits(("en", "de"), [("a", target), ("b", source)], root="anywhere", path="elsewhere", test=None)
print(len(turned), vars(turned[0].examples[0])["a"][:2])
source.build_vocab(train, min_freq=2)
target.build_vocab(train, min_freq=2)
batch = next(iter(BucketIterator.splits((train, valid, test), batch_size=8)[0]))
print(batch.src.shape[1], batch.trg.dtype)
""",
    "digits": """
from torchvision.datasets import MNIST
from torchvision import transforms
whole = MNIST("./nowhere", train=True, download=True, transform=transforms.ToTensor())
image, label = whole[3]
held = torchvision.datasets.MNIST(root="x", train=False, download=True)
print(len(whole), tuple(image.shape), label, tuple(held.data.shape), held.targets.dtype, type(held[0][0]).__name__, len(whole.classes))
first, second = torch.utils.data.random_split(whole, [50000, 10000])
print(len(first), len(second), isinstance(whole, torchvision.datasets.mnist.MNIST))
""",
    "helpers": """
from utils.gan import *
loader = load_mnist(batch_size=16)
images, labels = next(iter(loader))
print(tuple(images.shape), float(images.max()) <= 1, len(loader), tuple(make_grid(images, 4, title="Some").shape))
print(tuple(next(iter(load_mnist(batch_size=512)))[0].shape))
""",
    "writer": """
from torch.utils.tensorboard import SummaryWriter
import os
with SummaryWriter(log_dir="logs", flush_secs=20) as writer:
    writer.add_scalar("loss", 1.0, 0)
    writer.add_scalars("both", {"a": 1, "b": 2}, 1)
    writer.add_image("grid", make_grid(images), 0)
    writer.add_histogram("h", images)
    writer.add_figure("f", plt.figure())
print(writer.log_dir, os.listdir("."), plt.get_fignums())
""",
    "others": """
from google.colab import drive, files
drive.mount("/content/drive")
from torchsummary import summary
from tensorboardX import SummaryWriter as Other
from tqdm.notebook import tqdm as bar, trange
print(sum(bar(range(3))), Other is SummaryWriter, torch.get_num_threads())
""",
    "gpu": """
network = nn.Linear(3, 2, device="cuda").cuda()
network.to("cuda:0").to(torch.device("cuda")).to(device="mps")
given = torch.rand(4, 3, device="cuda").to("cuda", dtype=torch.float64).to(torch.float32).cuda(non_blocking=True)
print(network(given).device, torch.zeros_like(given, device=torch.device("cuda", 0)).to(0).device, torch.cuda.get_device_name(0))
""",
    "own data set": """
class Own(torch.utils.data.Dataset):
    def __len__(self):
        return 80
    def __getitem__(self, place):
        return torch.zeros(2)
DataLoader = torch.utils.data.DataLoader
print([[len(batch) for batch in DataLoader(Own(), batch_size=size, shuffle=True, drop_last=True)] for size in (30, 512)])
""",
    "checks": """
from homework import grader
print(grader.check("1.1"), grader.check_all(), grader.export())
import otter
print(otter.Notebook("hw4.ipynb").check_all())
""",
    "own module": """
import sys
open("homework.py", "w").write("mine = 7")
del sys.modules["homework"]
from homework import mine
print(mine)
""",
    "kept": "summary(nn.Sequential(nn.Linear(4, 3)), (4,))",
}


@pytest.fixture(scope="module")
def execution(staged: Path) -> Execution:
    cells = tuple(Cell(index, CellKind.CODE, source.strip()) for index, source in enumerate(CELLS.values()))
    one = Submission("one", "One", "one.ipynb", "", ("one.ipynb",), Notebook(cells, ()), b"{}")
    settings = ReplaySettings(COURSE, data={"images": 80})
    return replay(one, settings=settings, probes=(), data_folder=staged, seed=0, budget_seconds=600)


def said(execution: Execution, name: str) -> str:
    run = execution.cells[list(CELLS).index(name)]
    assert run.status is CellStatus.OK, run.traceback
    return "".join(output.text for output in run.outputs if output.name == "stdout")


def test_the_usual_names_are_there(execution: Execution) -> None:
    """No name that the homework's cells take for granted is missing."""
    assert said(execution, "names") == "[]\n"


def test_what_is_slow_is_imported_only_on_demand(execution: Execution) -> None:
    """A notebook that uses no texts does not pay for spaCy and torchtext."""
    assert said(execution, "lazy") == "[]\n"


def test_the_old_torchtext_names_lead_to_the_same_modules(execution: Execution) -> None:
    """`torchtext.legacy` is torchtext in every spelling of the import, and torchtext stays itself."""
    assert said(execution, "legacy") == "True True True torchtext torchtext\n"


def test_spacys_tokenizers_have_all_their_names(execution: Execution) -> None:
    """The packages can be imported and loaded by old and new names, and split as those of the homework do."""
    assert said(execution, "spacy") == "['Ein', 'Mann', \"geht's\", 'an', '.'] ['They', 'do', \"n't\", '.'] ['en', 'de', 'en', 'de']\n"


def test_multi30k_comes_from_the_local_copy(execution: Execution) -> None:
    """The splits are read whatever folder is named, in both directions, and give batches."""
    first, second, third = said(execution, "texts").splitlines()
    assert first.startswith("40 40 40 {'src': ['ein', 'mann'")
    assert second == "2 ['a', 'man']"
    assert third == "8 torch.int64"


def test_mnist_comes_from_the_local_copy(execution: Execution) -> None:
    """The data set has MNIST's interface, and lengths written for 60,000 images are fitted to the cut one."""
    first, second = said(execution, "digits").splitlines()
    assert first == "80 (1, 28, 28) 3 (80, 28, 28) torch.int64 Image 10"
    assert second == "67 13 True"


def test_the_course_helpers_work(execution: Execution) -> None:
    """The loader gives batches of the size asked for, also of more than there is, and a grid of images."""
    assert said(execution, "helpers").splitlines() == ["(16, 1, 28, 28) True 5 (3, 122, 122)", "(512, 1, 28, 28)"]


def test_tensorboard_writes_nothing(execution: Execution) -> None:
    """The writer takes every call, makes no file and closes figures as the real one does."""
    assert said(execution, "writer") == "logs [] []\n"


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU that is there is used")
def test_a_gpu_that_is_not_there_is_stood_in_for(execution: Execution) -> None:
    """A notebook that asks for a GPU by name runs on the processor."""
    assert said(execution, "gpu") == "cpu cpu no GPU\n"


def test_no_loader_gives_no_batch_at_all(execution: Execution) -> None:
    """A last batch is dropped as the notebook says, but not the only one of a data set that is smaller here."""
    assert said(execution, "own data set") == "[[30, 30], [512]]\n"


def test_the_students_own_checks_do_nothing(execution: Execution) -> None:
    """Cells that check the notebook may stay in it; a student's own module of the same name goes first."""
    assert said(execution, "checks") == "None None None\nNone\n"
    assert said(execution, "own module") == "7\n"


def test_colab_and_the_rest_are_there(execution: Execution) -> None:
    """Colab's modules, summaries and notebook progress bars do no harm; one thread is used."""
    assert said(execution, "others") == "3 True 1\n"
    assert "15" in said(execution, "kept")
