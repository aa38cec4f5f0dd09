"""Mistakes in the training of 1.1 and in the pictures of 1.2 and 1.3 as students make them, each with the checks that must fail."""

from __future__ import annotations

from submissions.case import Case, remove, replace, set_output, without_figures
from submissions.q1_fresh_mutants import BUILT, EPOCHS, LOW, MASKED, PLOTTED, PRINT, RANGES, SHOWN, TARGET, THREE, TRAINED, wrong
from submissions.q1_parts import FALLING, PLOT, TRAINING, augmentation, log, plot, printed, reconstruction, training

TRAININGS: tuple[Case, ...] = (
    wrong(
        "training_masked_only_for_show",
        "The masked images are kept for a picture, and the network gets the whole ones.",
        training("""
            losses = []
            for epoch in range(epochs):
                total = 0
                for data in mnist:
                    x_real = data[0].to(device)
                    with torch.no_grad():
                        x_masked = apply_mask(x_real, image_size)
                    x_in = x_real.reshape(x_real.shape[0], -1)
                    opt.zero_grad()
                    x_rec = model(x_in)
                    l = loss(x_rec, x_real.reshape(x_real.shape[0], -1))
                    l.backward()
                    opt.step()
                    total += l.item() * x_real.shape[0]
                losses.append(total / len(mnist.dataset))
                print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
        """),
        fails=(MASKED,),
    ),
    wrong(
        "training_data_set_of_masked_pairs",
        "A Dataset masks the image and returns it as input and as target.",
        training("""
            class MaskedMNIST(torch.utils.data.Dataset):
                def __init__(self, data): self.data = data
                def __len__(self): return len(self.data)
                def __getitem__(self, index):
                    image, label = self.data[index]
                    image = apply_mask(image.unsqueeze(0), image_size).squeeze(0)
                    return image, image

            loader = torch.utils.data.DataLoader(MaskedMNIST(mnist.dataset), batch_size=64, shuffle=True)
            losses = []
            for epoch in range(epochs):
                total = 0
                for source, target in loader:
                    source, target = source.to(device).flatten(1), target.to(device).flatten(1)
                    opt.zero_grad()
                    l = loss(model(source), target)
                    l.backward()
                    opt.step()
                    total += l.item()
                losses.append(total / len(loader))
                print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")
        """),
        fails=(TARGET,),
    ),
    wrong(
        "training_target_is_the_input",
        "criterion(output, inputs), where inputs are what the network was given, with BCE.",
        printed(log("Epoch {n} loss {loss:.4f}")),
        training("""
            criterion = nn.BCELoss()
            losses = []
            for epoch in range(epochs):
                for images, _ in mnist:
                    inputs = apply_mask(images, image_size).view(-1, 784).to(device)
                    output = model(inputs)
                    l = criterion(output, inputs)
                    opt.zero_grad()
                    l.backward()
                    opt.step()
                losses.append(l.item())
                print("Epoch", epoch + 1, "loss", f"{l.item():.4f}")
        """),
        fails=(TARGET,),
    ),
    wrong(
        "training_break_at_ten",
        "A break ends the loop after ten of the thirty epochs.",
        replace(PRINT, PRINT + "\n    if epoch == 9:\n        break"),
        set_output(TRAINING, log("Epoch: {n:2}\tMSE loss: {loss:.4f}", FALLING[:10])),
        replace("range(1, epochs + 1), losses", "range(1, len(losses) + 1), losses"),
        without_figures(PLOT),
        fails=(EPOCHS,),
    ),
    wrong(
        "training_twenty_five_epochs",
        "A while loop that ends at 25.",
        set_output(TRAINING, log("Epoch: {n:2}\tMSE loss: {loss:.4f}", FALLING[:25])),
        replace("for epoch in range(epochs):", "epochs = 25\nfor epoch in range(epochs):"),
        without_figures(PLOT),
        fails=(EPOCHS,),
    ),
    wrong(
        "training_network_made_again",
        "The network is made anew after its optimizer.",
        replace("losses = []\nfor", "model = MLPAutoencoder(2, 784, 256, 64).to(device)\nlosses = []\nfor"),
        fails=(MASKED,),
    ),
    wrong(
        "training_scheduler_only",
        "scheduler.step() stands where opt.step() should.",
        replace("losses = []\nfor", "scheduler = torch.optim.lr_scheduler.StepLR(opt, 10)\nlosses = []\nfor"),
        replace("        opt.step()\n", "        scheduler.step()\n"),
        fails=(MASKED,),
    ),
    wrong(
        "training_loss_as_a_new_tensor",
        "The loss is made a new tensor that requires a gradient, so none reaches the network.",
        replace("        batch_loss.backward()", "        torch.tensor(batch_loss.item(), requires_grad=True).backward()"),
        fails=(MASKED,),
    ),
    wrong(
        "training_no_zero_grad",
        "zero_grad is forgotten.",
        replace("        opt.zero_grad()\n        batch_loss", "        batch_loss"),
        fails=(MASKED,),
    ),
    wrong(
        "training_loss_high_in_a_list",
        "The list of losses ends at 0.045.",
        replace(PRINT, "print('losses:', [round(l, 4) for l in losses])"),
        set_output(TRAINING, f"losses: {[round(value + 0.03, 4) for value in FALLING]}\n"),
        fails=(LOW,),
    ),
    wrong(
        "training_loss_high_in_brackets",
        "Epoch [30/30], Loss: 0.0511.",
        replace(PRINT, '    print(f"Epoch [{epoch + 1}/{epochs}], Loss: {losses[-1]:.4f}")'),
        set_output(TRAINING, log("Epoch [{n}/30], Loss: {loss:.4f}", tuple(value + 0.0365 for value in FALLING))),
        fails=(LOW,),
    ),
    wrong(
        "plot_of_the_epochs",
        "The plot shows the epoch numbers against themselves.",
        without_figures(PLOT),
        replace("plt.plot(range(1, epochs + 1), losses)", "plt.plot(range(1, epochs + 1), range(epochs))"),
        fails=(PLOTTED,),
    ),
    wrong(
        "plot_of_a_histogram",
        "A histogram of the weights instead of the loss.",
        without_figures(PLOT),
        plot('plt.hist(model.encoder.net[0].weight.detach().cpu().flatten(), 50)\nplt.xlabel("weight")\nplt.show()'),
        fails=(PLOTTED,),
    ),
    wrong(
        "plot_empty",
        "The axes are empty: the loss is never plotted.",
        without_figures(PLOT),
        plot('plt.figure()\nplt.title("loss"); plt.xlabel("epoch"); plt.ylabel("loss")\nplt.show()'),
        fails=(PLOTTED,),
    ),
    wrong("plot_deleted", "No cell plots the loss; the marker is left as it was.", remove(PLOT), fails=(PLOTTED,)),
)
PICTURES: tuple[Case, ...] = (
    wrong(
        "picture_masked_again",
        "The masked 3 is shown under the title reconstruction.",
        replace(
            "plt.imshow(reconstruct(x.unsqueeze(0)).squeeze(), cmap",
            "output = reconstruct(x.unsqueeze(0))\nfig, ax = plt.subplots(1, 2)\nax[0].imshow(x[0], cmap='gray')\n"
            "plt.imshow(apply_mask(x.unsqueeze(0), image_size).squeeze(), cmap",
        ),
        fails=(SHOWN,),
    ),
    wrong(
        "picture_weights_made_anew",
        "model.apply draws all weights anew before 1.2.",
        replace(
            "def reconstruct(images):",
            "def weights_init(m):\n    if isinstance(m, nn.Linear):\n        nn.init.xavier_uniform_(m.weight)\n\n"
            "model.apply(weights_init)\n\ndef reconstruct(images):",
        ),
        fails=(TRAINED,),
    ),
    wrong(
        "picture_network_copied_before_training",
        "The network that is asked was copied before the training.",
        replace("losses = []\nfor", "import copy\nautoencoder = copy.deepcopy(model)\nlosses = []\nfor"),
        replace("        return model(masked", "        return autoencoder(masked"),
        fails=(TRAINED,),
    ),
    wrong(
        "picture_of_a_five",
        "A five of the test set is reconstructed and shown.",
        reconstruction("""
            def reconstruct(images):
                model.eval()
                with torch.no_grad():
                    return model(apply_mask(images.to(device), image_size).flatten(1)).reshape(images.shape).cpu()

            images, labels = next(iter(load_mnist(64, train=False)))
            five = images[(labels == 5).nonzero()[0]]
            plt.imshow(reconstruct(five).squeeze(), cmap="gray")
            plt.show()
        """),
        fails=(SHOWN,),
    ),
    wrong(
        "picture_line_of_784",
        "The output is drawn as it comes, a line of 784 pixels.",
        reconstruction("""
            def reconstruct(images):
                with torch.no_grad():
                    return model(apply_mask(images.to(device), image_size).flatten(1)).cpu()

            plt.figure(figsize=(12, 1))
            plt.imshow(reconstruct(x.unsqueeze(0)), cmap="gray", aspect="auto")
            plt.show()
        """),
        replace("reconstruct(augmented)", "reconstruct(augmented).view(-1, 1, 28, 28)"),
        fails=(SHOWN,),
    ),
    wrong("ranges_five_degrees", "Five degrees only.", replace(BUILT, "degrees=5, translate=(0.2, 0.2), shear=5"), fails=(RANGES,)),
    wrong("ranges_ten_to_ten", "Always ten degrees.", replace(BUILT, "degrees=(10, 10), translate=(0.2, 0.2), shear=5"), fails=(RANGES,)),
    wrong("ranges_translate_tenth", "Moves by a tenth.", replace(BUILT, "degrees=10, translate=(0.1, 0.1), shear=5"), fails=(RANGES,)),
    wrong("ranges_translate_slip", "Moves by 0.2 and 0.02.", replace(BUILT, "10, (0.2, 0.02), None, 5"), fails=(RANGES,)),
    wrong("ranges_shear_twenty", "Shears by 20 degrees.", replace(BUILT, "degrees=10, translate=(0.2, 0.2), shear=20"), fails=(RANGES,)),
    wrong("ranges_scale_for_shear", "A scale, and no shear.", replace(BUILT, "10, (0.2, 0.2), (0.8, 1.2)"), fails=(RANGES,)),
    wrong(
        "augmented_one_draw_in_a_loop",
        "The transform is called before the loop, and the loop shows its result three times.",
        augmentation("""
            transform = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
            aug = transform(x)
            fig, axes = plt.subplots(2, 3)
            for i in range(3):
                axes[0, i].imshow(aug.squeeze(), cmap='gray')
                axes[1, i].imshow(reconstruct(aug.unsqueeze(0)).squeeze(), cmap='gray')
            plt.show()
        """),
        fails=(THREE,),
    ),
    wrong(
        "augmented_after_reconstruction",
        "The reconstruction of the 3 is made once, and then augmented three times beside the augmented 3.",
        augmentation("""
            transform = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
            rec = reconstruct(x.unsqueeze(0)).squeeze(0)
            for i in range(3):
                plt.subplot(2, 3, i + 1); plt.imshow(transform(x).squeeze(), cmap='gray')
                plt.subplot(2, 3, i + 4); plt.imshow(transform(rec).squeeze(), cmap='gray')
            plt.show()
        """),
        fails=(THREE,),
    ),
    wrong(
        "augmented_two",
        "range(2): two augmented images and two reconstructions.",
        augmentation("""
            transform = torchvision.transforms.RandomAffine(degrees=10, translate=(0.2, 0.2), shear=5)
            for i in range(1, 3):
                a = transform(x)
                plt.imshow(a.squeeze(), cmap='gray'); plt.show()
                plt.imshow(reconstruct(a.unsqueeze(0)).squeeze(), cmap='gray'); plt.show()
        """),
        without_figures("RandomAffine"),
        fails=(THREE,),
    ),
)
CASES: tuple[Case, ...] = (*TRAININGS, *PICTURES)
