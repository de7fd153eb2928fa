"""The pictures of G to J: counting words, a network that writes, one that translates, and the way down."""

from typing import Any

import numpy as np

from autograder.tests.gallery.studies import Drawing, Studies, one_hot


class LanguagePictures(Studies):
    """A method is named after the function that draws its picture."""

    def counts(self, n: int) -> Any:
        """Count the n-grams of all but the last two sentences of the cows."""
        return self.n.ngram.count_ngrams(self.n.data.cows()[:-2], n)

    def model(self, n: int) -> Any:
        """Return a model that mixes maximum likelihood with a fair die."""
        counts, mle = self.counts(n), self.n.ngram.mle

        class Mixed:
            """Nine tenths of what was counted, where anything was."""

            def prob(self, word: str, context: Any) -> float:
                """Return the probability of a word."""
                share = 1 / len(counts.vocabulary)
                try:
                    return 0.9 * float(mle(counts, word, context)) + 0.1 * share
                except ValueError:
                    return share

        mixed = Mixed()
        mixed.counts = counts  # type: ignore[attr-defined]
        return mixed

    def perplexity_by_order(self) -> Drawing:
        """Draw the perplexities of the text that was counted and of the rest."""
        sentences, orders = self.n.data.cows(), range(1, 5)
        train = {n: self.n.ngram.perplexity(self.model(n), sentences[:-2]) for n in orders}
        test = {n: self.n.ngram.perplexity(self.model(n), sentences[-2:]) for n in orders}
        return self.plots.perplexity_by_order(train, test)

    def zipf(self) -> Drawing:
        """Draw the counts of words, pairs and triples."""
        counts = self.counts(3).counts
        ranked = {name: [c for context, words in counts.items() if len(context) == n for c in words.values()]
                  for n, name in enumerate(("words", "pairs", "triples"))}  # fmt: skip
        return self.plots.zipf(ranked)

    def samples_by_order(self) -> Drawing:
        """Write down what the models make up."""
        rng = self.rng()
        samples = {
            n: [" ".join(self.n.ngram.sample_sentence(self.model(n), rng, 14)) for _ in range(3)] for n in range(1, 5)
        }
        return self.plots.samples_by_order(samples)

    def conditional_dice(self) -> Drawing:
        """Draw the dice after four contexts."""
        dice = {
            " ".join(context): self.n.ngram.conditional_dist(self.model(3), context)
            for context in (("cows", "eat"), ("<s>", "the"), ("in", "the"), ("brown", "cows"))
        }
        return self.plots.conditional_dice(dice)

    def loss_against_ngrams(self) -> Drawing:
        """Draw the loss of a letter model, and the entropy of its letters."""
        losses = [loss for history in self.writers for loss in history.losses]
        shares = np.bincount(self.ids(self.text)) / len(self.text)
        levels = {"1-gram": float(-np.sum(shares * np.log(shares))), "2-gram": 1.75}
        return self.plots.loss_against_ngrams({"RNN": losses}, len(self.letters), levels)

    def samples_by_temperature(self) -> Drawing:
        """Write down what the letter model makes up, cold and hot."""
        params = self.writers[-1].params
        return self.plots.samples_by_temperature({t: self.written(params, t, 150) for t in (0.3, 1.0, 2.0)})

    def samples_by_checkpoint(self) -> Drawing:
        """Write down what it makes up while it learns."""
        steps = np.cumsum([1, 1, 2, 4, 8]) * 8
        return self.plots.samples_by_checkpoint(
            {int(step): self.written(history.params) for step, history in zip(steps, self.writers, strict=True)}
        )

    def next_symbol_bars(self) -> Drawing:
        """Draw what it expects after three beginnings."""
        params = self.writers[-1].params
        return self.plots.next_symbol_bars(
            {text: dict(zip(self.letters, self.next_letter(params, text).tolist(), strict=True))
             for text in ("the co", "cows eat", "the ")}
        )  # fmt: skip

    def hidden_units(self) -> Drawing:
        """Draw its units while it reads."""
        text = self.text[:48]
        h, _ = self.read(self.writers[-1].params, one_hot(self.ids(text), len(self.letters))[:, np.newaxis])
        return self.plots.hidden_units(h[:, 0, :10], text)

    def exact_match_by_pairs(self) -> Drawing:
        """Draw how well an encoder does that saw more and more pairs."""
        runs = {pairs: self.spelling(pairs) for pairs in (10, 30, 100)}
        return self.plots.exact_match_by_pairs(
            {"trained on": {pairs: run[1] for pairs, run in runs.items()},
             "held out": {pairs: run[2] for pairs, run in runs.items()}}
        )  # fmt: skip

    def source_reversal(self) -> Drawing:
        """Draw how well it does on numbers read backwards."""
        orders = {"as written": False, "reversed": True}
        runs = {name: [self.spelling(20, reverse=own, seed=n)[2] for n in (0, 1, 2)] for name, own in orders.items()}
        return self.plots.source_reversal(runs)

    def encoder_plane(self) -> Drawing:
        """Draw the encoder's last states."""
        x, _, _ = self.spelt
        h, _ = self.read(self.spelling(100)[0], x.swapaxes(0, 1))
        return self.plots.encoder_plane(h[-1], x.argmax(axis=2) @ [100, 10, 1])

    def quadratic_paths(self) -> Drawing:
        """Draw three ways down a valley."""
        curvature, paths = np.array([1.0, 12.0]), {}
        for name, lr, momentum in (
            ("lr 0.02", 0.02, 0.0),
            ("lr 0.15", 0.15, 0.0),
            ("lr 0.04, momentum 0.8", 0.04, 0.8),
        ):
            params, velocity, path = {"w": np.array([2.0, 1.0])}, None, [np.array([2.0, 1.0])]
            for _ in range(25):
                params, velocity = self.n.sgd.sgd_step(params, {"w": curvature * params["w"]}, lr, momentum, velocity)
                path.append(params["w"])
            paths[name] = np.array(path)
        return self.plots.quadratic_paths(paths, (1.0, 12.0))
