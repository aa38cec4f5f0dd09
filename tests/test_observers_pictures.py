"""Pictures as observers see them: displayed without matplotlib, hidden by others, and what random transforms do to them."""

from __future__ import annotations

import numpy as np
import pytest
from observing import Seen, watch

DISPLAYED = """
import base64, io
import numpy as np
from IPython.core.display import HTML, Image as Shown
from IPython.core.formatters import DisplayFormatter
from PIL import Image
picture = Image.fromarray((np.arange(784).reshape(28, 28) % 256).astype("uint8"))
buffer = io.BytesIO()
picture.save(buffer, format="PNG")
display = DisplayFormatter().format
display(picture)
display(Shown(buffer.getvalue()))
display(HTML(f'<b>3</b><img src="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}">'))
display("text")
"""
COVERED = """
import numpy as np
import matplotlib.pyplot as plt
plt.imshow(np.zeros((28, 28)))
plt.imshow(np.ones((28, 28)))
plt.close("all")
"""
BESIDE = """
import numpy as np
import matplotlib.pyplot as plt
plt.figure()
plt.imshow(np.zeros((28, 28)), extent=(0, 1, 0, 1))
plt.imshow(np.ones((28, 28)), extent=(1, 2, 0, 1))
plt.imshow(np.full((28, 28), 2.0), extent=(0, 2, 0, 1), alpha=0.5)
plt.close("all")
"""
SHOWN_AGAIN = """
import io
import numpy as np
import matplotlib.pyplot as plt
figure, axis = plt.subplots()
for value in (1.0, 2.0):
    axis.imshow(np.full((28, 28), value))
    figure.savefig(io.BytesIO())
"""
OTHERS = """
library = torch.library.Library("torchvision", "FRAGMENT")
for name in ("nms", "qnms"):
    library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
from torchvision import transforms
transforms.Compose([transforms.RandomRotation(10), transforms.RandomHorizontalFlip(1.0), transforms.CenterCrop(20)])(torch.rand(1, 28, 28))
"""
MANY_CALLS = "net = nn.Linear(4, 4)\nfor _ in range(20):\n    with torch.no_grad():\n        net(torch.ones(1, 4))"
MANY_OF_RECURRENT = "net = nn.RNN(4, 4)\nfor _ in range(20):\n    net(torch.ones(3, 1, 4))[0].sum().backward()"
LONG_BATCH = "net = nn.Linear(4, 4)\nnet(torch.arange(60.0).reshape(15, 4))"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    scenarios = {
        "displayed": DISPLAYED,
        "covered": COVERED,
        "beside": BESIDE,
        "again": SHOWN_AGAIN,
        "others": OTHERS,
        "batch": LONG_BATCH,
        "many": MANY_CALLS,
        "recurrent": MANY_OF_RECURRENT,
    }
    return watch(tmp_path_factory.mktemp("pictures"), scenarios)


def values(seen: Seen, name: str) -> list[np.ndarray]:
    observed = seen.of(name)
    return [observed.arrays[image] for figure in observed.figures for axes in figure.axes for image in axes.images]


def test_pictures_displayed_without_matplotlib_are_read(seen: Seen) -> None:
    """Pillow's, IPython's, and those within HTML."""
    expected = (np.arange(784).reshape(28, 28) % 256) / 255
    found = values(seen, "displayed")
    assert len(found) == 3
    assert all(np.allclose(one, expected, atol=1e-6) for one in found)


def test_a_covered_picture_is_not_shown(seen: Seen) -> None:
    """Only the last of two in the same place can be seen; beside each other or half transparent they all can."""
    assert [one.max() for one in values(seen, "covered")] == [1.0]
    assert [one.max() for one in values(seen, "beside")] == [0.0, 1.0, 2.0]


def test_a_picture_that_was_shown_before_it_was_covered_is_kept(seen: Seen) -> None:
    """A loop that draws over the same axes and shows each state."""
    assert [one.max() for one in values(seen, "again")] == [1.0, 2.0]


def test_other_random_transforms_are_told(seen: Seen) -> None:
    """In the order in which an image went through them; what is not random is left out."""
    observed = seen.of("others")
    assert [(one.kind, one.degrees, one.shear) for one in observed.transforms] == [
        ("RandomRotation", (-10.0, 10.0), None),
        ("RandomHorizontalFlip", None, None),
    ]
    first, second = observed.transform_calls
    assert first.output_fingerprint == second.input_fingerprint


def test_the_last_of_a_long_batch_is_kept(seen: Seen) -> None:
    """With the first ones, so that what was appended to a batch is seen."""
    observed = seen.of("batch")
    assert observed.arrays[observed.calls[0].input][:, 0].tolist() == [0, 4, 8, 12, 16, 20, 24, 56]


def test_the_first_and_the_last_calls_are_kept(seen: Seen) -> None:
    """Eight of the last calls of a network that shows single images, two of a recurrent one."""
    for name, last in (("many", 8), ("recurrent", 2)):
        kept = [bool(call.input and call.output) for call in seen.of(name).calls]
        assert kept == [True] * 6 + [False] * (14 - last) + [True] * last
