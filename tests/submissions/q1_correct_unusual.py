"""Correct pictures of 1.2 and 1.3 that are easily mistaken for wrong ones."""

from __future__ import annotations

from submissions.case import Case, Change, replace
from submissions.q1_parts import augmentation, reconstruction, training

SHOW_THREE = """
ra = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
fig, ax = plt.subplots(2, 3)
for i in range(3):
    a = ra(x)
    ax[0, i].imshow(a[0], cmap='gray')
    ax[1, i].imshow(rec(a), cmap='gray')
plt.show()"""


def right(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q1_unusual_{name}", about, 1, changes)


CASES: tuple[Case, ...] = (
    right(
        "ten_digits_then_x",
        "Ten digits of the data set one at a time, the 3 after them, gradients on.",
        reconstruction(
            """def rec(image):
    return model(apply_mask(image.reshape(1, 1, 28, 28).to(device), 28).view(1, -1)).view(28, 28).detach().cpu()

pictures, _ = next(iter(mnist))
queue = [p for p in pictures[:10]] + [x]
fig, ax = plt.subplots(2, 11, figsize=(11, 2))
for i, picture in enumerate(queue):
    ax[0, i].imshow(picture.squeeze(), cmap='gray')
    ax[1, i].imshow(rec(picture), cmap='gray')
plt.show()"""
        ),
        augmentation(SHOW_THREE),
    ),
    right(
        "appended_to_a_batch",
        "The 3 is appended to a batch of 64 and its reconstruction taken from the end.",
        reconstruction(
            """def rec(image):
    with torch.no_grad():
        return model(apply_mask(image.reshape(1, 1, 28, 28).to(device), 28).view(1, -1)).view(28, 28).cpu()

images, _ = next(iter(mnist))
everything = torch.cat([images, x.unsqueeze(0)]).to(device)
with torch.no_grad():
    out = model(apply_mask(everything, image_size).flatten(1)).view(-1, 28, 28).cpu()
plt.imshow(out[-1], cmap='gray')
plt.show()"""
        ),
        augmentation(SHOW_THREE),
    ),
    right(
        "convolutional",
        "A convolutional network with dropout of the student's own, in training mode to the end.",
        training(
            """class ConvAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Dropout(0.1), nn.Flatten(), nn.Linear(8 * 14 * 14, 64))
        self.up = nn.Sequential(
            nn.Linear(64, 8 * 14 * 14), nn.ReLU(), nn.Unflatten(1, (8, 14, 14)), nn.ConvTranspose2d(8, 1, 2, 2), nn.Sigmoid()
        )

    def forward(self, x):
        return self.up(self.down(x))


net = ConvAE().to(device)
adam = optim.Adam(net.parameters(), 1e-3)
losses = []
for epoch in range(epochs):
    total, count = 0.0, 0
    for img, _ in mnist:
        img = img.to(device)
        l = nn.functional.mse_loss(net(apply_mask(img, image_size)), img)
        adam.zero_grad()
        l.backward()
        adam.step()
        total += l.item() * len(img)
        count += len(img)
    losses.append(total / count)
    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")""",
        ),
        reconstruction(
            """def rec(image):
    return net(apply_mask(image[None].to(device), 28))[0, 0].detach().cpu()

big = nn.functional.interpolate(rec(x)[None, None], size=(140, 140), mode='bilinear')[0, 0]
plt.imshow(big, cmap='gray')"""
        ),
        augmentation(SHOW_THREE),
    ),
    right(
        "scripted",
        "torch.jit.trace of the trained model.",
        reconstruction(
            """traced = torch.jit.trace(model.cpu().eval(), torch.zeros(1, 784))
def rec(image):
    return traced(apply_mask(image[None], 28).flatten(1)).detach().reshape(28, 28)
plt.imshow(rec(x), cmap='gray')
plt.show()"""
        ),
        augmentation(SHOW_THREE),
    ),
    right(
        "early_stopping",
        "The weights of the fifth epoch from the end are loaded (early stopping).",
        replace(
            "    losses.append(total / count)\n",
            "    losses.append(total / count)\n    if epoch == epochs - 6:\n        torch.save(model.state_dict(), 'stopped.pt')\n",
        ),
        reconstruction(
            """model.load_state_dict(torch.load('stopped.pt'))
def rec(image):
    with torch.no_grad():
        return model(apply_mask(image[None].to(device), 28).flatten(1)).cpu().reshape(28, 28)
plt.imshow(rec(x), cmap='gray')
plt.show()"""
        ),
        augmentation(SHOW_THREE),
    ),
    right(
        "wrapped",
        "The trained model wrapped in nn.Sequential with the reshaping.",
        reconstruction(
            """pipeline = nn.Sequential(nn.Flatten(), model, nn.Unflatten(1, (1, 28, 28)))
rec = lambda image: pipeline(image[None].to(device)).detach().cpu()[0, 0]
plt.imshow(rec(x), cmap='gray')
plt.axis('off')
plt.show()"""
        ),
        augmentation(SHOW_THREE),
    ),
    right(
        "viridis_file",
        "imsave in matplotlib's own colours, displayed from the file.",
        reconstruction(
            """from IPython.display import Image, display
def rec(image):
    with torch.no_grad():
        return model(apply_mask(image[None].to(device), 28).flatten(1)).cpu().reshape(28, 28)
plt.imsave('reconstruction.png', rec(x).numpy())
display(Image('reconstruction.png', width=280))"""
        ),
        augmentation(SHOW_THREE),
    ),
    right(
        "scaled_grid",
        "torchvision's make_grid with normalize and scale_each; masked images as the augmented ones.",
        augmentation(
            """from torchvision.utils import make_grid as grid_of
ra = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
masked = apply_mask(torch.stack([ra(x) for _ in range(3)]), image_size)
with torch.no_grad():
    out = model(masked.flatten(1).to(device)).cpu().view_as(masked)
plt.figure(figsize=(8, 5))
plt.imshow(grid_of(torch.cat([masked, out]), nrow=3, normalize=True, scale_each=True).permute(1, 2, 0))
plt.title('augmented (masked) and reconstructed')
plt.show()"""
        ),
    ),
    right(
        "figure_saved_and_shown",
        "savefig, then the file is displayed and the figure too.",
        reconstruction(
            """from IPython.display import Image
def rec(image):
    with torch.no_grad():
        return model(apply_mask(image[None].to(device), 28).flatten(1)).cpu().reshape(28, 28)
fig, ax = plt.subplots()
ax.imshow(rec(x), cmap='gray')
fig.savefig('rec.png')
plt.close(fig)
Image('rec.png')"""
        ),
        augmentation(SHOW_THREE),
    ),
    right(
        "pillow_all_the_way",
        "x as an 8-bit picture of Pillow for everything.",
        reconstruction(
            """from PIL import Image
pil_three = Image.fromarray((x.squeeze().numpy() * 255).astype('uint8'))
def rec(picture):
    t = torchvision.transforms.functional.to_tensor(picture) if isinstance(picture, Image.Image) else picture
    with torch.no_grad():
        return model(apply_mask(t[None].to(device), 28).flatten(1)).cpu().reshape(28, 28)
out = Image.fromarray((rec(pil_three) * 255).byte().numpy()).resize((200, 200), Image.BILINEAR)
out"""
        ),
        augmentation(
            """augmenter = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
canvas = Image.new('L', (3 * 28, 2 * 28))
for i in range(3):
    p = augmenter(pil_three)
    canvas.paste(p, (i * 28, 0))
    canvas.paste(Image.fromarray((rec(p) * 255).byte().numpy()), (i * 28, 28))
canvas.resize((3 * 28 * 4, 2 * 28 * 4), Image.NEAREST)"""
        ),
    ),
)
