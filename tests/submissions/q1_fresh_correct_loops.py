"""Correct training loops of question 1.1 whose steps, gradients, losses or batches are handled in a way of their own."""

from __future__ import annotations

from submissions.case import Case, Change, replace
from submissions.q1_parts import FALLING, log, printed, reconstruction, training


def right(name: str, about: str, *changes: Change) -> Case:
    return Case(f"q1_fresh_loop_{name}", about, 1, changes)


CASES: tuple[Case, ...] = (
    right(
        "zero_grad_last",
        "The gradients are set back at the end of each round.",
        replace(
            "        opt.zero_grad()\n        batch_loss.backward()\n        opt.step()\n",
            "        batch_loss.backward()\n        opt.step()\n        opt.zero_grad()\n",
        ),
    ),
    right(
        "gradients_to_none",
        "Each parameter's gradient is set to None by hand.",
        replace("        opt.zero_grad()\n", "        for p in model.parameters():\n            p.grad = None\n"),
    ),
    right(
        "accumulated_gradients",
        "A step after every second batch, with half the loss of each.",
        training("""
            losses = []
            for epoch in range(epochs):
                total, count = 0.0, 0
                opt.zero_grad()
                for i, (images, _) in enumerate(mnist):
                    images = images.to(device)
                    batch_loss = loss(model(apply_mask(images, image_size).flatten(1)), images.flatten(1))
                    (batch_loss / 2).backward()
                    if i % 2 == 1 or i + 1 == len(mnist):
                        opt.step()
                        opt.zero_grad()
                    total += batch_loss.item() * len(images)
                    count += len(images)
                losses.append(total / count)
                print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
        """),
    ),
    right(
        "two_optimizers",
        "Encoder and decoder have an optimizer each.",
        replace(
            "losses = []\nfor",
            "opt_encoder = torch.optim.Adam(model.encoder.parameters(), lr=lr)\n"
            "opt_decoder = torch.optim.Adam(model.decoder.parameters(), lr=lr)\nlosses = []\nfor",
        ),
        replace("        opt.zero_grad()\n", "        opt_encoder.zero_grad(); opt_decoder.zero_grad()\n"),
        replace("        opt.step()\n", "        opt_encoder.step(); opt_decoder.step()\n"),
    ),
    right(
        "descent_by_hand",
        "No optimizer: the parameters are moved by hand.",
        replace("        opt.zero_grad()\n", "        model.zero_grad()\n"),
        replace(
            "        opt.step()\n",
            "        with torch.no_grad():\n            for p in model.parameters():\n                p -= 2.0 * p.grad\n",
        ),
    ),
    right(
        "norm",
        "The loss is a squared norm over the number of pixels.",
        replace("loss(reconstructed, images.flatten(1))", "torch.linalg.norm(reconstructed - images.flatten(1)) ** 2 / images.numel()"),
    ),
    right(
        "sum_over_numel",
        "The squares are summed and divided by the number of pixels.",
        replace("loss(reconstructed, images.flatten(1))", "(reconstructed - images.flatten(1)).square().sum() / images.numel()"),
    ),
    right("huber", "The Huber loss.", replace("loss = nn.MSELoss()", "loss = nn.HuberLoss(delta=0.5)")),
    right(
        "variational",
        "A variational autoencoder with cross entropy and the divergence, summed over a batch and divided by its size.",
        printed(
            log("Epoch {n}: {loss:.4f}", tuple(90 + 4000 * value for value in FALLING)) + "reconstruction MSE of the last batch: 0.0151\n"
        ),
        training("""
            class VAE(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.enc = nn.Sequential(nn.Linear(784, 400), nn.ReLU())
                    self.mu, self.logvar = nn.Linear(400, 20), nn.Linear(400, 20)
                    self.dec = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784), nn.Sigmoid())

                def forward(self, x):
                    h = self.enc(x)
                    mu, logvar = self.mu(h), self.logvar(h)
                    z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu) if self.training else mu
                    return self.dec(z), mu, logvar

            vae = VAE().to(device)
            optimizer = torch.optim.Adam(vae.parameters(), lr=1e-3)
            losses = []
            for epoch in range(epochs):
                total = 0
                for images, _ in mnist:
                    whole = images.view(-1, 784).to(device)
                    recon, mu, logvar = vae(apply_mask(images, image_size).view(-1, 784).to(device))
                    bce = nn.functional.binary_cross_entropy(recon, whole, reduction="sum")
                    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
                    optimizer.zero_grad()
                    (bce + kld).backward()
                    optimizer.step()
                    total += (bce + kld).item()
                losses.append(total / len(mnist.dataset))
                print(f"Epoch {epoch + 1}: {losses[-1]:.4f}")
            print(f"reconstruction MSE of the last batch: {nn.functional.mse_loss(recon, whole).item():.4f}")
        """),
        reconstruction("""
            def reconstruct(images):
                vae.eval()
                with torch.no_grad():
                    recon, _, _ = vae(apply_mask(images.to(device), image_size).view(-1, 784))
                return recon.view(images.shape).cpu()

            plt.imshow(reconstruct(x.unsqueeze(0)).squeeze(), cmap="gray")
            plt.show()
        """),
    ),
    right(
        "steps_counted",
        "One loop over all steps of thirty epochs, with an iterator that begins anew when it ends.",
        training("""
            losses, running = [], []
            batches = iter(mnist)
            for step in range(1, epochs * len(mnist) + 1):
                try:
                    images, _ = next(batches)
                except StopIteration:
                    batches = iter(mnist)
                    images, _ = next(batches)
                images = images.to(device)
                opt.zero_grad()
                batch_loss = loss(model(apply_mask(images, image_size).flatten(1)), images.flatten(1))
                batch_loss.backward()
                opt.step()
                running.append(batch_loss.item())
                if step % len(mnist) == 0:
                    losses.append(sum(running) / len(running))
                    running = []
                    print(f"Epoch: {step // len(mnist):2}\\tMSE loss: {losses[-1]:.4f}")
        """),
    ),
    right(
        "workers",
        "A loader of the student's own with worker processes and pinned memory.",
        replace(
            "losses = []\nfor",
            "mnist = torch.utils.data.DataLoader(mnist.dataset, batch_size=64, shuffle=True, num_workers=2, pin_memory=True,\n"
            "                                    persistent_workers=True)\nlosses = []\nfor",
        ),
    ),
    right(
        "moved_to_the_processor",
        "The network goes to the processor before the pictures are made, and its gradients are switched off.",
        reconstruction("""
            model = model.cpu().eval().requires_grad_(False)

            def reconstruct(images):
                return model(apply_mask(images, 28).flatten(1)).unflatten(1, (1, 28, 28))

            rec = reconstruct(x[None])
            plt.subplot(121); plt.imshow(x[0], cmap="bone"); plt.subplot(122); plt.imshow(rec[0, 0], cmap="bone")
        """),
    ),
    right(
        "three_of_the_data_set",
        "A loop looks for the first 3 of the test set; it is reconstructed beside the given one.",
        reconstruction("""
            def reconstruct(images):
                with torch.no_grad():
                    return model(apply_mask(images.to(device), 28).flatten(1)).reshape(images.shape).cpu()

            for image, label in load_mnist(1, train=False).dataset:
                if label == 3:
                    break
            both = torch.stack([x, image])
            make_grid(torch.cat([both, reconstruct(both)]), columns=2, title="given, found; reconstructed")
        """),
    ),
)
