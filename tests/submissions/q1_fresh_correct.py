"""Correct answers to question 1 as students write them from the handout alone: masks, loops, logs, plots, pictures."""

from __future__ import annotations

from textwrap import dedent

import nbformat
from submissions.case import Case, Cells, Change, find, insert_after, replace, set_output, without_figures
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

LOADER = """
    image_size, batch_size, epochs = 28, 64, 30
    torch.manual_seed(0)
    mnist = load_mnist(batch_size)
"""


def right(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q1_fresh_{name}", about, 1, changes)


def on_stderr(containing: str, text: str) -> Change:
    """Let a code cell have written `text` to stderr only."""

    def change(cells: Cells) -> None:
        find(cells, containing).outputs = [nbformat.v4.new_output("stream", name="stderr", text=text)]

    return change


def shown_value(containing: str, text: str) -> Change:
    """Let the last line of a code cell have the value that is shown as `text`, and nothing else be printed."""

    def change(cells: Cells) -> None:
        cell = find(cells, containing)
        cell.outputs = [nbformat.v4.new_output("execute_result", data={"text/plain": text}, execution_count=cell.execution_count)]

    return change


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
        "losses_per_batch",
        "Prints every hundredth batch, as in a tutorial, and plots the loss of every batch with a moving average.",
        set_output(
            TRAINING,
            "".join(
                f"Epoch [{n}/30], Step [{step}/938], Loss: {value * (1 + 0.03 * (step % 3)):.4f}\n"
                for n, value in enumerate(FALLING, 1)
                for step in range(100, 1000, 100)
            ),
        ),
        without_figures(PLOT),
        plot("""
            # reconstruction loss: plt.ylabel("reconstruction loss (MSE)")
            window = 50
            smooth = np.convolve(batch_losses, np.ones(window) / window, mode='valid')
            plt.plot(batch_losses, alpha=0.3)
            plt.plot(np.arange(len(smooth)) + window, smooth, color='C1')
            plt.yscale('log')
            plt.xlabel('iteration'); plt.ylabel('MSE')
        """),
        training("""
            batch_losses = []
            total_step = len(mnist)
            for epoch in range(epochs):
                for i, (images, labels) in enumerate(mnist):
                    images = images.to(device)
                    masked = apply_mask(images, image_size)
                    outputs = model(masked.reshape(-1, 28 * 28))
                    l = loss(outputs, images.reshape(-1, 28 * 28))

                    opt.zero_grad()
                    l.backward()
                    opt.step()

                    batch_losses.append(l.item())
                    if (i + 1) % 100 == 0:
                        print('Epoch [{}/{}], Step [{}/{}], Loss: {:.4f}'.format(epoch + 1, epochs, i + 1, total_step, l.item()))
        """),
    ),
    right(
        "tqdm_postfix_only",
        "The loss stands nowhere but in the bars of tqdm on stderr.",
        on_stderr(
            TRAINING,
            "".join(
                f"Epoch {n}/30: 100%|██████████| 938/938 [00:09<00:00, 97.31it/s, loss={value:.4f}]\n" for n, value in enumerate(FALLING, 1)
            ),
        ),
        training("""
            from tqdm import tqdm
            losses = []
            for epoch in range(epochs):
                running = 0.0
                progress = tqdm(mnist, desc=f"Epoch {epoch + 1}/{epochs}")
                for step, (images, _) in enumerate(progress, start=1):
                    images = images.to(device)
                    opt.zero_grad()
                    batch_loss = loss(model(apply_mask(images, image_size).flatten(1)), images.flatten(1))
                    batch_loss.backward()
                    opt.step()
                    running += batch_loss.item()
                    progress.set_postfix(loss=f"{running / step:.4f}")
                losses.append(running / len(mnist))
        """),
    ),
    right(
        "time_magic_and_test_loss",
        "%%time, a sum of seconds and a test loss are printed after the training loss.",
        printed(
            log("Epoch {n:02d} | train loss: {loss:.4f} | 9.8s")
            + "Finished training in 294.5 s\nTest MSE: 0.0163\nCPU times: user 4min 58s, sys: 3.1 s, total: 5min 1s\nWall time: 4min 54s\n"
        ),
        training("""
            %%time
            start = time.time()
            losses = []
            for epoch in range(epochs):
                t0 = time.time()
                s = 0
                for images, _ in mnist:
                    images = images.to(device)
                    opt.zero_grad()
                    batch_loss = loss(model(apply_mask(images, image_size).flatten(1)), images.flatten(1))
                    batch_loss.backward()
                    opt.step()
                    s += batch_loss.item()
                losses.append(s / len(mnist))
                print(f"Epoch {epoch + 1:02d} | train loss: {losses[-1]:.4f} | {time.time() - t0:.1f}s")
            print(f"Finished training in {time.time() - start:.1f} s")
            model.eval()
            with torch.no_grad():
                test = [loss(model(apply_mask(t, 28).flatten(1)), t.flatten(1)).item() for t, _ in load_mnist(1000, train=False)]
            print(f"Test MSE: {np.mean(test):.4f}")
        """),
    ),
    right(
        "chinese_log",
        "The log and the comments are in Chinese, with full-width punctuation.",
        printed(log("第{n}轮，损失：{loss:.6f}")),
        replace(
            'print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")', 'print(f"第{epoch + 1}轮，损失：{losses[-1]:.6f}")  # 打印损失'
        ),
    ),
    right(
        "data_frame",
        "The losses are a data frame, shown at the end of the cell and plotted by pandas.",
        shown_value(
            TRAINING,
            "    epoch       mse\n"
            + "".join(f"{n:<2}     {n + 1:2}  {value:.6f}\n" for n, value in enumerate(FALLING[-5:], 25)).rstrip("\n"),
        ),
        without_figures(PLOT),
        replace('    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")', "", kind="code"),
        plot("""
            df.plot(x="epoch", y="mse", marker="o", grid=True, title="reconstruction loss", logy=True)
            plt.ylabel("reconstruction loss (MSE)");
        """),
        replace(
            "    losses.append(total / count)\n",
            "    losses.append(total / count)\n"
            "import pandas as pd\n"
            "df = pd.DataFrame({'epoch': range(1, epochs + 1), 'mse': losses})\n"
            "df.tail()",
        ),
    ),
    right(
        "history_dictionary",
        "A dictionary of lists keeps the history; only the best and the last loss are printed, with six digits.",
        printed("best loss: 0.014597 (epoch 30)\nfinal loss: 0.014597\n"),
        replace("losses = []\n", "losses = []\nhistory = {'loss': losses, 'epoch': []}\n"),
        replace('    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")', "    history['epoch'].append(epoch + 1)"),
        replace(
            "    history['epoch'].append(epoch + 1)",
            "    history['epoch'].append(epoch + 1)\n"
            'print(f"best loss: {min(losses):.6f} (epoch {losses.index(min(losses)) + 1})")\n'
            'print(f"final loss: {losses[-1]:.6f}")',
        ),
        without_figures(PLOT),
        plot("""
            fig, ax = plt.subplots(figsize=(7, 4))
            ax.plot(history['epoch'], history['loss'], '-o', ms=3)
            ax.set(xlabel='epoch', ylabel='loss', title='Masked autoencoder')  # plt.ylabel("reconstruction loss (MSE)")
            ax.fill_between(history['epoch'], history['loss'], alpha=.2)
        """),
    ),
    right(
        "seaborn",
        "The plot was drawn with seaborn, which not every computer has.",
        plot("""
            import seaborn as sns
            sns.set_theme()
            sns.lineplot(x=range(1, epochs + 1), y=losses)
            plt.xlabel("epoch")
            plt.ylabel("reconstruction loss (MSE)")
            plt.show()
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
