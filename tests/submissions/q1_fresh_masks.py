"""Correct masks of question 1.1 as students write them from the handout alone."""

from __future__ import annotations

from submissions.case import Case, Change, replace
from submissions.q1_parts import log, mask, printed, settings, training


def right(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q1_fresh_{name}", about, 1, changes)


CASES: tuple[Case, ...] = (
    right(
        "mask_size_required",
        "apply_mask takes the mask's width as a third argument that must be given, and copies the right half into zeros.",
        mask("""
            def apply_mask(x, image_size, mask_size):
                x_masked = torch.zeros_like(x)
                x_masked[:, :, :, mask_size:image_size] = x[:, :, :, mask_size:image_size]
                return x_masked
        """),
        replace("apply_mask(images, image_size)", "apply_mask(images, image_size, image_size // 2)"),
        replace("apply_mask(images.to(device), image_size)", "apply_mask(images.to(device), image_size, image_size // 2)"),
    ),
    right(
        "mask_global_squeezed_double",
        "The mask of ones and zeros is a numpy array outside of the function; the result is squeezed and of double precision.",
        mask("""
            half_mask = np.ones((28, 28))
            half_mask[:, 0:14] = 0.0

            def apply_mask(x):
                return x.squeeze(1) * torch.from_numpy(half_mask).to(x.device)
        """),
        replace("apply_mask(images, image_size).flatten(1)", "apply_mask(images).float().flatten(1)"),
        replace(
            "masked = apply_mask(images.to(device), image_size)\n        return model(masked.flatten(1))",
            "masked = apply_mask(images.to(device))\n        return model(masked.float().flatten(1))",
        ),
    ),
    right(
        "mask_chunk",
        "The image is cut in two with chunk; zeros_like takes the left part's place.",
        mask("""
            def apply_mask(x: torch.Tensor, image_size: int = 28) -> torch.Tensor:
                left, right = torch.chunk(x, 2, dim=-1)
                return torch.cat((torch.zeros_like(left), right), dim=-1)
        """),
    ),
    right(
        "mask_erase",
        "torchvision's erase writes the rectangle.",
        mask("""
            import torchvision.transforms.functional as TF

            def apply_mask(x, image_size):
                return TF.erase(x, i=0, j=0, h=image_size, w=image_size // 2, v=0.0, inplace=False)
        """),
    ),
    right(
        "mask_rows_one_by_one",
        "Loops over images and rows with enumerate, on a copy made by copy_.",
        mask("""
            def apply_mask(x, image_size):
                masked_x = torch.empty_like(x).copy_(x)
                half = int(image_size / 2)
                for b, img in enumerate(masked_x):
                    for r, row in enumerate(img[0]):
                        masked_x[b, 0, r, :half] = torch.zeros(half)
                return masked_x
        """),
    ),
    right(
        "mask_in_the_transform",
        "The data set's transform returns a pair of the masked and the whole image, with a lambda that calls apply_mask.",
        settings("""
            image_size, batch_size, epochs = 28, 64, 30
            torch.manual_seed(0)
            to_tensor = torchvision.transforms.ToTensor()
            model = MLPAutoencoder(number_of_hidden_layers=2, input_size=784, hidden_size=256, latent_size=64).to(device)
            opt = torch.optim.Adam(model.parameters(), lr=0.0002)
            loss = nn.MSELoss()
        """),
        training("""
            pair = torchvision.transforms.Compose([
                torchvision.transforms.ToTensor(),
                torchvision.transforms.Lambda(lambda t: (apply_mask(t, image_size), t)),
            ])
            train_set = torchvision.datasets.MNIST("data", train=True, download=True, transform=pair)
            train_loader = torch.utils.data.DataLoader(train_set, batch_size=batch_size, shuffle=True)

            losses = []
            for epoch in range(epochs):
                total, count = 0.0, 0
                for (masked, clean), _ in train_loader:
                    masked, clean = masked.to(device), clean.to(device)
                    opt.zero_grad()
                    batch_loss = loss(model(masked.flatten(1)), clean.flatten(1))
                    batch_loss.backward()
                    opt.step()
                    total += batch_loss.item() * len(clean)
                    count += len(clean)
                losses.append(total / count)
                print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
        """),
    ),
    right(
        "mask_in_collate",
        "The loader's collate function stacks the images and masks them; loss(target, output).",
        printed(log("[{n:>3}/30] loss = {loss:.3e}")),
        training("""
            def collate(items):
                whole = torch.stack([image for image, _ in items])
                return apply_mask(whole, image_size), whole

            loader = torch.utils.data.DataLoader(mnist.dataset, batch_size=128, shuffle=True, collate_fn=collate)
            losses = []
            for epoch in range(1, epochs + 1):
                epoch_losses = []
                for masked, whole in loader:
                    opt.zero_grad()
                    l = loss(whole.to(device).view(-1, 784), model(masked.to(device).view(-1, 784)))
                    l.backward()
                    opt.step()
                    epoch_losses.append(l.item())
                losses.append(sum(epoch_losses) / len(epoch_losses))
                print(f"[{epoch:>3}/{epochs}] loss = {losses[-1]:.3e}")
        """),
    ),
    right(
        "mask_made_by_a_function",
        "A function makes the mask once, and the gradients are set back by model.zero_grad().",
        mask("""
            def make_mask(image_size):
                keep = torch.ones(1, 1, image_size, image_size)
                keep[:, :, :, torch.arange(image_size) < image_size / 2] = 0
                return keep

            keep = make_mask(28)

            def apply_mask(x, image_size=28):
                return torch.mul(x, keep.to(x.device).expand_as(x))
        """),
        replace("        opt.zero_grad()\n", "        model.zero_grad()  # opt.zero_grad()\n"),
        replace("epoch in range(epochs)", "epoch in list(range(epochs))"),
    ),
    right(
        "mask_swapaxes",
        "The columns are brought to the front, index_fill makes them zero, and the axes go back.",
        mask("""
            def apply_mask(x, image_size):
                columns = x.swapaxes(0, 3)
                return columns.index_fill(0, torch.arange(image_size // 2, device=x.device), 0.).swapaxes(0, 3)
        """),
        replace("masked.flatten(1)", "masked.reshape(len(masked), 784)"),
    ),
)
