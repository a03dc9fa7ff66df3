namespace Lposs;

/// <summary>Where the core computes.</summary>
public enum LpossDevice
{
    /// <summary>The processor.</summary>
    Cpu = 0,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda = 1,
}

/// <summary>How far the method goes.</summary>
public enum SegmentationMode
{
    /// <summary>The vision-language model's own scores, stitched.</summary>
    Vlm = 0,

    /// <summary>LPOSS: propagated over patches.</summary>
    Lposs = 1,

    /// <summary>LPOSS+: and over pixels.</summary>
    LpossPlus = 2,
}
