"""The pictures of A: layers, convolution, pooling, a small network that sees."""

import numpy as np

from autograder.tests.gallery.studies import Arrays, Drawing, Studies


class ImagePictures(Studies):
    """A method is named after the function that draws its picture."""

    def gradient_scatter(self) -> Drawing:
        """Draw the gradients of a linear layer."""
        x, W, b, dz = (self.rng().normal(size=shape) for shape in ((5, 4), (3, 4), (3,), (5, 3)))
        grads = self.n.linear.linear_backward(dz, self.n.linear.linear_forward(x, W, b)[1])
        numeric = self.n.gradcheck.numeric_gradient
        return self.plots.gradient_scatter(
            {
                "dx": (numeric(lambda x: self.n.linear.linear_forward(x, W, b)[0], x, dz), grads.dx),
                "dW": (numeric(lambda W: self.n.linear.linear_forward(x, W, b)[0], W, dz), grads.dW),
                "db": (numeric(lambda b: self.n.linear.linear_forward(x, W, b)[0], b, dz), grads.db),
            }
        )

    def chance_loss(self) -> Drawing:
        """Draw the loss of small random logits."""
        rng, losses = self.rng(), {}
        for classes in (2, 10, 50, 1000):
            logits = rng.normal(scale=0.1, size=(64, classes))
            losses[classes] = self.n.linear.softmax_cross_entropy(logits, rng.integers(0, classes, size=64))[0]
        return self.plots.chance_loss(losses)

    def filter_responses(self) -> Drawing:
        """Draw what three kernels answer to a square and a line."""
        picture = np.zeros((16, 16))
        picture[2:9, 3:10] = picture[12, 2:14] = 1.0
        sobel = np.array([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
        kernels = {
            "upright edge": sobel,
            "level edge": sobel.T,
            "spot": -np.ones((3, 3)) + 9 * np.eye(3)[1] * np.eye(3)[:, 1:2],
        }
        return self.plots.filter_responses(
            picture, kernels, {name: self.convolved(picture, k) for name, k in kernels.items()}
        )

    def convolved(self, picture: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: int = 0) -> np.ndarray:
        """Return the answer of one kernel to one picture."""
        x, weight = picture[np.newaxis, np.newaxis], kernel[np.newaxis, np.newaxis]
        return self.n.conv.conv2d_forward(x, weight, np.zeros(1), stride, padding)[0][0, 0]

    def convolution_frame(self) -> Drawing:
        """Draw a moment of a convolution with stride and padding."""
        x = self.rng().integers(-3, 10, size=(5, 6)).astype(float)
        kernel = np.array([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
        y = self.convolved(x, kernel, 2, 1)
        return self.plots.convolution_frame(x, kernel, y, row=1, column=2, stride=2, padding=1)

    def stamped_kernel(self) -> Drawing:
        """Draw what one pixel sends back."""
        kernel = self.rng().normal(size=(3, 4))
        _, cache = self.n.conv.conv2d_forward(np.zeros((1, 1, 9, 12)), kernel[np.newaxis, np.newaxis], np.zeros(1), 2)
        dy = np.zeros((1, 1, 4, 5))
        dy[0, 0, 2, 3] = 1.0
        return self.plots.stamped_kernel(
            kernel, self.n.conv.conv2d_backward(dy, cache).dx[0, 0], row=2, column=3, stride=2
        )

    def pooling_arrows(self) -> Drawing:
        """Draw where the maxima of a small map come from."""
        x = self.rng().permutation(36).reshape(1, 1, 6, 6).astype(float)
        y, cache = self.n.pool.max_pool2d_forward(x, 2)
        return self.plots.pooling_arrows(x[0, 0], y[0, 0], cache.argmax[0, 0], kernel_size=2)

    def pooling_before_after(self) -> Drawing:
        """Draw a feature map and what pooling leaves of it."""
        maps, _, (_, _, _, _, _) = self.see(self.seeing.params, self.glyphs[0][3:4])
        return self.plots.pooling_before_after(maps[0, 0], self.n.pool.max_pool2d_forward(maps, 2)[0][0, 0])

    def pooling_of_a_shift(self) -> Drawing:
        """Draw spots that move by a pixel inside their windows."""
        pictures = np.zeros((2, 8, 8))
        pictures[0, [0, 2, 4, 6], [2, 6, 0, 4]] = 1.0
        pictures[1] = np.roll(pictures[0], 1, axis=1)
        pooled = self.n.pool.max_pool2d_forward(pictures[:, np.newaxis], 2)[0][:, 0]
        return self.plots.pooling_of_a_shift(pictures, pooled)

    def learnt_filters(self) -> Drawing:
        """Draw the kernels that learnt the shapes."""
        return self.plots.learnt_filters(self.seeing.params["conv.weight"])

    def feature_maps(self) -> Drawing:
        """Draw what the kernels find in one shape of each kind."""
        images = self.glyphs[0][:4]
        return self.plots.feature_maps(images[:, 0], self.see(self.seeing.params, images)[0])

    def confusion_matrix(self) -> Drawing:
        """Draw which shapes are taken for which."""
        images, labels = self.glyphs
        _, logits, _ = self.see(self.seeing.params, images)
        return self.plots.confusion_matrix(labels, logits.argmax(axis=1), ["bar", "beam", "slope", "ring"])

    def kernel_size_trade_off(self) -> Drawing:
        """Draw how a linear model on windows of each size does, and its multiply-adds as its time."""
        images, labels = self.glyphs
        accuracies, seconds = {}, {}
        for size in (1, 3, 5, 7):
            patches = images[:, 0, :size, :size].reshape(len(images), -1)
            runs = [np.linalg.lstsq(patches[n::2], np.eye(4)[labels[n::2]])[0] for n in (0, 1)]
            accuracies[size] = [float(((patches @ run).argmax(axis=1) == labels).mean()) for run in runs]
            seconds[size] = 1e-3 * size**2
        return self.plots.kernel_size_trade_off(accuracies, seconds)

    def loss_curves(self) -> Drawing:
        """Draw the loss of the network that learnt the shapes, and of one whose rate is too high."""
        slow = self.n.sgd.fit(self.seeing_loss, self.unseeing, self.glyphs, self.rng(), 6, 32, 0.02, 0.9)
        losses = {
            "lr 0.1": self.seeing.losses,
            "lr 0.02": slow.losses,
            "broken": [1.4, 2.6, np.inf, np.nan, np.nan, np.nan],
        }
        return self.plots.loss_curves(losses, levels={"a guess": np.log(4)})

    def most_wrong(self) -> Drawing:
        """Draw the shapes that were hardest."""
        images, labels = self.glyphs
        _, logits, _ = self.see(self.seeing.params, images)
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        return self.plots.most_wrong(images[:, 0], labels, weights / weights.sum(axis=1, keepdims=True), count=8)

    def layer_costs(self) -> Drawing:
        """Draw the costs of three networks of a kind, in parameters and multiply-adds."""
        lenet = [("conv 5x5", 156, 122_304), ("conv 5x5, deep", 2_416, 240_000), ("fully connected", 59_134, 58_920)]
        vgg = [("conv 3x3", 20_018_880, 19_500_000_000), ("fully connected", 123_642_856, 123_633_664)]
        resnet = [("conv 7x7", 9_408, 118_013_952), ("bottleneck", 57_982_976, 11_300_000_000),
                  ("fully connected", 2_049_000, 2_048_000)]  # fmt: skip
        return self.plots.layer_costs({"LeNet": lenet, "VGG-19": vgg, "ResNet-152": resnet})

    def plain_against_residual(self) -> Drawing:
        """Draw the losses of twelve linear layers, plain and with skip paths."""
        images, labels = self.glyphs
        params = {str(layer): self.rng().normal(size=(64, 64)) / 25 for layer in range(12)}
        data = images.reshape(len(images), 64), labels
        losses = [
            self.n.sgd.fit(
                lambda *given, skip=skip: self.stack_loss(skip, *given), params, data, self.rng(), 8, 32, 0.02
            ).losses
            for skip in (0.0, 1.0)
        ]
        return self.plots.plain_against_residual(*losses)

    def stack_loss(self, skip: float, params: Arrays, x: np.ndarray, labels: np.ndarray) -> tuple[float, Arrays]:
        """Return the loss of a stack of linear layers with ReLU, each added to its input times skip, and gradients."""
        linear, caches = self.n.linear, []
        for W in params.values():
            z, below = linear.linear_forward(x, W, np.zeros(64))
            y, relu = linear.relu_forward(z)
            x = y + skip * x
            caches.append((below, relu))
        loss, dlogits = linear.softmax_cross_entropy(x[:, :4], labels)
        dx, grads = np.pad(dlogits, ((0, 0), (0, 60))), {}
        for name, (below, relu) in reversed(list(zip(params, caches, strict=True))):
            back = linear.linear_backward(linear.relu_backward(dx, relu), below)
            dx, grads[name] = skip * dx + back.dx, back.dW
        return loss, grads
