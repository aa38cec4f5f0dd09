"""Ways to show the pictures of 1.2 and 1.3: figures, files, pictures of other libraries, colours, sizes, layouts."""

from __future__ import annotations

from submissions.case import Case, Change
from submissions.q1_parts import augmentation, reconstruction


def right(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q1_displays_{name}", about, 1, changes)


CASES: tuple[Case, ...] = (
    right(
        "chat_style",
        "A helper that draws, inference_mode, transforms imported as T.",
        reconstruction(
            '''# Step 1: put the model into evaluation mode
model.eval()

def show_images(images, titles, cmap="gray"):
    """Display a list of images side by side."""
    fig, axes = plt.subplots(1, len(images), figsize=(3 * len(images), 3))
    if len(images) == 1:
        axes = [axes]
    for ax, img, title in zip(axes, images, titles):
        ax.imshow(img.squeeze().detach().cpu().numpy(), cmap=cmap, vmin=0, vmax=1)
        ax.set_title(title)
        ax.axis("off")
    plt.tight_layout()
    plt.show()

# Step 2: forward pass
with torch.inference_mode():
    x_masked = apply_mask(x.unsqueeze(0), image_size)
    x_recon = model(x_masked.view(1, -1).to(device)).view(1, 1, image_size, image_size)

# Step 3: visualise
show_images([x, x_masked, x_recon], ["Original", "Masked", "Reconstructed"])'''
        ),
        augmentation(
            """import torchvision.transforms as T

transform = T.Compose([
    T.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5),
])

augmented_images, reconstructed_images = [], []
for i in range(3):
    aug = transform(x)
    with torch.inference_mode():
        rec = model(apply_mask(aug.unsqueeze(0), image_size).view(1, -1).to(device)).view(1, image_size, image_size)
    augmented_images.append(aug)
    reconstructed_images.append(rec)

show_images(augmented_images, [f"Augmented {i + 1}" for i in range(3)])
show_images(reconstructed_images, [f"Reconstruction {i + 1}" for i in range(3)])"""
        ),
    ),
    right(
        "pil_display",
        "PIL pictures displayed by IPython.",
        reconstruction(
            """from torchvision.transforms.functional import to_pil_image
from IPython.display import display
rec = model(x.view(1, 784).to(device)).view(28, 28).cpu().detach()
display(to_pil_image(rec).resize((280, 280)))"""
        ),
        augmentation(
            """t = torchvision.transforms.RandomAffine(degrees=10., translate=[.2, .2], shear=5.)
for _ in range(3):
    a = t(x)
    r = model(a.view(1, 784).to(device)).view(28, 28).cpu().detach()
    print('augmented')
    display(to_pil_image(a).resize((140, 140)))
    print('reconstructed')
    display(to_pil_image(r).resize((140, 140)))"""
        ),
    ),
    right(
        "saved_files",
        "Pictures saved to files and displayed from there.",
        reconstruction(
            """from torchvision.utils import save_image
from IPython.display import Image, display
with torch.no_grad():
    reconstructed = model(x.reshape(1, -1).to(device)).reshape(1, 1, 28, 28)
save_image(reconstructed, 'reconstruction.png')
display(Image('reconstruction.png', width=200))"""
        ),
        augmentation(
            """transform = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
aug = torch.stack([transform(x) for _ in range(3)])
with torch.no_grad():
    rec = model(aug.reshape(3, -1).to(device)).reshape(3, 1, 28, 28).cpu()
save_image(aug, 'augmented.png', nrow=3)
save_image(rec, 'reconstructed.png', nrow=3)
display(Image('augmented.png'))
display(Image('reconstructed.png'))"""
        ),
    ),
    right(
        "imsave",
        "imsave, then the file read again and drawn.",
        reconstruction(
            """with torch.no_grad():
    y = model(apply_mask(x[None], 28).view(1, -1).to(device)).cpu().view(28, 28)
plt.imsave('rec.png', y.numpy(), cmap='gray')
plt.imshow(plt.imread('rec.png'))
plt.show()"""
        ),
        augmentation(
            """from IPython.display import Image
aug = torchvision.transforms.RandomAffine(10, translate=(0.2, 0.2), shear=(-5, 5))
imgs, recs = [], []
for k in range(3):
    imgs.append(aug(x))
    with torch.no_grad():
        recs.append(model(apply_mask(imgs[-1][None], 28).view(1, -1).to(device)).cpu().view(1, 28, 28))
sheet = torch.cat([torch.cat(imgs, dim=2), torch.cat(recs, dim=2)], dim=1)[0]
plt.imsave('sheet.png', sheet.numpy(), cmap='gray', vmin=0, vmax=1)
Image('sheet.png', width=500)"""
        ),
    ),
    right(
        "pcolormesh",
        "pcolormesh with the axis turned over, one figure each.",
        reconstruction(
            """rec = model(x.reshape(1, -1).to(device)).detach().cpu().reshape(28, 28)
plt.pcolormesh(rec, cmap='gray')
plt.gca().invert_yaxis()
plt.gca().set_aspect('equal')
plt.colorbar()
plt.show()"""
        ),
        augmentation(
            """aug = torchvision.transforms.RandomAffine(10, translate=(0.2, 0.2), shear=5)
fig, axs = plt.subplots(2, 3)
for i in range(3):
    a = aug(x)
    axs[0][i].pcolormesh(a[0].flip(0), cmap='gray')
    r = model(a.reshape(1, -1).to(device)).detach().cpu().reshape(28, 28)
    axs[1][i].pcolormesh(r.flip(0), cmap='gray')
plt.show()"""
        ),
    ),
    right(
        "image_grid",
        "ImageGrid of mpl_toolkits.",
        reconstruction(
            """from mpl_toolkits.axes_grid1 import ImageGrid

def draw(pictures, shape):
    fig = plt.figure(figsize=(6, 4))
    grid = ImageGrid(fig, 111, nrows_ncols=shape, axes_pad=0.1)
    for axis, picture in zip(grid, pictures):
        axis.imshow(picture.detach().cpu().reshape(28, 28), cmap="gray")
    plt.show()

draw([x, model(x.reshape(1, -1).to(device))], (1, 2))"""
        ),
        augmentation(
            """augmentation = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
three_versions = [augmentation(x) for _ in range(3)]
draw(three_versions + [model(v.reshape(1, -1).to(device)) for v in three_versions], (2, 3))"""
        ),
    ),
    right(
        "inverted_and_enlarged",
        "Black on white, enlarged with interpolate.",
        reconstruction(
            """small = model(apply_mask(x[None].to(device), 28).flatten(1)).view(1, 1, 28, 28)
big = nn.functional.interpolate(small, scale_factor=8, mode='nearest')
plt.imshow(big[0, 0].detach().cpu(), cmap='gray_r', vmin=0, vmax=1)
plt.xticks([]); plt.yticks([])
plt.show()"""
        ),
        augmentation(
            """random_affine = torchvision.transforms.RandomAffine((-10, 10), (0.2, 0.2), shear=(-5, 5),
    interpolation=torchvision.transforms.InterpolationMode.BILINEAR, fill=0)
f, ax = plt.subplots(3, 2, figsize=(4, 6))
for row in ax:
    a = random_affine(x)
    with torch.no_grad():
        r = model(apply_mask(a[None].to(device), 28).flatten(1)).view(28, 28).cpu()
    row[0].imshow(1 - a[0], cmap='gray'); row[1].imshow(1 - r, cmap='gray')
plt.show()"""
        ),
    ),
    right(
        "numpy_bytes",
        "0 to 255 bytes in three channels.",
        reconstruction(
            """out = model(torch.tensor(x.numpy().reshape(1, 784)).to(device))
img = (out.detach().cpu().numpy().reshape(28, 28) * 255).clip(0, 255).astype(np.uint8)
plt.imshow(np.stack([img] * 3, axis=-1))
plt.show()"""
        ),
        augmentation(
            """tr = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
aug = [tr(x) for i in range(3)]
rec = [model(a.reshape(1, 784).to(device)).detach().cpu().reshape(1, 28, 28) for a in aug]
top = np.hstack([a.numpy()[0] for a in aug])
bottom = np.hstack([r.numpy()[0] for r in rec])
plt.imshow((np.vstack([top, bottom]) * 255).astype('uint8'), cmap='gray')
plt.axis('off')
plt.show()"""
        ),
    ),
    right(
        "figimage",
        "Axes made by add_axes, the data set on an AxesImage afterwards.",
        reconstruction(
            """reconstruct = lambda i: model(i.flatten(1).to(device)).detach().cpu().reshape(-1, 1, 28, 28)
fig = plt.figure()
ax = fig.add_subplot(1, 1, 1)
handle = ax.imshow(np.zeros((28, 28)), cmap='gray', vmin=0, vmax=1)
handle.set_data(model(x.reshape(1, -1).to(device)).detach().cpu().reshape(28, 28).numpy())
ax.set_title('reconstruction')
fig"""
        ),
    ),
    right(
        "html_data_uri",
        "Pictures put into HTML by hand.",
        reconstruction(
            """import base64, io
from IPython.display import HTML, display
from PIL import Image as PILImage

def as_tag(t):
    picture = PILImage.fromarray((t.detach().cpu().reshape(28, 28).numpy() * 255).astype(np.uint8)).resize((112, 112), PILImage.NEAREST)
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return f'<img src="data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}">'

display(HTML(as_tag(x) + as_tag(model(x.reshape(1, -1).to(device)))))"""
        ),
        augmentation(
            """ra = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
versions = [ra(x) for _ in range(3)]
display(HTML(''.join(as_tag(v) for v in versions)))
display(HTML(''.join(as_tag(model(v.reshape(1, -1).to(device))) for v in versions)))"""
        ),
    ),
)
