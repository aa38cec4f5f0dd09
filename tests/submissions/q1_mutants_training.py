"""Mistakes in the training of question 1.1, in what it reports, and in its plot."""

from __future__ import annotations

from submissions.case import Case, Change, remove, replace
from submissions.q1_parts import FALLING, PLOT, log, plot, printed, reconstruction, training

MASKED, TARGET, EPOCHS = "q1_1.trains_on_masked_images", "q1_1.target_is_the_unmasked_image", "q1_1.trains_for_30_epochs"
LOSS, SHOWN = "q1_1.reports_a_low_loss", "q1_1.shows_a_loss_plot"
TRAINED = "q1_2.uses_the_trained_autoencoder"
CALL = "model(apply_mask(images, image_size).flatten(1))"
TARGET_LINE = "loss(reconstructed, images.flatten(1))"
PRINT = '    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")'


def wrong(name: str, about: str, *changes: Change, fails: tuple[str, ...] = (), reviews: tuple[str, ...] = ()) -> Case:
    return Case(f"q1_wrong_training_{name}", about, 1, changes, fails, reviews)


CASES: tuple[Case, ...] = (
    wrong("no_mask", "The loop gives the network whole images.", replace(CALL, "model(images.flatten(1))"), fails=(MASKED,)),
    wrong(
        "mask_thrown_away",
        "The loop calls apply_mask but does not use what it returns.",
        replace(f"reconstructed = {CALL}", "masked = apply_mask(images, image_size)\n        reconstructed = model(images.flatten(1))"),
        fails=(MASKED,),
    ),
    wrong(
        "mask_on_another_batch",
        "Only the first batch of each epoch is masked.",
        replace(CALL, "model((apply_mask(images, image_size) if count == 0 else images).flatten(1))"),
        fails=(MASKED,),
    ),
    wrong(
        "target_masked",
        "The masked image is the target.",
        replace(TARGET_LINE, "loss(reconstructed, apply_mask(images, image_size).flatten(1))"),
        fails=(TARGET,),
    ),
    wrong(
        "name_used_again",
        "The name of the images is used for the masked ones, before the loss.",
        replace("images = images.to(device)", "images = apply_mask(images.to(device), image_size)"),
        replace(CALL, "model(images.flatten(1))"),
        fails=(TARGET,),
    ),
    wrong(
        "target_masked_first_argument",
        "The masked image is the target, as the loss's first argument.",
        replace(TARGET_LINE, "loss(apply_mask(images, image_size).flatten(1), reconstructed)"),
        fails=(TARGET,),
    ),
    wrong(
        "target_masked_by_hand",
        "The masked image is the target of a hand-written loss.",
        replace(TARGET_LINE, "((reconstructed - apply_mask(images, image_size).flatten(1)) ** 2).mean()"),
        fails=(TARGET,),
    ),
    wrong(
        "target_zeros",
        "The reconstruction is compared with zeros.",
        replace(TARGET_LINE, "loss(reconstructed, torch.zeros_like(reconstructed))"),
        fails=(TARGET,),
    ),
    wrong(
        "loss_of_the_right_half",
        "Only the right half counts in the loss.",
        replace(TARGET_LINE, "loss(reconstructed.view(-1, 28, 28)[:, :, 14:], images[:, 0, :, 14:])"),
        fails=(TARGET,),
    ),
    wrong(
        "swapped",
        "The network is given the whole image and has to produce the masked one.",
        replace(CALL, "model(images.flatten(1))"),
        replace(TARGET_LINE, "loss(reconstructed, apply_mask(images, image_size).flatten(1))"),
        fails=(MASKED, TARGET),
    ),
    wrong("no_backward", "backward is missing.", replace("        batch_loss.backward()\n", ""), fails=(MASKED,)),
    wrong("no_step", "step is missing.", replace("        opt.step()\n", ""), fails=(MASKED,)),
    wrong("step_not_called", "step without parentheses.", replace("opt.step()", "opt.step"), fails=(MASKED,)),
    wrong(
        "zero_grad_before_step",
        "The gradient is set to zero between backward and step.",
        replace("        opt.zero_grad()\n        batch_loss.backward()\n", "        batch_loss.backward()\n        opt.zero_grad()\n"),
        fails=(MASKED,),
    ),
    wrong(
        "optimizer_of_another_network",
        "The optimizer moves the parameters of a network that was made before.",
        replace("loss = nn.MSELoss()", "loss = nn.MSELoss()\nmodel = MLPAutoencoder(2, 784, 256, 64).to(device)"),
        fails=(MASKED,),
    ),
    wrong(
        "optimizer_of_the_encoder",
        "The optimizer holds only the encoder's parameters.",
        replace("torch.optim.Adam(model.parameters(), lr=lr)", "torch.optim.Adam(model.encoder.parameters(), lr=lr)"),
        fails=(MASKED,),
    ),
    wrong("learning_rate_zero", "The learning rate is zero.", replace("lr = 0.0002", "lr = 0.0"), fails=(MASKED,)),
    wrong(
        "detached",
        "The reconstruction is detached before the loss.",
        replace(TARGET_LINE, "loss(reconstructed.detach().requires_grad_(), images.flatten(1))"),
        fails=(MASKED,),
    ),
    wrong(
        "ten_epochs",
        "Ten epochs, as in class.",
        replace("epochs = 30", "epochs = 10"),
        printed(log("Epoch: {n:2}\tMSE loss: {loss:.4f}", FALLING[:10])),
        fails=(EPOCHS,),
    ),
    wrong(
        "five_epochs",
        "Five epochs; the plot shows all five.",
        replace("epochs = 30", "epochs = 5"),
        printed(log("Epoch: {n:2}\tMSE loss: {loss:.4f}", (0.0634, 0.04, 0.031, 0.029, 0.0272))),
        fails=(EPOCHS,),
    ),
    wrong(
        "twenty_nine_epochs",
        "The loop begins at 1 and ends before 30.",
        replace("for epoch in range(epochs):", "for epoch in range(1, epochs):"),
        replace("range(1, epochs + 1), losses", "range(1, epochs), losses"),
        fails=(EPOCHS,),
    ),
    wrong(
        "thirty_steps",
        "Thirty steps on one batch instead of thirty epochs.",
        replace("    for images, _ in mnist:", "    for images, _ in [next(iter(mnist))]:"),
        fails=(EPOCHS,),
    ),
    wrong(
        "break_after_one_batch",
        "Every epoch ends after its first batch.",
        replace("        count += len(images)", "        count += len(images)\n        break"),
        fails=(EPOCHS,),
    ),
    wrong(
        "new_network_each_epoch",
        "A new network and optimizer at the start of every epoch.",
        replace(
            "    total, count = 0.0, 0",
            "    total, count = 0.0, 0\n    model = MLPAutoencoder(2, 784, 256, 64).to(device)\n"
            "    opt = torch.optim.Adam(model.parameters(), lr=lr)",
        ),
        fails=(EPOCHS,),
    ),
    wrong(
        "loss_high",
        "The loss printed is too high.",
        printed(log("Epoch: {n:2}\tMSE loss: {loss:.4f}", tuple(v + 0.03 for v in FALLING))),
        fails=(LOSS,),
    ),
    wrong("loss_at_epoch_one", "The loss is printed after the first epoch only.", printed("Epoch: 1\tMSE Loss: 0.0634\n"), fails=(LOSS,)),
    wrong(
        "loss_nan",
        "The loss becomes nan.",
        printed(log("Epoch: {n:2}\tMSE loss: {loss:.4f}", (*FALLING[:5], *[float("nan")] * 25))),
        fails=(LOSS,),
    ),
    wrong("loss_rises", "The loss rises at the end.", printed(log("Epoch {n} loss {loss:.3f}", (*FALLING[:29], 0.2311))), fails=(LOSS,)),
    wrong("nothing_printed", "No loss is printed.", replace(PRINT, "    pass"), printed("done\n"), reviews=(LOSS,)),
    wrong("no_plot", "There is no plot of the loss.", remove(PLOT), fails=(SHOWN,)),
    wrong(
        "digits_for_a_plot",
        "Digits are shown where the plot should be.",
        plot("plt.imshow(images[0, 0].cpu(), cmap='gray')\nplt.show()"),
        fails=(SHOWN,),
    ),
    wrong(
        "tensorboard_only",
        "The loss goes to TensorBoard only.",
        remove(PLOT),
        replace(
            PRINT,
            PRINT + "\n    writer.add_scalar('loss', losses[-1], epoch)",
        ),
        replace("losses = []\nfor", "from torch.utils.tensorboard import SummaryWriter\nwriter = SummaryWriter()\nlosses = []\nfor"),
        reviews=(SHOWN,),
    ),
    wrong(
        "not_called",
        "The training is a function that nobody calls; what its loop would have done is left to a person.",
        printed(""),
        training("""
            def train():
                for epoch in range(30):
                    for images, _ in mnist:
                        l = loss(model(apply_mask(images, 28).flatten(1)), images.flatten(1))
                        opt.zero_grad()
                        l.backward()
                        opt.step()
                        print(l)
            losses = []
            epochs = 0
        """),
        remove(PLOT),
        reconstruction(
            "plt.imshow(model(apply_mask(x.unsqueeze(0), 28).flatten(1)).detach().reshape(28, 28))\n"
            "def reconstruct(images):\n    return model(apply_mask(images, 28).flatten(1)).detach().reshape(images.shape)"
        ),
        fails=(MASKED, SHOWN, TRAINED),
        reviews=(TARGET, EPOCHS, LOSS),
    ),
)
