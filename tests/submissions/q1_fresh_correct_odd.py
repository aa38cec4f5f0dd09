"""Correct answers to question 1 with tools that few use: compiled networks, masks of one image, figures without pyplot."""

from __future__ import annotations

from submissions.case import Case, Change, replace, without_figures
from submissions.q1_parts import AUGMENTATION, RECONSTRUCTION, augmentation, mask, reconstruction, training


def right(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q1_fresh_odd_{name}", about, 1, changes)


CASES: tuple[Case, ...] = (
    right(
        "mask_of_one_image",
        "apply_mask takes one image (1, 28, 28), as a transform of the data set, and the pictures are masked one by one.",
        mask("""
            def apply_mask(image):
                masked = image.clone()
                masked[:, :, :14] = 0
                return masked
        """),
        training("""
            class Pairs(torch.utils.data.Dataset):
                def __init__(self, inner, transform):
                    self.inner, self.transform = inner, transform

                def __len__(self):
                    return len(self.inner)

                def __getitem__(self, index):
                    image = self.inner[index][0]
                    return self.transform(image), image

            loader = torch.utils.data.DataLoader(Pairs(mnist.dataset, apply_mask), batch_size=64, shuffle=True)
            losses = []
            for epoch in range(epochs):
                total, count = 0.0, 0
                for masked, whole in loader:
                    batch_loss = loss(model(masked.flatten(1).to(device)), whole.flatten(1).to(device))
                    opt.zero_grad()
                    batch_loss.backward()
                    opt.step()
                    total += batch_loss.item() * len(whole)
                    count += len(whole)
                losses.append(total / count)
                print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
        """),
        reconstruction("""
            def reconstruct(images):
                with torch.no_grad():
                    masked = torch.stack([apply_mask(image) for image in images])
                    return model(masked.flatten(1).to(device)).reshape(images.shape).cpu()

            make_grid(reconstruct(x[None]), 1, "reconstruction")
        """),
    ),
    right(
        "compiled",
        "The network is compiled before training.",
        replace("losses = []\nfor", "compiled = torch.compile(model)\nlosses = []\nfor"),
        replace("reconstructed = model(", "reconstructed = compiled("),
    ),
    right(
        "v2_from_pillow",
        "The second generation of transforms from a Pillow picture to a tensor.",
        augmentation("""
            from torchvision.transforms import v2
            pipeline = v2.Compose([
                v2.ToPILImage(), v2.RandomAffine(10, translate=(0.2, 0.2), shear=5), v2.ToImage(), v2.ToDtype(torch.float32, scale=True),
            ])
            augmented = torch.stack([torch.as_tensor(pipeline(x)) for _ in range(3)])
            make_grid(torch.cat([augmented, reconstruct(augmented)]), columns=3)
        """),
    ),
    right(
        "pillow_as_the_last_value",
        "The reconstruction is the last value of its cell, a Pillow picture.",
        without_figures(RECONSTRUCTION),
        reconstruction("""
            from torchvision.transforms.functional import to_pil_image

            def reconstruct(images):
                with torch.no_grad():
                    return model(apply_mask(images.to(device), 28).flatten(1)).reshape(images.shape).cpu()

            to_pil_image(reconstruct(x.unsqueeze(0))[0]).resize((140, 140))
        """),
    ),
    right(
        "figure_without_pyplot",
        "Figures are made without pyplot, and are the last values of their cells; a mosaic of axes.",
        without_figures(RECONSTRUCTION),
        without_figures(AUGMENTATION),
        reconstruction("""
            from matplotlib.figure import Figure

            def reconstruct(images):
                with torch.no_grad():
                    return model(apply_mask(images.to(device), 28).flatten(1)).reshape(images.shape).cpu()

            figure = Figure(figsize=(3, 3), layout="constrained")
            axes = figure.subplots()
            axes.imshow(reconstruct(x[None])[0, 0], cmap="gray_r")
            figure
        """),
        augmentation("""
            transform = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
            figure, axes = plt.subplot_mosaic("abc;def")
            for above, below in ("ad", "be", "cf"):
                image = transform(x)
                axes[above].imshow(image[0], cmap="gray")
                axes[below].imshow(reconstruct(image[None])[0, 0], cmap="gray")
            plt.show()
        """),
    ),
)
