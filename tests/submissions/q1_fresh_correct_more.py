"""More correct answers to question 1 that are written in less usual ways."""

from __future__ import annotations

import math

from submissions.case import Case, Change, remove, replace, set_output, without_figures
from submissions.q1_parts import (
    AUGMENTATION,
    FALLING,
    PLOT,
    RECONSTRUCTION,
    TRAINING,
    augmentation,
    log,
    mask,
    plot,
    printed,
    reconstruction,
    settings,
    training,
)

PRINT = '    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")'


def right(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q1_fresh_more_{name}", about, 1, changes)


CASES: tuple[Case, ...] = (
    right(
        "mask_keyword_only",
        "The image's size can only be given by name.",
        mask("""
            def apply_mask(x, *, image_size):
                x = x.clone()
                x[:, 0, :, : image_size // 2] *= 0
                return x
        """),
        replace("apply_mask(images, image_size)", "apply_mask(images, image_size=28)"),
        replace("apply_mask(images.to(device), image_size)", "apply_mask(images.to(device), image_size=28)"),
    ),
    right(
        "mask_defined_twice",
        "The random mask of class stands first, and the left half takes its name.",
        mask("""
            def apply_mask(x, image_size, mask_size=8):
                # version of class
                x = x.clone()
                for i in range(len(x)):
                    r, c = np.random.randint(0, image_size - mask_size, 2)
                    x[i, :, r:r + mask_size, c:c + mask_size] = 0
                return x

            def apply_mask(x, image_size, mask_size=None):
                # new version
                mask_size = mask_size or image_size // 2
                out = x.detach().clone()
                out[:, :, :, 0:mask_size] = 0
                return out
        """),
    ),
    right(
        "training_tensor_data_set",
        "All images are masked once, before training, and make a TensorDataset of pairs.",
        training("""
            whole = torch.stack([image for image, _ in mnist.dataset])
            pairs = torch.utils.data.TensorDataset(apply_mask(whole, image_size), whole)
            loader = torch.utils.data.DataLoader(pairs, batch_size=batch_size, shuffle=True)
            losses = []
            for epoch in range(epochs):
                total, count = 0.0, 0
                for m, w in loader:
                    m, w = m.to(device).flatten(1), w.to(device).flatten(1)
                    opt.zero_grad()
                    batch_loss = loss(model(m), w)
                    batch_loss.backward()
                    opt.step()
                    total += batch_loss.item() * len(w)
                    count += len(w)
                losses.append(total / count)
                print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
        """),
    ),
    right(
        "training_closure",
        "The optimizer's step is given a closure.",
        training("""
            losses = []
            for epoch in range(epochs):
                total, count = 0.0, 0
                for images, _ in mnist:
                    images = images.to(device)

                    def closure():
                        opt.zero_grad()
                        value = loss(model(apply_mask(images, image_size).flatten(1)), images.flatten(1))
                        value.backward()
                        return value

                    batch_loss = opt.step(closure)
                    total += batch_loss.item() * len(images)
                    count += len(images)
                losses.append(total / count)
                print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
        """),
    ),
    right(
        "training_no_reduction",
        "mse_loss without a reduction, averaged over pixels and over images.",
        replace(
            "loss(reconstructed, images.flatten(1))",
            "nn.functional.mse_loss(reconstructed, images.flatten(1), reduction='none').mean(dim=1).mean(dim=0)",
        ),
    ),
    right(
        "training_both_halves_weighted",
        "The hidden half counts twice as much as the visible one.",
        replace(
            "        batch_loss = loss(reconstructed, images.flatten(1))",
            "        out = reconstructed.view_as(images)\n"
            "        batch_loss = (2 * loss(out[..., :14], images[..., :14]) + loss(out[..., 14:], images[..., 14:])) / 3",
        ),
    ),
    right(
        "training_data_parallel",
        "The network is wrapped for several GPUs.",
        replace("losses = []\nfor", "model = nn.DataParallel(model)\nlosses = []\nfor"),
    ),
    right(
        "training_random_split",
        "A tenth of the training images is set apart; its loss is printed last.",
        printed("".join(f"Epoch {n}/30  train 0.{round(v * 1e4):04d}  val 0.{round(v * 1.08e4):04d}\n" for n, v in enumerate(FALLING, 1))),
        without_figures(PLOT),
        plot("""
            plt.plot(losses, label="train"); plt.plot(val_losses, "--", label="val")
            plt.legend(); plt.xlabel("epoch")
            plt.ylabel("reconstruction loss (MSE)")
        """),
        training("""
            n_val = len(mnist.dataset) // 10
            train_set, val_set = torch.utils.data.random_split(mnist.dataset, [len(mnist.dataset) - n_val, n_val])
            train_loader = torch.utils.data.DataLoader(train_set, batch_size=64, shuffle=True)
            val_loader = torch.utils.data.DataLoader(val_set, batch_size=256)
            losses, val_losses = [], []
            for epoch in range(epochs):
                model.train()
                total = 0
                for images, _ in train_loader:
                    images = images.to(device)
                    opt.zero_grad()
                    l = loss(model(apply_mask(images, 28).flatten(1)), images.flatten(1))
                    l.backward()
                    opt.step()
                    total += l.item() * images.size(0)
                losses.append(total / len(train_set))
                model.eval()
                total = 0
                with torch.no_grad():
                    for images, _ in val_loader:
                        images = images.to(device)
                        total += loss(model(apply_mask(images, 28).flatten(1)), images.flatten(1)).item() * images.size(0)
                val_losses.append(total / len(val_set))
                print(f"Epoch {epoch + 1}/{epochs}  train {losses[-1]:.4f}  val {val_losses[-1]:.4f}")
        """),
    ),
    right(
        "log_carriage_return",
        "One line that is written over again and again.",
        replace(PRINT, '    print(f"\\rEpoch {epoch + 1}/30 loss {losses[-1]:.4f}", end="")'),
        set_output(TRAINING, log("\rEpoch {n}/30 loss {loss:.4f}").replace("\n", "")),
    ),
    right(
        "log_learning_rate_last",
        "The learning rate and the signal-to-noise ratio follow.",
        replace(
            PRINT,
            '    print(f"Epoch {epoch + 1}/30 - loss: {losses[-1]:.4f} - lr: {lr:.4f} - PSNR: {-10 * math.log10(losses[-1]):.2f} dB")',
        ),
        set_output(
            TRAINING,
            "".join(f"Epoch {n}/30 - loss: {v:.4f} - lr: 0.0002 - PSNR: {-10 * math.log10(v):.2f} dB\n" for n, v in enumerate(FALLING, 1)),
        ),
    ),
    right(
        "log_table",
        "A table of lines and bars.",
        replace("losses = []\nfor", 'print("| epoch |   MSE   |")\nprint("|------:|--------:|")\nlosses = []\nfor'),
        replace(PRINT, '    print(f"| {epoch + 1:5d} | {losses[-1]:.5f} |")'),
        set_output(TRAINING, "| epoch |   MSE   |\n|------:|--------:|\n" + log("| {n:5d} | {loss:.5f} |")),
    ),
    right(
        "log_decimal_comma",
        "A German log with decimal commas.",
        replace(PRINT, '    print(f"Epoche {epoch + 1}: Verlust {losses[-1]:.4f}".replace(".", ","))'),
        set_output(TRAINING, log("Epoche {n}: Verlust {loss:.4f}").replace(".", ",")),
    ),
    right(
        "live_plot",
        "The plot is drawn anew after each epoch, with clear_output; the loss stands in its title and in one line.",
        remove(PLOT),
        set_output(TRAINING, f"epoch 30, loss {FALLING[-1]:.4f}\n"),
        replace(
            PRINT,
            "    clear_output(wait=True)\n    plt.plot(losses)\n    plt.title(f'loss after {epoch + 1} epochs')\n    plt.show()\n"
            "    print(f'epoch {epoch + 1}, loss {losses[-1]:.4f}')",
        ),
        replace("losses = []\nfor", "from IPython.display import clear_output\nlosses = []\nfor"),
    ),
    right(
        "pictures_while_training",
        "Reconstructions of some training digits are drawn every ten epochs, in the training cell.",
        replace(
            PRINT,
            PRINT + "\n    if epoch % 10 == 0:\n        fig, ax = plt.subplots(1, 4)\n        for k in range(4):\n"
            "            ax[k].imshow(reconstructed[k].detach().cpu().view(28, 28), cmap='gray')\n        plt.show()",
        ),
    ),
    right(
        "plot_of_bars",
        "A bar for each epoch.",
        without_figures(PLOT),
        plot('plt.bar(range(1, epochs + 1), losses)\nplt.xlabel("epoch"); plt.ylabel("reconstruction loss (MSE)")\nplt.show()'),
    ),
    right(
        "plot_axes_by_hand",
        "Axes by add_axes, a step line, a text and a grid.",
        without_figures(PLOT),
        plot("""
            fig = plt.figure(figsize=(6, 3))
            ax = fig.add_axes([0.1, 0.15, 0.85, 0.75])
            ax.step(np.arange(1, 31), losses, where="mid", color="k", lw=1)
            ax.annotate(f"{losses[-1]:.4f}", (30, losses[-1]))
            ax.set_xlabel("epoch"); ax.set_ylabel("reconstruction loss (MSE)"); ax.grid(True)  # plt.ylabel("reconstruction loss (MSE)")
            fig.show()
        """),
    ),
    right(
        "pictures_composite",
        "The reconstruction, and beside it the picture whose left half is the reconstruction's.",
        without_figures(RECONSTRUCTION),
        without_figures(AUGMENTATION),
        reconstruction("""
            @torch.no_grad()
            def inpaint(image):
                model.eval()
                rec = model.forward(apply_mask(image[None], 28).reshape(1, -1).to(device)).reshape(1, 28, 28).cpu()
                return rec, torch.cat([rec[..., :14], image[..., 14:]], -1)

            rec, composite = inpaint(x)
            for title, image in {"input": x, "reconstruction": rec, "composite": composite}.items():
                plt.figure(figsize=(2, 2))
                plt.imshow(image[0], cmap="gray", interpolation="nearest", extent=(0, 28, 28, 0))
                plt.title(title)
            plt.show()
        """),
        augmentation("""
            from functools import partial
            make = partial(torchvision.transforms.RandomAffine, translate=(0.2, 0.2), shear=5)
            transform = make(10)
            while True:
                images = [transform.forward(x) for _ in range(3)]
                break
            fig, axes = plt.subplots(3, 2, sharex=True, sharey=True, figsize=(4, 6))
            for row, image in zip(axes, images):
                rec, _ = inpaint(image)
                row[0].imshow(image[0], cmap="gray"); row[1].imshow(rec[0], cmap="gray")
            plt.setp(axes, xticks=[], yticks=[])
            plt.show()
        """),
    ),
    right(
        "own_network_sizes",
        "Another number of layers, bottleneck and activation; SGD with momentum and a learning rate that rises.",
        settings("""
            image_size, batch_size, epochs = 28, 100, 30
            number_of_hidden_layers = 1
            mnist = load_mnist(batch_size=batch_size)
            model = MLPAutoencoder(1, 784, 400, 20, nn.Tanh(), nn.Tanh())
            model.to(device)
            opt = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9, nesterov=True)
            scheduler = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=1.0, epochs=30, steps_per_epoch=len(mnist))
            loss = lambda a, b: torch.pow(a - b, 2).mean()
        """),
        replace("        opt.step()\n", "        opt.step()\n        scheduler.step()\n"),
    ),
)
