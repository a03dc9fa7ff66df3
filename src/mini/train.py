"""Trains the encoders: python3 -m mini.train CACHE RUN [--steps N] [--seed S] [--processes P]

CACHE is a folder of mini.cache. RUN becomes a folder with log.jsonl and checkpoint.pt; the same command goes on where
an interrupted one was, with the crops and texts that it would have had, since both are drawn from the seed and the
step. On a machine with a CUDA card the same code runs there, in one process; without one, a process for each core,
which share each step's crops and average their gradients, takes two thirds of the time that one process with as many
threads takes."""
import argparse
import json
import os
import tempfile
import time
from copy import deepcopy
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import distributed, multiprocessing
from torch.utils.data import DataLoader

from . import losses
from .cache import Cache
from .crops import CropPairs
from .labels import CLASSES
from .model import PATCH, Encoders, Shape
from .muon import Muon
from .texts import draw_texts
from .tokenizer import Tokenizer, learn_merges
from .words import known_words


@dataclass(frozen=True)
class Settings:
    """All that a run depends on beside the code and the scenes."""

    steps: int = 6000
    seed: int = 1
    pairs: int = 16  # of crops in a step; half as many large ones
    processes: int = 1  # that share a step's pairs; each normalises its own batch
    side: int = 160  # pixels of a crop
    large_side: int = 224
    large_share: float = 0.15  # of all steps, the last
    rate: float = 2.5e-3
    warm_up: int = 150  # steps
    last_rate: float = 0.02  # share of `rate` at the end of a cosine
    weight_decay: float = 0.05
    least_strength: float = 0.3  # of the photometry at the start, 1 from `ramp` on
    ramp: float = 0.4  # share of all steps
    average: float = 0.9985  # decay of the moving average of weights, which is what is exported
    auxiliary: float = 0.3  # weights of the losses beside that of classes
    phrases: float = 0.4
    colours: float = 0.2
    graph: float = 0.5
    anchors: int = 32  # patches of a scene
    started: bool = False  # from the encoders of another run
    half_width: bool = True  # products of the image tower in bfloat16: twice as fast where the processor has it

    def strength(self, step):
        return self.least_strength + (1 - self.least_strength) * min(1.0, step / (self.ramp * self.steps))

    def rate_at(self, step):
        cosine = 0.5 * (1 + np.cos(np.pi * step / self.steps)) * (1 - self.last_rate) + self.last_rate
        return self.rate * min(1.0, (step + 1) / self.warm_up) * cosine

    @property
    def first_large(self):
        return round(self.steps * (1 - self.large_share))


