namespace Lposs;

/// <summary>
/// The core could not do what it was asked for. The message is one sentence that names the argument, what it was and
/// what it may be. Of its kinds, callers catch <see cref="LpossDeviceException"/> to use another device and
/// <see cref="LpossMemoryException"/> to take a smaller picture; the others are mistakes of a caller or of the library.
/// </summary>
public class LpossException : Exception
{
    internal LpossException(LpossStatus? status, string message, Exception? cause = null)
        : base(message, cause) => Status = status;

    /// <summary>The core's own code; null where the core's library could not be used at all.</summary>
    public LpossStatus? Status { get; }
}

/// <summary>An argument is wrong (<see cref="LpossStatus.InvalidArgument"/>) or holds NaN or infinity (<see cref="LpossStatus.NotFinite"/>).</summary>
public sealed class LpossArgumentException : LpossException
{
    internal LpossArgumentException(LpossStatus status, string message)
        : base(status, message)
    {
    }
}

/// <summary>The memory is not enough (<see cref="LpossStatus.OutOfMemory"/>), or the limit that was set (<see cref="LpossStatus.MemoryLimit"/>).</summary>
public sealed class LpossMemoryException : LpossException
{
    internal LpossMemoryException(LpossStatus status, string message)
        : base(status, message)
    {
    }
}

/// <summary>The device cannot be used (<see cref="LpossStatus.BackendUnavailable"/>) or failed (<see cref="LpossStatus.Device"/>).</summary>
public sealed class LpossDeviceException : LpossException
{
    internal LpossDeviceException(LpossStatus status, string message, Exception? cause = null)
        : base(status, message, cause)
    {
    }
}

/// <summary>The core's library is not there, is damaged, or is of another version than this assembly.</summary>
public sealed class LpossLibraryException : LpossException
{
    internal LpossLibraryException(string message, Exception? cause = null)
        : base(null, message, cause)
    {
    }
}
