"""More mistakes in question 1, each with the checks that must fail, and no others."""

from __future__ import annotations

from submissions.case import Case, Change, replace, set_output, without_figures
from submissions.q1_fresh_mutants import EPOCHS, LEFT, LOW, MASKED, PLOTTED, RANGES, RIGHT, SHOWN, TARGET, THREE, TRAINED
from submissions.q1_parts import FALLING, PLOT, TRAINING, augmentation, log, mask, plot, printed, reconstruction, training

BUILT = "degrees=10, translate=(0.2, 0.2), shear=5"
PRINT = '    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")'
RECONSTRUCT = """
def reconstruct(images):
    with torch.no_grad():
        return model(apply_mask(images.to(device), image_size).flatten(1)).reshape(images.shape).cpu()

"""


def wrong(name: str, about: str, *changes: Change, fails: tuple[str, ...] = (), reviews: tuple[str, ...] = ()) -> Case:
    return Case(f"q1_fresh_more_wrong_{name}", about, 1, changes, fails, reviews)


CASES: tuple[Case, ...] = (
    wrong(
        "mask_transposed",
        "The image is transposed before the left half is set to zero, and back.",
        mask("""
            def apply_mask(x, image_size):
                t = x.transpose(2, 3).clone()
                t[..., :image_size // 2] = 0
                return t.transpose(2, 3)
        """),
        fails=(LEFT,),
    ),
    wrong(
        "mask_binarised",
        "What is left is made black and white.",
        mask("""
            def apply_mask(x, image_size):
                out = (x > 0.5).float()
                out[..., :image_size // 2] = 0
                return out
        """),
        fails=(RIGHT,),
    ),
    wrong(
        "mask_every_second_image",
        "Left and right take turns from image to image.",
        mask("""
            def apply_mask(x, image_size):
                out = x.clone()
                for i in range(len(out)):
                    if i % 2 == 0:
                        out[i, :, :, :image_size // 2] = 0
                    else:
                        out[i, :, :, image_size // 2:] = 0
                return out
        """),
        fails=(LEFT,),
    ),
    wrong(
        "mask_noise",
        "Noise takes the left half's place.",
        mask("""
            def apply_mask(x, image_size):
                out = x.clone()
                out[..., :image_size // 2] = torch.rand_like(out[..., :image_size // 2])
                return out
        """),
        fails=(LEFT,),
    ),
    wrong(
        "mask_mean",
        "The left half is filled with the image's mean.",
        mask("""
            def apply_mask(x, image_size):
                out = x.clone()
                out[..., :image_size // 2] = x.mean()
                return out
        """),
        fails=(LEFT,),
    ),
    wrong(
        "training_decoder_only",
        "The optimizer holds the decoder only.",
        replace("torch.optim.Adam(model.parameters(), lr=lr)", "torch.optim.Adam(model.decoder.parameters(), lr=lr)"),
        fails=(MASKED,),
    ),
    wrong(
        "training_every_third_epoch",
        "Only every third of the thirty rounds trains.",
        training("""
            losses = []
            for epoch in range(epochs):
                total, count = 0.0, 0
                if epoch % 3 == 0:
                    for images, _ in mnist:
                        images = images.to(device)
                        batch_loss = loss(model(apply_mask(images, image_size).flatten(1)), images.flatten(1))
                        opt.zero_grad()
                        batch_loss.backward()
                        opt.step()
                        total += batch_loss.item() * len(images)
                        count += len(images)
                    losses.append(total / count)
                    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
        """),
        set_output(TRAINING, "".join(f"Epoch: {3 * n + 1:2}\tMSE loss: {v:.4f}\n" for n, v in enumerate(FALLING[2::3]))),
        without_figures(PLOT),
        replace("range(1, epochs + 1), losses", "losses"),
        fails=(EPOCHS,),
    ),
    wrong(
        "training_three_epochs",
        "Three epochs with a large learning rate.",
        replace("epochs = 30", "epochs = 3"),
        replace("lr = 0.0002", "lr = 0.002"),
        set_output(TRAINING, log("Epoch: {n:2}\tMSE loss: {loss:.4f}", (0.0412, 0.0251, 0.0222))),
        without_figures(PLOT),
        fails=(EPOCHS,),
    ),
    wrong(
        "training_convolutional_masked_target",
        "A convolutional network learns to return the masked image, with L1.",
        printed(log("{n}: {loss:.4f}")),
        training("""
            net = nn.Sequential(
                nn.Conv2d(1, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(), nn.Flatten(),
                nn.Linear(32 * 49, 64), nn.Linear(64, 784), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28)),
            ).to(device)
            opt = torch.optim.Adam(net.parameters(), 1e-3)
            losses = []
            for epoch in range(30):
                for images, _ in mnist:
                    masked = apply_mask(images.to(device), 28)
                    opt.zero_grad()
                    l = nn.functional.l1_loss(masked, net(masked))
                    l.backward()
                    opt.step()
                losses.append(l.item())
                print(f"{epoch + 1}: {l.item():.4f}")
        """),
        reconstruction("""
            def reconstruct(images):
                with torch.no_grad():
                    return net(apply_mask(images.to(device), 28)).cpu()

            plt.imshow(reconstruct(x.unsqueeze(0)).squeeze(), cmap="gray")
            plt.show()
        """),
        fails=(TARGET,),
    ),
    wrong(
        "training_unmasked_in_a_function",
        "The function that trains calls apply_mask in its docstring only.",
        printed(log("epoch {n} loss {loss:.4f}")),
        training('''
            def train_epoch(net, loader, optimizer):
                """One epoch: apply_mask, then forward, loss, backward."""
                total = 0
                for img, _ in loader:
                    img = img.view(img.size(0), -1).to(device)
                    optimizer.zero_grad()
                    out = net(img)
                    l = ((out - img) ** 2).mean()
                    l.backward()
                    optimizer.step()
                    total += l.item()
                return total / len(loader)

            losses = []
            for e in range(epochs):
                losses.append(train_epoch(model, mnist, opt))
                print(f"epoch {e + 1} loss {losses[-1]:.4f}")
        '''),
        fails=(MASKED,),
    ),
    wrong(
        "loss_scientific",
        "The loss is written as 5.1e-02.",
        replace(PRINT, '    print(f"epoch {epoch + 1:2d} loss {losses[-1]:.1e}")'),
        set_output(TRAINING, log("epoch {n:2d} loss {loss:.1e}", tuple(value + 0.0364 for value in FALLING))),
        fails=(LOW,),
    ),
    wrong(
        "plot_of_times",
        "The seconds of each epoch are plotted.",
        replace("losses = []\nfor", "losses, seconds = [], []\nfor"),
        replace(PRINT, PRINT + "\n    seconds.append(10 + 0.01 * (epoch * 7 % 5))"),
        without_figures(PLOT),
        plot('plt.plot(seconds)\nplt.ylabel("seconds")\nplt.show()'),
        fails=(PLOTTED,),
    ),
    wrong(
        "plot_of_the_learning_rate",
        "The learning rate falls from epoch to epoch, and is what is plotted.",
        replace(
            "losses = []\nfor",
            "schedule = torch.optim.lr_scheduler.ExponentialLR(opt, 0.95)\nlosses, rates = [], []\nfor",
        ),
        replace(PRINT, PRINT + "\n    rates.append(opt.param_groups[0]['lr'])\n    schedule.step()"),
        without_figures(PLOT),
        plot('plt.plot(rates)\nplt.xlabel("epoch")\nplt.ylabel("learning rate")\nplt.show()'),
        fails=(PLOTTED,),
    ),
    wrong(
        "mask_returns_the_input",
        "The copy is masked, and the input is returned.",
        mask("""
            def apply_mask(x, image_size):
                x_masked = x.clone()
                x_masked[:, :, :, :image_size // 2] = 0
                return x
        """),
        fails=(LEFT,),
    ),
    wrong(
        "ranges_of_two_transforms_without_shear",
        "RandomRotation, and RandomAffine for the translation; no shear.",
        replace(
            f"torchvision.transforms.RandomAffine({BUILT})",
            "torchvision.transforms.Compose([\n    torchvision.transforms.RandomRotation(10),\n"
            "    torchvision.transforms.RandomAffine(0, translate=(0.2, 0.2)),\n])",
        ),
        fails=(RANGES,),
    ),
    wrong(
        "picture_of_nothing",
        "A black image goes into the network.",
        reconstruction(
            RECONSTRUCT + "nothing = torch.zeros_like(x)\nplt.imshow(reconstruct(nothing.unsqueeze(0)).squeeze(), cmap='gray')\nplt.show()"
        ),
        fails=(SHOWN,),
    ),
    wrong(
        "picture_by_class_again",
        "The class is instantiated in the line that reconstructs.",
        replace("        return model(masked.flatten(1))", "        return MLPAutoencoder(2, 784, 256, 64).eval()(masked.flatten(1))"),
        fails=(TRAINED,),
    ),
    wrong(
        "ranges_shear_constant",
        "Always five degrees of shear.",
        replace(BUILT, "degrees=10, translate=(0.2, 0.2), shear=(5, 5)"),
        fails=(RANGES,),
    ),
    wrong(
        "ranges_translate_vertical",
        "0.2 and 0.4.",
        replace(BUILT, "degrees=(-10, 10), translate=(0.2, 0.4), shear=(-5, 5)"),
        fails=(RANGES,),
    ),
    wrong(
        "ranges_degrees_negative_only",
        "-10 to 0.",
        replace(BUILT, "degrees=(-10, 0), translate=(0.2, 0.2), shear=(-5, 5)"),
        fails=(RANGES,),
    ),
    wrong(
        "augmented_one_reconstruction",
        "Three augmented images and the reconstruction of the first.",
        augmentation("""
            transform = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
            images = [transform(x) for _ in range(3)]
            for image in images:
                plt.imshow(image[0], cmap="gray")
                plt.show()
            plt.imshow(reconstruct(images[0].unsqueeze(0))[0, 0], cmap="gray")
            plt.show()
        """),
        without_figures("RandomAffine"),
        fails=(THREE,),
    ),
)
