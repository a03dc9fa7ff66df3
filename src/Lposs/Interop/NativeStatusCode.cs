namespace Lposs.Interop;

/// <summary>Why a call of the core failed; the numbers are those of <c>lposs_status</c> and stay.</summary>
internal enum NativeStatusCode
{
    /// <summary>It did not fail.</summary>
    Ok = 0,

    /// <summary>A size, a range or a shape is wrong.</summary>
    InvalidArgument = 1,

    /// <summary>A buffer holds NaN or infinity.</summary>
    NotFinite = 2,

    /// <summary>The system or the device had no more memory.</summary>
    OutOfMemory = 3,

    /// <summary>More than the context's memory limit would be needed.</summary>
    MemoryLimit = 4,

    /// <summary>There is no such device, driver or backend library.</summary>
    BackendUnavailable = 5,

    /// <summary>The device reported a failure.</summary>
    Device = 6,

    /// <summary>Valid, but this build or backend cannot do it.</summary>
    Unsupported = 7,

    /// <summary>A fault of the library.</summary>
    Internal = 8,

    /// <summary>The progress callback asked to stop.</summary>
    Cancelled = 9,

    /// <summary>Another call on the context is not over yet.</summary>
    Busy = 10,
}
