"""Correct training loops of question 1.1, with the logs they print and the plots they draw."""

from __future__ import annotations

from submissions.case import Case, replace
from submissions.q1_parts import FALLING, log, printed, reconstruction, settings, training

OWN_LOADER = """
    image_size = 28
    BATCH = {batch}
    torch.manual_seed(0)
    mnist = torch.utils.data.DataLoader(
        torchvision.datasets.MNIST(root='./data', train=True, download=True,
                                   transform=torchvision.transforms.Compose([torchvision.transforms.ToTensor()])),
        batch_size=BATCH, shuffle=True, num_workers=0)
    model = MLPAutoencoder(2, 784, 256, 64).to(device)
    opt = {optimizer}
    loss = nn.MSELoss()
    epochs = 30
    # number_of_hidden_layers = 2
"""

CASES: tuple[Case, ...] = (
    Case(
        "q1_training_without_a_function_call",
        "The loop masks a clone itself and never calls apply_mask; the epochs are counted by while; another name for their number.",
        1,
        (
            printed(log("epoch {n}/30 - loss: {loss:.6f}")),
            training("""
                NUM_EPOCHS = 30
                e = 0
                losses = []
                while e < NUM_EPOCHS:
                    running = 0
                    for x_batch, _ in mnist:
                        x_batch = x_batch.to(device)
                        corrupted = x_batch.clone()
                        corrupted[:, :, :, :image_size // 2] = 0
                        opt.zero_grad()
                        out = model(corrupted.reshape(-1, 784))
                        L = loss(x_batch.reshape(-1, 784), out)
                        L.backward()
                        opt.step()
                        running += L.item()
                    losses.append(running / len(mnist))
                    e += 1
                    print(f'epoch {e}/{NUM_EPOCHS} - loss: {losses[-1]:.6f}')
            """),
        ),
    ),
    Case(
        "q1_training_in_a_function",
        "A function train(model, loader, ...) with a nested function returns the losses; one line a tenth epoch, as in the course.",
        1,
        (
            printed("Epoch: 1\tMSE Loss: 0.0634\nEpoch: 11\tMSE Loss: 0.0186\nEpoch: 21\tMSE Loss: 0.0157\n"),
            training("""
                def train(net, loader, criterion, optimizer, n_epochs=30):
                    def one_epoch():
                        values = []
                        for img, _ in loader:
                            img = img.to(device)
                            masked = apply_mask(img, image_size)
                            optimizer.zero_grad()
                            rec = net(masked.view(img.size(0), -1)).view_as(img)
                            l = criterion(rec, img)
                            l.backward()
                            optimizer.step()
                            values.append(l.item())
                        return np.mean(values)
                    history = []
                    for epoch in range(n_epochs):
                        history.append(one_epoch())
                        if epoch % 10 == 0:
                            print('Epoch: {}\\tMSE Loss: {:.4f}'.format(epoch + 1, history[-1]))
                    return history

                losses = train(model, mnist, loss, opt)  # opt.zero_grad() is in there
            """),
        ),
    ),
    Case(
        "q1_training_loss_by_hand",
        "The squared difference is written by hand, and the mean printed as a list at the end.",
        1,
        (
            printed("[" + ", ".join(repr(round(value, 5)) for value in FALLING) + "]\n"),
            replace("loss(reconstructed, images.flatten(1))", "((images.flatten(1) - reconstructed) ** 2).mean()"),
            replace('    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")', "print(losses)"),
        ),
    ),
    Case(
        "q1_training_l1",
        "Trains with the absolute error, whose values lie higher.",
        1,
        (
            replace("loss = nn.MSELoss()", "loss = nn.L1Loss()"),
            printed(log("Epoch [{n}/30], Loss: {loss:.4f}", tuple(value * 1.9 for value in FALLING))),
            replace('print(f"Epoch: {epoch + 1:2}\\tMSE loss', 'print(f"Epoch [{epoch + 1}/30], Loss'),
        ),
    ),
    Case(
        "q1_training_sum_of_absolute_values_by_hand",
        "torch.abs of the difference, its mean, and F.mse_loss only for the log, without gradient.",
        1,
        (
            replace(
                "        batch_loss = loss(reconstructed, images.flatten(1))",
                "        batch_loss = torch.mean(torch.abs(images.flatten(1) - reconstructed))\n"
                "        with torch.no_grad():\n            shown = loss(reconstructed, images.flatten(1))",
            ),
            replace("batch_loss.item() *", "shown.item() *"),
        ),
    ),
    Case(
        "q1_training_adamw_and_a_schedule",
        "AdamW with a cosine schedule and gradient clipping, batches of 128 from a data loader of their own.",
        1,
        (
            settings(
                OWN_LOADER.format(batch=128, optimizer="optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)")
                + "    scheduler = optim.lr_scheduler.CosineAnnealingLR(opt, T_max=epochs)\n"
            ),
            replace("batch_loss.backward()", "batch_loss.backward()\n        nn.utils.clip_grad_norm_(model.parameters(), 5.0)"),
            replace("    losses.append(total / count)", "    losses.append(total / count)\n    scheduler.step()"),
        ),
    ),
    Case(
        "q1_training_sgd_large_batches",
        "SGD with momentum and a large learning rate, batches of 512.",
        1,
        (settings(OWN_LOADER.format(batch=512, optimizer="torch.optim.SGD(model.parameters(), lr=1.0, momentum=0.9)")),),
    ),
    Case(
        "q1_training_tqdm",
        "A tqdm bar over the epochs shows the loss on stderr, and the last one is printed.",
        1,
        (
            printed("Final training loss 0.0148\n"),
            training("""
                from tqdm.auto import tqdm, trange
                losses = []
                bar = trange(30)
                for _ in bar:
                    for images, labels in tqdm(mnist, leave=False):
                        images = images.to(device)
                        opt.zero_grad(set_to_none=True)
                        out = model(apply_mask(images, image_size).view(-1, image_size ** 2))
                        batch_loss = loss(out, images.view(-1, image_size ** 2))
                        batch_loss.backward()
                        opt.step()
                        bar.set_postfix(loss=batch_loss.item())
                    losses.append(batch_loss.detach().cpu().numpy())
                tqdm.write(f'Final training loss {losses[-1]:.4f}')
            """),
        ),
    ),
    Case(
        "q1_training_tensors_by_hand",
        "Loads all digits into one tensor and cuts its batches by a permutation.",
        1,
        (
            training("""
                digits = torchvision.datasets.MNIST('data', train=True, download=True)
                all_images = (digits.data.float() / 255).unsqueeze(1).to(device)
                losses = []
                for epoch in range(epochs):
                    order = torch.randperm(len(all_images))
                    sums = 0.
                    for i in range(0, len(order), batch_size):
                        images = all_images[order[i:i + batch_size]]
                        opt.zero_grad()
                        l = loss(model(apply_mask(images, image_size).reshape(len(images), -1)), images.reshape(len(images), -1))
                        l.backward()
                        opt.step()
                        sums += l.item() * len(images)
                    losses.append(sums / len(order))
                    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
            """),
        ),
    ),
    Case(
        "q1_training_masked_in_a_data_set",
        "A Dataset of its own returns the masked image and the whole one.",
        1,
        (
            training("""
                class Masked(torch.utils.data.Dataset):
                    def __init__(self, inner):
                        self.inner = inner
                    def __len__(self):
                        return len(self.inner)
                    def __getitem__(self, i):
                        image, _ = self.inner[i]
                        return apply_mask(image.unsqueeze(0), 28)[0], image

                pairs = torch.utils.data.DataLoader(Masked(mnist.dataset), batch_size=64, shuffle=True, drop_last=True)
                losses = []
                for epoch in range(1, 31):
                    for masked, whole in pairs:
                        masked, whole = masked.to(device), whole.to(device)
                        opt.zero_grad()
                        batch_loss = loss(model(masked.flatten(1)), whole.flatten(1))
                        batch_loss.backward()
                        opt.step()
                    losses.append(float(batch_loss))
                    print(f"Epoch: {epoch:2}\\tMSE loss: {losses[-1]:.4f}")
            """),
        ),
    ),
    Case(
        "q1_training_masked_in_forward",
        "The network masks its own input in forward.",
        1,
        (
            replace(
                "    def forward(self, x: torch.Tensor):\n        return self.decode(self.encode(x))",
                "    def forward(self, x: torch.Tensor):\n"
                "        x = apply_mask(x.view(-1, 1, 28, 28), 28).flatten(1)\n"
                "        return self.decode(self.encode(x))",
            ),
            replace("model(apply_mask(images, image_size).flatten(1))", "model(images.flatten(1))"),
            reconstruction("""
                def reconstruct(images):
                    with torch.no_grad():
                        return model(images.to(device).flatten(1)).reshape(images.shape).cpu()

                plt.imshow(reconstruct(x[None])[0, 0], cmap="gray")
            """),
        ),
    ),
    Case(
        "q1_training_convolutional",
        "A convolutional autoencoder in one Sequential with binary cross entropy; it takes and returns (B, 1, 28, 28).",
        1,
        (
            settings("""
                image_size, batch_size, epochs = 28, 32, 30
                mnist = load_mnist(batch_size)
                model = nn.Sequential(
                    nn.Conv2d(1, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8), nn.ReLU(),
                    nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(),
                    nn.Flatten(), nn.Linear(16 * 49, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 16 * 49), nn.Unflatten(1, (16, 7, 7)),
                    nn.ConvTranspose2d(16, 8, 2, stride=2), nn.ReLU(), nn.ConvTranspose2d(8, 1, 2, stride=2), nn.Sigmoid(),
                ).to(device)
                opt = torch.optim.Adam(model.parameters(), 1e-3)
                loss = nn.BCELoss()
            """),
            replace("model(apply_mask(images, image_size).flatten(1))", "model(apply_mask(images, image_size))"),
            replace("loss(reconstructed, images.flatten(1))", "loss(reconstructed, images)"),
            replace("model(masked.flatten(1)).reshape(images.shape)", "model(masked)"),
            printed(log("Epoch: {n:2}\tBCE loss: {loss:.4f}", tuple(value * 6 for value in FALLING))),
            replace("MSE loss: {", "BCE loss: {"),
        ),
    ),
    Case(
        "q1_training_two_modules",
        "Encoder and decoder are trained as two modules without a common one, with BCE on logits.",
        1,
        (
            settings("""
                image_size, batch_size, epochs = 28, 100, 30
                mnist = load_mnist(batch_size)
                encoder = nn.Sequential(nn.Linear(784, 300), nn.Tanh(), nn.Linear(300, 50)).to(device)
                decoder = nn.Sequential(nn.Linear(50, 300), nn.Tanh(), nn.Linear(300, 784)).to(device)
                model = lambda images: decoder(encoder(images))
                opt = torch.optim.Adam(list(encoder.parameters()) + list(decoder.parameters()), lr=1e-3)
                loss = nn.functional.binary_cross_entropy_with_logits
            """),
            replace("    model.eval()\n", ""),
            replace("return model(masked.flatten(1)).", "return torch.sigmoid(model(masked.flatten(1)))."),
            printed(log("Epoch: {n:2}\tMSE loss: {loss:.4f}", tuple(value * 6 for value in FALLING))),
        ),
    ),
    Case(
        "q1_training_with_validation",
        "A validation pass over the test digits follows each epoch, and both losses are printed.",
        1,
        (
            printed(log("Epoch {n}: train loss {loss:.4f}, val loss 0.0151")),
            replace(
                '    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")',
                "    model.eval()\n"
                "    with torch.no_grad():\n"
                "        val = [loss(model(apply_mask(v, image_size).flatten(1)), v.flatten(1)).item()\n"
                "               for v, _ in load_mnist(256, False)]\n"
                "    model.train()\n"
                "    print(f'Epoch {epoch + 1}: train loss {losses[-1]:.4f}, val loss {np.mean(val):.4f}')",
            ),
        ),
    ),
    Case(
        "q1_training_normalised_images",
        "The images are normalised to -1 to 1 before masking, and the mask still writes zeros.",
        1,
        (
            replace("        images = images.to(device)\n", "        images = (images.to(device) - 0.5) / 0.5\n"),
            replace("nn.Sigmoid())", "nn.Tanh())"),
            printed(log("Epoch: {n:2}\tMSE loss: {loss:.4f}", tuple(value * 4 for value in FALLING))),
        ),
    ),
)
