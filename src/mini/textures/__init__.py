"""Grey textures: makers (rng, bank) -> float32 [SIZE, SIZE] in 0..1, mean about 0.5, repeating without a seam."""
