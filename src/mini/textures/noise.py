"""Noise with power spectrum 1 / f^(2 * exponent), by inverse Fourier transform of random phases."""
import numpy as np

SIZE = 256


def power_noise(rng, exponent, stretch=1.0):
    """float32 [SIZE, SIZE] in 0..1; stretch > 1 draws it out downwards, < 1 across."""
    fy = np.fft.fftfreq(SIZE)[:, None] * stretch
    fx = np.fft.rfftfreq(SIZE)[None, :]
    frequency = np.hypot(fy, fx)
    frequency[0, 0] = 1
    spectrum = frequency ** (-exponent) * np.exp(2j * np.pi * rng.random(frequency.shape))
    spectrum[0, 0] = 0
    return normalised(np.fft.irfft2(spectrum, (SIZE, SIZE)))


def normalised(texture, deviation=0.2):
    """The texture moved to mean 0.5 and the given standard deviation, clipped to 0..1."""
    texture = np.asarray(texture, np.float32)
    centred = (texture - texture.mean()) / (texture.std() + 1e-6)
    return np.clip(0.5 + deviation * centred, 0, 1)


def white(rng, bank):
    return power_noise(rng, 0.0)


def grainy(rng, bank):
    return power_noise(rng, 0.5)


def pink(rng, bank):
    return power_noise(rng, 1.0)


def soft(rng, bank):
    return power_noise(rng, 1.5)


def smooth(rng, bank):
    return power_noise(rng, 2.0)


def clouds(rng, bank):
    """Flat banks of cloud: smooth noise drawn out across."""
    return power_noise(rng, rng.uniform(1.6, 2.3), 1 / rng.uniform(1.0, 2.5))
