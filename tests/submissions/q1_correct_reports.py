"""Correct plots and logs of question 1.1."""

from __future__ import annotations

from submissions.case import Case, remove, replace, set_output, without_figures
from submissions.q1_parts import FALLING, PLOT, paste, plot

CASES: tuple[Case, ...] = (
    Case(
        "q1_training_plot_in_the_same_cell",
        "The plot is drawn in the training cell, on a logarithmic scale, against every step.",
        1,
        (
            remove(PLOT),
            replace(
                '    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")',
                '    print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")\n'
                "fig, ax = plt.subplots(2, 1)\nax[0].semilogy(losses, 'r.-', label='MSE')\nax[0].legend()\n"
                "ax[1].plot(losses)\nplt.tight_layout()",
            ),
        ),
    ),
    Case(
        "q1_training_plot_pasted",
        "No plotting code is left: a screenshot of the plot is pasted as an attachment into the marker's cell.",
        1,
        (paste(PLOT, "(YOUR LOSS PLOT HERE)"),),
    ),
    Case(
        "q1_training_scatter_of_points",
        "Plots the losses of each epoch as points, in a function with plt.figure and savefig.",
        1,
        (
            plot("""
                def show(values, name):
                    plt.figure(figsize=(12, 3), dpi=60)
                    plt.scatter(np.arange(len(values)), np.array(values), s=4)
                    plt.grid()
                    plt.savefig(name)
                    plt.show()
                show(losses, 'loss.png')  # plt.ylabel("reconstruction loss (MSE)")
            """),
        ),
    ),
    Case(
        "q1_training_printed_tensors",
        "The loss is stored as detached tensors, the mean is printed as a tensor.",
        1,
        (
            replace("total += batch_loss.item() * len(images)", "total += batch_loss.detach() * len(images)"),
            replace("losses.append(total / count)", "losses.append((total / count).cpu())"),
            replace('print(f"Epoch: {epoch + 1:2}\\tMSE loss: {losses[-1]:.4f}")', "print(epoch, losses[-1])"),
            set_output("opt.zero_grad()", "".join(f"{n} tensor({value:.4f})\n" for n, value in enumerate(FALLING))),
        ),
    ),
    Case(
        "q1_training_plot_not_stored",
        "The outputs of the plot were cleared before saving; the code draws it.",
        1,
        (without_figures(PLOT),),
    ),
    Case(
        "q1_training_with_a_trial_before",
        "Tries another network first in the same section, for one epoch, and then trains the one that counts.",
        1,
        (
            replace(
                "losses = []\nfor epoch",
                "trial = MLPAutoencoder(1, 784, 100, 20).to(device)\n"
                "trial_opt = torch.optim.Adam(trial.parameters())\n"
                "for images, _ in mnist:\n"
                "    l = loss(trial(apply_mask(images.to(device), 28).flatten(1)), images.to(device).flatten(1))\n"
                "    trial_opt.zero_grad(); l.backward(); trial_opt.step()\n"
                "losses = []\nfor epoch",
            ),
        ),
    ),
)
