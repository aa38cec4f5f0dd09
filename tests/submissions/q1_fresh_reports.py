"""Correct logs and plots of question 1.1 as students write them from the handout alone."""

from __future__ import annotations

import nbformat
from submissions.case import Case, Cells, Change, find, replace, set_output, without_figures
from submissions.q1_parts import FALLING, PLOT, TRAINING, log, plot, printed, training


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
)
