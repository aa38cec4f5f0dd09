"""Ways to get at the trained autoencoder in 1.2 and 1.3, and to make and apply the transform."""

from __future__ import annotations

from submissions.case import Case, Change, insert_after, replace
from submissions.q1_parts import augmentation, reconstruction, training


def right(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q1_networks_{name}", about, 1, changes)


CASES: tuple[Case, ...] = (
    right(
        "loaded_into_new",
        "Trained weights saved and loaded into a new instance.",
        reconstruction(
            """torch.save(model.state_dict(), "autoencoder.pt")
trained = MLPAutoencoder(number_of_hidden_layers, image_size ** 2, hidden_size, latent_size)
trained.load_state_dict(torch.load("autoencoder.pt", map_location="cpu"))
trained.eval()

@torch.no_grad()
def rebuild(pictures):
    return trained(apply_mask(pictures, image_size).flatten(1)).unflatten(1, (1, image_size, image_size))

make_grid(torch.cat([x[None], rebuild(x[None])]), 2, "before and after")"""
        ),
        augmentation(
            """from torchvision.transforms import v2
augment_v2 = v2.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
versions = torch.stack([augment_v2(x) for _ in range(3)])
make_grid(versions, 3, "augmented")
make_grid(rebuild(versions), 3, "reconstructed")"""
        ),
    ),
    right(
        "whole_model_saved",
        "The model saved as a whole at the end of training and loaded again.",
        insert_after("opt.zero_grad()", "torch.save(model, 'model.pth')"),
        reconstruction(
            """net = torch.load('model.pth', weights_only=False).cpu()
net.eval()
with torch.no_grad():
    z = net.encode(x.flatten(1))
    picture = net.decode(z).reshape(28, 28)
plt.figure(figsize=(3, 3))
plt.imshow(picture, cmap='bone')
plt.colorbar()
plt.show()"""
        ),
        augmentation(
            """import torchvision.transforms.v2
augmenter = torchvision.transforms.v2.Compose([
    torchvision.transforms.v2.RandomAffine(degrees=[-10, 10], translate=[0.2, 0.2], shear=[-5, 5]),
])
fig, ax = plt.subplots(3, 2, figsize=(4, 6))
for i in range(3):
    v = augmenter(x)
    with torch.no_grad():
        w = net.decode(net.encode(v.flatten(1))).reshape(28, 28)
    ax[i, 0].imshow(v[0], cmap='bone')
    ax[i, 1].imshow(w, cmap='bone')
plt.show()"""
        ),
    ),
    right(
        "deepcopy",
        "A deep copy of the trained model, on the CPU.",
        reconstruction(
            """import copy
cpu_model = copy.deepcopy(model).to("cpu").eval()
for p in cpu_model.parameters():
    p.requires_grad_(False)
recon = cpu_model(apply_mask(x.clone().unsqueeze(0), image_size).reshape(1, -1)).reshape(image_size, image_size)
fig, (a, b, c) = plt.subplots(1, 3)
a.imshow(x[0], cmap="gray"); a.set_title("input")
b.imshow(apply_mask(x.unsqueeze(0), image_size)[0, 0], cmap="gray"); b.set_title("masked")
c.imshow(recon, cmap="gray"); c.set_title("output")
fig.show()"""
        ),
        augmentation(
            """affine = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=(-5, 5, 0, 0))
figure, axes = plt.subplots(3, 3, figsize=(7, 7))
for row in range(3):
    version = affine(x)
    hidden_left = apply_mask(version.unsqueeze(0), image_size)
    result = cpu_model(hidden_left.reshape(1, -1)).reshape(image_size, image_size)
    for axis, image in zip(axes[row], (version[0], hidden_left[0, 0], result)):
        axis.imshow(image, cmap="gray")
        axis.axis("off")
plt.show()"""
        ),
    ),
    right(
        "own_class",
        "Another network of the student's own that flattens and masks inside, trained under another name.",
        training(
            """class Inpainter(nn.Module):
    def __init__(self, width=300, code=50):
        super().__init__()
        self.body = nn.Sequential(
            nn.Flatten(), nn.Linear(784, width), nn.ReLU(), nn.Linear(width, code), nn.ReLU(),
            nn.Linear(code, width), nn.ReLU(), nn.Linear(width, 784), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28)),
        )

    def forward(self, image):
        return self.body(image)


inpainter = Inpainter().to(device)
optimizer = optim.Adam(inpainter.parameters(), lr=1e-3)
losses = []
for epoch in range(epochs):
    running = []
    for images, _ in mnist:
        images = images.to(device)
        error = nn.functional.mse_loss(inpainter(apply_mask(images, image_size)), images)
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
        running.append(error.item())
    losses.append(sum(running) / len(running))
    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
""",
        ),
        reconstruction(
            """inpainter.eval()
with torch.no_grad():
    completed = inpainter(apply_mask(x.unsqueeze(0).to(device), image_size))
plt.imshow(completed[0, 0].cpu(), cmap="Greys")
plt.show()"""
        ),
        augmentation(
            """augmentations = [torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5) for _ in range(3)]
with torch.no_grad():
    pairs = [(image, inpainter(apply_mask(image.unsqueeze(0).to(device), image_size))[0].cpu()) for image in (t(x) for t in augmentations)]
for k, (image, completed) in enumerate(pairs, 1):
    fig, (left, right) = plt.subplots(1, 2)
    left.imshow(image[0], cmap="Greys")
    right.imshow(completed[0], cmap="Greys")
    fig.suptitle(f"version {k}")
plt.show()"""
        ),
    ),
    right(
        "trainer",
        "A trainer object that owns the model.",
        reconstruction("make_grid(trainer.reconstruct(x.unsqueeze(0)), 1)"),
        training(
            """from dataclasses import dataclass, field


@dataclass
class Trainer:
    network: nn.Module
    optimizer: torch.optim.Optimizer
    criterion: nn.Module
    history: list = field(default_factory=list)

    def _epoch(self, loader) -> float:
        self.network.train()
        total = 0.0
        for batch, _labels in loader:
            batch = batch.to(device)
            self.optimizer.zero_grad(set_to_none=True)
            value = self.criterion(self.network(apply_mask(batch, image_size).flatten(1)), batch.flatten(1))
            value.backward()
            self.optimizer.step()
            total += value.item() * batch.size(0)
        return total / len(loader.dataset)

    def fit(self, loader, epochs: int) -> "Trainer":
        for epoch in range(1, epochs + 1):
            self.history.append(self._epoch(loader))
            print(f"Epoch: {epoch:2}\\tMSE loss: {self.history[-1]:.4f}")
        return self

    @torch.no_grad()
    def reconstruct(self, images: torch.Tensor) -> torch.Tensor:
        self.network.eval()
        return self.network(apply_mask(images.to(device), image_size).flatten(1)).view_as(images).cpu()


trainer = Trainer(model, opt, loss).fit(mnist, epochs)
losses = trainer.history
""",
        ),
        augmentation(
            """affine = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
batch = torch.stack([affine(x) for _ in range(3)])
for title, pictures in {"augmented": batch, "reconstructed": trainer.reconstruct(batch)}.items():
    make_grid(pictures, 3, title)"""
        ),
    ),
    right(
        "state_dict_of_best",
        "The weights of the best epoch are kept in memory and loaded before 1.2.",
        replace(
            "    losses.append(total / count)\n",
            "    losses.append(total / count)\n    if losses[-1] <= min(losses):\n"
            "        best = {k: v.detach().clone() for k, v in model.state_dict().items()}\n",
        ),
        reconstruction(
            """model.load_state_dict(best)
model.eval()
reconstruct = lambda images: model(apply_mask(images.to(device), image_size).flatten(1)).detach().cpu().reshape(-1, 1, 28, 28)
plt.imshow(reconstruct(x[None])[0, 0], cmap="gray")
plt.show()"""
        ),
    ),
    right(
        "dataset_and_loader",
        "Augmentation in a Dataset, reconstruction of a batch of its loader.",
        augmentation(
            """class Augmented(torch.utils.data.Dataset):
    def __init__(self, image, transform, length=3):
        self.image, self.transform, self.length = image, transform, length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        if index >= self.length:
            raise IndexError
        return self.transform(self.image)


loader = torch.utils.data.DataLoader(
    Augmented(x, torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)), batch_size=3
)
for batch in loader:
    make_grid(batch, 3, "augmented")
    make_grid(reconstruct(batch), 3, "reconstructed")"""
        ),
    ),
    right(
        "shear_in_both_directions",
        "Shear as four numbers, of both axes.",
        replace("shear=5", "shear=(-5, 5, -5, 5)"),
    ),
    right(
        "scale_of_one",
        "Scale given as (1, 1), the rest by position.",
        replace("RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)", "RandomAffine(10, (0.2, 0.2), (1.0, 1.0), 5)"),
    ),
    right(
        "tensor_ranges",
        "Ranges from a dictionary of settings, as arithmetic.",
        augmentation(
            """AFFINE = dict(degrees=180 / 18, translate=(1 / 5, 1 / 5), shear=45 / 9)
augment = torchvision.transforms.RandomAffine(**AFFINE)
augmented = torch.stack([augment(x) for _ in range(3)])
make_grid(torch.cat([augmented, reconstruct(augmented)]), columns=3)"""
        ),
    ),
    right(
        "sequential_transform",
        "The transform inside nn.Sequential, in a subclass with its ranges built in.",
        augmentation(
            """class HomeworkAffine(torchvision.transforms.RandomAffine):
    def __init__(self):
        super().__init__(degrees=10, translate=(0.2, 0.2), shear=5)

augment = nn.Sequential(HomeworkAffine())
augmented = torch.stack([augment(x) for _ in range(3)])
make_grid(augmented, 3)
make_grid(reconstruct(augmented), 3)"""
        ),
    ),
    right(
        "seeded",
        "A seed before each augmentation, another each time.",
        augmentation(
            """affine = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
augmented = []
for seed in (1, 22, 333):
    torch.manual_seed(seed)
    augmented.append(affine(x))
augmented = torch.stack(augmented)
reconstructed = reconstruct(augmented)
fig, axes = plt.subplots(2, 3)
for axis, image in zip(axes.ravel(), torch.cat([augmented, reconstructed])):
    axis.imshow(image[0])
plt.show()"""
        ),
    ),
)
