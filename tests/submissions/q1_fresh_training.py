"""Correct networks and training loops of question 1.1, and pictures of 1.2 and 1.3, as students write them from the handout alone."""

from __future__ import annotations

from textwrap import dedent

from submissions.case import Case, Change, insert_after, replace, set_output, without_figures
from submissions.q1_parts import (
    AUGMENTATION,
    FALLING,
    RECONSTRUCTION,
    TRAINING,
    augmentation,
    log,
    printed,
    reconstruction,
    settings,
    training,
)

LOADER = """
    image_size, batch_size, epochs = 28, 64, 30
    torch.manual_seed(0)
    mnist = load_mnist(batch_size)
"""


def right(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q1_fresh_{name}", about, 1, changes)


CASES: tuple[Case, ...] = (
    right(
        "unet",
        "A small U-net with skip connections, whose loss is MSE plus a tenth of L1.",
        settings(
            LOADER
            + """
    class UNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.enc1 = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU())
            self.enc2 = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), nn.ReLU())
            self.mid = nn.Sequential(nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16 * 49, 16 * 49), nn.ReLU(), nn.Unflatten(1, (16, 7, 7)))
            self.up2 = nn.ConvTranspose2d(16, 16, 2, stride=2)
            self.up1 = nn.ConvTranspose2d(32, 8, 2, stride=2)
            self.out = nn.Conv2d(16, 1, 3, padding=1)

        def forward(self, x):
            e1 = self.enc1(x)
            e2 = self.enc2(e1)
            d2 = self.up2(self.mid(e2))
            d1 = self.up1(torch.cat([d2, e2], dim=1))
            return torch.sigmoid(self.out(torch.cat([d1, e1], dim=1)))

    model = UNet().to(device)
    opt = torch.optim.Adam(model.parameters(), lr=1e-3)
"""
        ),
        printed(log("Epoch {n}: train loss {loss:.5f}")),
        training("""
            losses = []
            for epoch in range(epochs):
                model.train()
                running = 0.0
                for i, (img, _) in enumerate(mnist, 0):
                    img = img.to(device)
                    opt.zero_grad()
                    out = model(apply_mask(img, image_size))
                    l = nn.functional.mse_loss(out, img) + 0.1 * nn.functional.l1_loss(out, img)
                    l.backward()
                    opt.step()
                    running += l.item()
                losses.append(running / (i + 1))
                print(f"Epoch {epoch + 1}: train loss {losses[-1]:.5f}")
        """),
        reconstruction("""
            def reconstruct(images):
                model.eval()
                with torch.no_grad():
                    return model(apply_mask(images.to(device), 28)).cpu()

            plt.matshow(reconstruct(x[None]).squeeze(), cmap="gray")
            plt.show()
        """),
    ),
    right(
        "sequential_smooth_l1",
        "A Sequential with Flatten and Unflatten that is defined in the training cell, and the smooth L1 loss.",
        printed(log("epoch={n} loss={loss:.4f}", tuple(value / 2 for value in FALLING))),
        training("""
            autoencoder = nn.Sequential(
                nn.Flatten(),
                nn.Linear(784, 256), nn.GELU(), nn.Linear(256, 32),
                nn.Linear(32, 256), nn.GELU(), nn.Linear(256, 784), nn.Sigmoid(),
                nn.Unflatten(1, (1, 28, 28)),
            ).to(device)
            optimizer = torch.optim.RMSprop(autoencoder.parameters(), lr=5e-4)
            criterion = nn.SmoothL1Loss()
            losses = []
            for epoch in range(30):
                for step, batch in enumerate(mnist):
                    img = batch[0].to(device)
                    pred = autoencoder(apply_mask(img, 28))
                    l = criterion(img, pred)
                    optimizer.zero_grad(); l.backward(); optimizer.step()
                losses.append(l.item())
                print(f"epoch={epoch + 1} loss={l.item():.4f}")
        """),
        reconstruction("""
            def reconstruct(images):
                return autoencoder(images.to(device)).detach().cpu()

            fig = plt.figure()
            ax = fig.add_subplot(121); ax.imshow(x[0], cmap="gray"); ax.set_title("input")
            ax = fig.add_subplot(122); ax.imshow(reconstruct(x.unsqueeze(0))[0][0], cmap="gray"); ax.set_title("output")
        """),
    ),
    right(
        "two_training_cells",
        "Ten epochs in one cell, twenty more in the next; the list of losses goes on.",
        replace("for epoch in range(epochs):", "for epoch in range(10):"),
        set_output(TRAINING, log("Epoch: {n:2}\tMSE loss: {loss:.4f}", FALLING[:10])),
        insert_after(
            TRAINING,
            dedent("""
                # go on for another 20 epochs
                for epoch in range(10, 30):
                    total, count = 0.0, 0
                    for images, _ in mnist:
                        images = images.to(device)
                        batch_loss = loss(model(apply_mask(images, image_size).flatten(1)), images.flatten(1))
                        opt.zero_grad(set_to_none=True)
                        batch_loss.backward()
                        opt.step()
                        total += batch_loss.item() * len(images)
                        count += len(images)
                    losses.append(total / count)
                    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
            """).strip(),
            prints="".join(f"Epoch: {n:2}\tMSE loss: {value:.4f}\n" for n, value in enumerate(FALLING[10:], 11)),
        ),
    ),
    right(
        "autocast_and_scaler",
        "Mixed precision as for a GPU: autocast and GradScaler, both off without one.",
        training("""
            use_amp = torch.cuda.is_available()
            scaler = torch.amp.GradScaler(device.type, enabled=use_amp)
            losses = []
            for epoch in range(epochs):
                total, count = 0.0, 0
                for images, _ in mnist:
                    images = images.to(device, non_blocking=True)
                    opt.zero_grad(set_to_none=True)
                    with torch.autocast(device_type=device.type, dtype=torch.float16, enabled=use_amp):
                        reconstructed = model(apply_mask(images, image_size).flatten(start_dim=1))
                        batch_loss = loss(reconstructed, images.flatten(start_dim=1))
                    scaler.scale(batch_loss).backward()
                    scaler.step(opt)
                    scaler.update()
                    total += batch_loss.item() * len(images)
                    count += len(images)
                losses.append(total / count)
                print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
        """),
    ),
    right(
        "pictures_make_grid_of_torchvision_utils",
        "Everything goes through torchvision.utils.make_grid and permute; the three augmented images come from three loops.",
        reconstruction("""
            import torchvision.utils as vutils

            def reconstruct(images):
                flat = images.view(images.size(0), -1).to(device)
                return model(flat).view_as(images).detach().cpu()

            grid = vutils.make_grid(torch.cat([x.unsqueeze(0), reconstruct(x.unsqueeze(0))]), nrow=2, padding=2, pad_value=0.5)
            plt.figure(figsize=(4, 2))
            plt.imshow(grid.permute(1, 2, 0))
            plt.axis('off')
        """),
        augmentation("""
            from torchvision.transforms import v2
            affine = v2.RandomAffine(degrees=[-10, 10], translate=[0.2, 0.2], shear=[-5.0, 5.0],
                                     interpolation=v2.InterpolationMode.BILINEAR, fill=0)
            aug = [affine(x) for i in range(3)]
            rec = [reconstruct(a.unsqueeze(0)).squeeze(0) for a in aug]
            plt.figure(figsize=(6, 4))
            plt.imshow(vutils.make_grid(aug + rec, nrow=3).permute(1, 2, 0))
            plt.axis('off')
        """),
    ),
    right(
        "pictures_many_figures",
        "One figure a picture, with plt.figure(i) in a loop; each image has a transform of its own in a list.",
        without_figures(RECONSTRUCTION),
        without_figures(AUGMENTATION),
        reconstruction("""
            model.eval()
            inp = x.clone().to(device).view(1, 28 * 28)
            out = model(inp)
            out_img = out.view(28, 28).cpu().data.numpy()
            plt.gray()
            plt.imshow(out_img)
            plt.colorbar()
            plt.show()
        """),
        augmentation("""
            from torchvision import transforms
            tfs = [transforms.RandomAffine((-10, 10), (.2, .2), None, (-5, 5)) for _ in range(3)]
            images = [tf(x) for tf in tfs]
            for i, im in enumerate(images, 1):
                plt.figure(i)
                plt.imshow(im.view(28, 28), cmap='gray')
                plt.title('augmented %d' % i)
            plt.show()
            for i, im in enumerate(images, 1):
                plt.figure(10 + i)
                y = model(apply_mask(im.unsqueeze(0).to(device), image_size).view(1, 784))
                plt.imshow(y.detach().cpu().reshape(28, 28), cmap='gray')
                plt.title('reconstruction %d' % i)
            plt.show()
        """),
    ),
    right(
        "pictures_found_by_index",
        "The 3 is put into a list with digits of the test set and found again by its index; the batch is masked and reconstructed at once.",
        without_figures(RECONSTRUCTION),
        reconstruction("""
            def reconstruct(images):
                with torch.no_grad():
                    return model(apply_mask(images.to(device), 28).flatten(1)).view(-1, 1, 28, 28).cpu()

            test = load_mnist(9, train=False)
            batch, labels = next(iter(test))
            batch = torch.cat((x.view(1, 1, 28, 28), batch))
            names = ["mine"] + [str(int(l)) for l in labels]
            outputs = reconstruct(batch)
            index = names.index("mine")
            plt.subplot(1, 2, 1); plt.imshow(batch[index, 0], cmap="Greys_r")
            plt.subplot(1, 2, 2); plt.imshow(outputs[index, 0], cmap="Greys_r")
            plt.suptitle("the 3 and its reconstruction")
        """),
    ),
    right(
        "pictures_compose_of_compose",
        "A Compose within a Compose, with degrees as floats and a clamp behind; the pictures are drawn by axes.flat and zip.",
        augmentation("""
            import torchvision.transforms as T
            aug = T.Compose([T.Compose([T.RandomAffine(degrees=(-10.0, 10.0), translate=(1 / 5, 1 / 5), shear=(-5, 5))]),
                             T.Lambda(lambda t: t.clamp(0, 1))])
            samples = torch.cat([aug(x.reshape(1, 1, 28, 28)) for _ in range(3)], 0)
            recs = reconstruct(samples)
            fig, axs = plt.subplots(3, 2, figsize=(4, 6))
            for (left, right), s, r in zip(axs, samples, recs):
                left.imshow(s.squeeze(0), cmap='gray'); right.imshow(r.squeeze(0), cmap='gray')
                left.set_axis_off(); right.set_axis_off()
            fig.tight_layout()
        """),
    ),
)