class Run:
    """A training in memory: the encoders, their moving average, the optimiser and the step that comes next."""

    def __init__(self, settings, device, process=0):
        torch.manual_seed(settings.seed)
        self.settings, self.device, self.process, self.step = settings, device, process, 0
        self.tokenizer = Tokenizer(learn_merges(known_words()), Shape.context)
        shape = Shape(vocabulary=len(self.tokenizer), classes=len(CLASSES) - 1, end=self.tokenizer.end)
        self.encoders = Encoders(shape).to(device, memory_format=torch.channels_last)
        self.averaged = deepcopy(self.encoders).eval().requires_grad_(False)
        self.optimisers = optimisers_of(self.encoders, settings)

    def save(self, path):
        """Whole or not at all."""
        partial = path.with_suffix(".partial")
        torch.save(
            {
                "settings": asdict(self.settings),
                "shape": asdict(self.encoders.shape),
                "merges": self.tokenizer.merges,
                "step": self.step,
                "encoders": self.encoders.state_dict(),
                "averaged": self.averaged.state_dict(),
                "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            },
            partial,
        )
        os.replace(partial, path)

    def load(self, path):
        held = torch.load(path, map_location=self.device)
        if held["settings"] != asdict(self.settings):
            differing = [k for k, v in asdict(self.settings).items() if held["settings"].get(k) != v]
            raise SystemExit(f"{path} was made with another {', '.join(differing)}; give the same, or another folder")
        self.encoders.load_state_dict(held["encoders"])
        self.averaged.load_state_dict(held["averaged"])
        for optimiser, state in zip(self.optimisers, held["optimisers"]):
            optimiser.load_state_dict(state)
        self.step = held["step"]

    def start(self, path):
        """Takes the encoders of another run, as they were and not their average."""
        held = torch.load(path, map_location=self.device)
        self.encoders.load_state_dict(held["encoders"])
        self.averaged.load_state_dict(held["encoders"])

    def losses(self, batch, class_weights):
        """name -> loss of one batch of CropPairs."""
        s, rng = self.settings, np.random.default_rng([self.settings.seed, 1_000_003, self.step, self.process])
        images, shares, regions, region_purity = (
            batch[name].to(self.device).flatten(0, 1) for name in ("images", "shares", "regions", "region_purity")
        )
        texts = draw_texts(
            self.tokenizer, rng, batch["fine"].flatten().numpy(), losses.pure(batch["purity"]).flatten().numpy()
        )

        with torch.autocast(self.device.type, torch.bfloat16, enabled=s.half_width):
            tokens, _ = self.encoders.image.tokens(images.permute(0, 3, 1, 2).float() / 255)
        patches, features = self.encoders.image.heads(*tokens)
        patches = patches.flatten(0, 1)
        classes, phrases, colours = texts.of(self.encoders.text(texts.ids.to(self.device)))
        scale = self.encoders.log_scale.exp().clamp(max=60)
        known = shares[..., 1:].flatten(0, 1)

        def answered(embeddings, answers):
            answers = answers.to(self.device)
            there = answers >= 0
            return losses.by_answer(scale * patches[there] @ embeddings.T, answers[there])

        places = 2 * features.shape[1]
        anchors = torch.from_numpy(np.sort(rng.choice(places, min(s.anchors, places), replace=False))).to(self.device)
        logits = scale * patches @ classes.T
        right = logits.detach().argmax(-1) == known.argmax(-1)
        return {
            "classes": losses.by_share(logits, known, class_weights),
            "auxiliary": losses.by_share(self.encoders.auxiliary(tokens[1]).flatten(0, 1), known, class_weights),
            "phrases": answered(phrases, texts.phrase),
            "colours": answered(colours, texts.colour),
            "graph": losses.of_the_graph(features, shares[..., 1:], regions, region_purity, anchors),
        }, right[losses.pure(known.amax(-1))].float().mean()

    def advance(self, batch, class_weights):
        """One step; returns the losses and the share of pure patches whose class was told right."""
        s = self.settings
        self.encoders.train()
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = s.rate_at(self.step)
        parts, right = self.losses(batch, class_weights)
        loss = sum((1.0 if name == "classes" else getattr(s, name)) * part for name, part in parts.items())
        if not torch.isfinite(loss):
            raise FloatingPointError(f"step {self.step}: the loss is {loss.item()}")
        self.encoders.zero_grad(set_to_none=True)
        loss.backward()
        if s.processes > 1:
            self._average_gradients()
        torch.nn.utils.clip_grad_norm_(self.encoders.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
        self.step += 1
        self._average()
        return {name: part.item() for name, part in parts.items()} | {"right": right.item()}

    def _average_gradients(self):
        gradients = [p.grad for p in self.encoders.parameters() if p.grad is not None]
        together = torch.cat([g.flatten() for g in gradients])
        distributed.all_reduce(together)
        together /= self.settings.processes
        for gradient, mean in zip(gradients, together.split([g.numel() for g in gradients])):
            gradient.copy_(mean.view_as(gradient))

    @torch.no_grad()
    def _average(self):
        keep = min(self.settings.average, (1 + self.step) / (10 + self.step))
        for mean, value in zip(self.averaged.state_dict().values(), self.encoders.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1 - keep)
            else:
                mean.copy_(value)


def optimisers_of(encoders, settings):
    """Muon for the matrices between a tower's ends, AdamW for the rest."""
    inner, ends, plain = [], [], []  # plain: vectors and tables, which do not decay
    for name, parameter in encoders.named_parameters():
        if parameter.dim() < 2 or "embedding" in name or "position" in name:
            plain.append(parameter)
        elif ".blocks." in name or "image.stem." in name and not name.startswith("image.stem.0."):
            inner.append(parameter)
        else:
            ends.append(parameter)
    rest = [{"params": ends, "weight_decay": settings.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    return (
        Muon(inner, settings.rate, weight_decay=settings.weight_decay),
        torch.optim.AdamW(rest, lr=settings.rate, betas=(0.9, 0.98)),
    )


def weights_of_classes(cache):
    """float32 [classes]: rarer classes count more, by the root of how rare; the mean over pixels is 1."""
    counts = np.zeros(len(CLASSES))
    for i in range(0, len(cache), max(1, len(cache) // 1000)):
        counts += np.bincount(cache[i][1][::4, ::4, 0].ravel(), minlength=len(CLASSES))
    share = counts[1:] / counts[1:].sum()
    weights = (share + 0.004) ** -0.5
    return torch.tensor(weights / (weights * share).sum(), dtype=torch.float32)


def batches(cache, settings, first, last, workers, process=0):
    """A process's batches of steps first..last, all of one size of crop. A step's crops have its number, whenever it is
    run."""
    large = first >= settings.first_large
    side, pairs = (settings.large_side, max(1, settings.pairs // 2)) if large else (settings.side, settings.pairs)
    crops = CropPairs(cache, side, settings.seed, lambda i: settings.strength(i / settings.pairs))
    numbers = [
        [step * settings.pairs + pair for pair in range(process, pairs, settings.processes)]
        for step in range(first, last)
    ]
    return DataLoader(
        crops,
        batch_sampler=numbers,
        num_workers=workers,
        prefetch_factor=4 if workers else 2,  # 2: what it must be without workers
        worker_init_fn=lambda _: cv2.setNumThreads(1),
    )


def train(cache, folder, settings, workers=0, every=100, save_every=500, process=0, start=None):
    """Runs or goes on to the end; returns the Run. With several processes each calls it, within a process group."""
    if settings.side % PATCH or settings.large_side % PATCH:
        raise ValueError(f"crops of {settings.side} and {settings.large_side} pixels must be whole patches of {PATCH}")
    if settings.pairs < 2 * settings.processes:
        raise ValueError(
            f"{settings.processes} processes need {2 * settings.processes} pairs or more in a step, "
            f"not {settings.pairs}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    run = Run(settings, torch.device("cuda" if torch.cuda.is_available() else "cpu"), process)
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        run.load(checkpoint)
    elif start is not None:
        run.start(start)
    class_weights = weights_of_classes(cache).to(run.device)
    sums, since, began = {}, 0, time.monotonic()
    with open(folder / "log.jsonl" if process == 0 else os.devnull, "a", encoding="utf-8") as log:
        for end in (settings.first_large, settings.steps):
            if run.step >= end:
                continue
            for batch in batches(cache, settings, run.step, end, workers, process):
                for name, value in run.advance(batch, class_weights).items():
                    sums[name] = sums.get(name, 0.0) + value
                since += 1
                if process == 0 and (run.step % every == 0 or run.step == settings.steps):
                    line = {"step": run.step, "seconds_per_step": round((time.monotonic() - began) / since, 4)}
                    line |= {name: round(total / since, 4) for name, total in sums.items()}
                    print(json.dumps(line), flush=True)
                    log.write(json.dumps(line) + "\n")
                    log.flush()
                    sums, since, began = {}, 0, time.monotonic()
                if process == 0 and (run.step % save_every == 0 or run.step == settings.steps):
                    run.save(checkpoint)
    return run


def _process(process, cache, folder, settings, workers, start, meeting):
    """One of several processes, which meet through a file and talk over the loopback interface."""
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=process, world_size=settings.processes)
    train(cache(), folder, settings, workers, process=process, start=start)
    distributed.barrier()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--scenes", type=int, help="of the cache; all if not given")
    for name in ("steps", "seed", "pairs"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Settings, name))
    cores = 1 if torch.cuda.is_available() else os.cpu_count()
    parser.add_argument("--processes", type=int, default=cores, help=f"that share each step, {cores} here if not given")
    parser.add_argument("--workers", type=int, default=0, help="for each process, further ones that cut its crops")
    parser.add_argument(
        "--start", type=Path, help="checkpoint.pt of a run to start from; the photometry is then strong from the start"
    )
    arguments = parser.parse_args()
    strength = {} if arguments.start is None else {"started": True, "least_strength": 0.8, "ramp": 0.1}
    settings = Settings(
        **strength, steps=arguments.steps, seed=arguments.seed, pairs=arguments.pairs, processes=arguments.processes
    )
    cache = partial(Cache, arguments.cache, scenes=arguments.scenes)
    if settings.processes == 1:
        train(cache(), arguments.run, settings, arguments.workers, start=arguments.start)
        return
    with tempfile.TemporaryDirectory() as meeting:
        multiprocessing.spawn(
            _process,
            (cache, arguments.run, settings, arguments.workers, arguments.start, f"{meeting}/meet"),
            settings.processes,
        )


if __name__ == "__main__":
    main()
